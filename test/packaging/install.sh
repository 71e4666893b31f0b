# SPDX-License-Identifier: MIT
#
# These files and no others are installed.  Everybody can read them, and they do
# not refer to the build directory.
set -e
version=$(sed -n 's/^#define CMIO_VERSION[[:space:]]*"\(.*\)"$/\1/p' \
    "$SOURCE/include/cmio.h")

sh "$SOURCE/test/packaging/installed" "$SOURCE" | sed 's,^,usr/,' >wanted
(cd "$ROOT" && find . ! -type d | sed 's,^\./,,') | LC_ALL=C sort >found
diff wanted found

# Every page can be read, also under its other names.
for page in "$ROOT"/usr/share/man/man3/*.3; do
	link=$(sed -n '1s/^\.so //p' "$page")
	[ -z "$link" ] || [ -s "$ROOT/usr/share/man/$link" ] || {
		echo "$page leads nowhere"
		exit 1
	}
done

if find "$ROOT" ! -type l ! -perm -444 | grep .; then
	echo "not everybody may read these"
	exit 1
fi
if find "$ROOT" ! -type l -perm -022 | grep .; then
	echo "others may write to these"
	exit 1
fi
# Only debug information may name the directories of build and source.
if grep -lF -e "$ROOT" -e "$BUILD" -e "$SOURCE" -r "$ROOT" |
    grep -v '\.\(a\|so\.[0-9.]*\)$'; then
	echo "these name a folder of the build"
	exit 1
fi
for module in cmio cmio-net; do
	pc=$ROOT/usr/lib/pkgconfig/$module.pc
	grep -q "^Version: $version\$" "$pc"
	grep -q '^License: MIT$' "$pc"
	grep -q '^URL: [a-z]*://.' "$pc"
done

# Each library has the right soname and dependencies, and no search path.
command -v readelf >/dev/null 2>&1 || exit 77
for lib in libcmio libcmio-net; do
	readelf -d "$ROOT/usr/lib/$lib.so" >dynamic
	grep -q "SONAME.*\\[$lib\\.so\\.0\\]" dynamic
	if grep -E 'RPATH|RUNPATH|TEXTREL' dynamic; then
		echo "$lib.so must not have these"
		exit 1
	fi
	if grep NEEDED dynamic |
	    grep -Ev '\[(libc|libcmio|libpthread|librt|ld-.*)\.so'; then
		echo "$lib.so must not need these"
		exit 1
	fi
	# The stack is not executable.
	readelf -lW "$ROOT/usr/lib/$lib.so" | grep GNU_STACK | grep -qv RWE
done

# Uninstalling removes everything.
cp -R "$ROOT" copy
(cd "$BUILD" && $MAKE uninstall DESTDIR="$WORK/copy")
if find copy ! -type d | grep .; then
	echo "uninstalling leaves these"
	exit 1
fi
