# SPDX-License-Identifier: MIT
#
# The recipes for other systems' packages, as far as Debian has tools for
# them.  Alpine's and Arch's are run, without the tests; the lists of files of
# the BSDs' ports are those of this release; the others are parsed.
set -e
here=$SOURCE/test/packaging
version=${TARBALL##*/cmio-} version=${version%.tar.gz}
failed=0

complain() {
	echo "$*"
	failed=1
}

# All are of this release.
for recipe in alpine/APKBUILD arch/PKGBUILD freebsd/Makefile homebrew/cmio.rb \
    msys2/PKGBUILD openbsd/Makefile pkgsrc/Makefile rpm/cmio.spec; do
	key='(^(DIST)?(pkgver=|[Vv]ersion:?|VERSION=|NAME ?=)|/cmio-)'
	grep -Eq "$key[[:space:]]*(cmio-)?$version" \
	    "$here/$recipe" || complain "$recipe is of another version"
done

(cd "$ROOT/usr" && find . ! -type d | sed 's,^\./,,') | LC_ALL=C sort >files
sh "$here/plist" --check || complain "try: sh test/packaging/plist --record"

# same_files NAME FOLDER BUT: what is in FOLDER is what is installed, but for
# the licence, the .la files and BUT
same_files() {
	(cd "$2/usr" && find . ! -type d | sed 's,^\./,,; s,\.gz$,,') |
	    grep -v -e '^share/licenses/' -e '\.la$' | LC_ALL=C sort >"$1.files"
	grep -v -e '\.la$' -e "$3" files | diff - "$1.files" ||
	    complain "$1 has other files"
}

# As abuild would: each function in a shell of its own, in the source.
unset CFLAGS CPPFLAGS LDFLAGS top_srcdir top_builddir
mkdir alpine
tar -xzf "$TARBALL" -C alpine
machine=$($CC -dumpmachine)
for function in build package; do
	(
		cd alpine/cmio-*
		CBUILD=$machine CHOST=$machine pkgdir=$WORK/alpine/root
		# shellcheck disable=SC1091
		. "$here/alpine/APKBUILD"
		$function
	) || complain "alpine: $function"
done
same_files alpine alpine/root '^$'

if command -v makepkg >/dev/null && command -v bsdtar >/dev/null &&
    command -v fakeroot >/dev/null && command -v setpriv >/dev/null
then
	mkdir arch
	cp "$TARBALL" "$here/arch/PKGBUILD" arch
	chmod -R go+rX "$(dirname "$WORK")" && chown -R nobody arch
	(cd arch && setpriv --reuid=nobody --regid=nogroup --clear-groups \
	    env HOME="$PWD" CC="$CC" CCACHE_DISABLE=1 PACMAN=true \
	    makepkg --nodeps --nocheck --noarchive) || complain "makepkg"
	same_files arch arch/pkg/cmio '^lib/.*\.a$'
fi

if command -v ruby >/dev/null 2>&1; then
	ruby -c "$here/homebrew/cmio.rb" || complain "homebrew"
fi
bash -n "$here/msys2/PKGBUILD" || complain "msys2"

# The ports' makefiles are one with what they include: an empty file here.
if command -v bmake >/dev/null 2>&1; then
	mkdir -p mk/mk port/devel/check port/devel/cmio port/mk
	echo 'all:' >mk/bsd.port.mk
	echo 'all:' >port/mk/bsd.pkg.mk
	: >mk/sys.mk
	: >port/devel/check/buildlink3.mk
	for system in freebsd openbsd pkgsrc; do
		cp "$here/$system/Makefile" port/devel/cmio
		(cd port/devel/cmio && bmake -m "$WORK/mk" -n) ||
		    complain "$system/Makefile"
	done
fi
[ $failed -eq 0 ]
