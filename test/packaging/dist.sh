# SPDX-License-Identifier: MIT
#
# The tarball is the same twice, has the requested date, contains all that a
# build needs, and needs no autotools.
set -e

# Made again, from itself and elsewhere, it is the same.
mkdir build without
for tool in aclocal autoconf autoheader autom4te automake autoreconf \
    libtoolize; do
	printf '#!/bin/sh\necho "$0 $*" >>"%s/called"\nexit 1\n' "$WORK" \
	    >without/$tool
	chmod +x without/$tool
done
PATH=$WORK/without:$PATH
export PATH
cd build
"$SOURCE/configure" CC="$CC"
SOURCE_DATE_EPOCH=$DATE $MAKE dist
cmp "${TARBALL##*/}" "$TARBALL"
$MAKE
[ ! -e "$WORK/called" ] || {
	echo "building needs autotools:"
	cat "$WORK/called"
	exit 1
}

# Another date is another tarball.
SOURCE_DATE_EPOCH=$((DATE + 1)) $MAKE dist
if cmp -s "${TARBALL##*/}" "$TARBALL"; then
	echo "SOURCE_DATE_EPOCH has no effect"
	exit 1
fi

tar -tzf "$TARBALL" | sed 's,^[^/]*/,,' >list
for file in configure COPYING NEWS README doc/cmio.7 doc/cmio_poll_wait.3 \
    doc/HACKING doc/PACKAGERS doc/SECURITY doc/ABI lib/libcmio.map \
    test/packaging/run; do
	grep -qx "$file" list || {
		echo "$file is not in the tarball"
		exit 1
	}
done
# It contains nothing that a build has made.
if grep -E '\.(o|lo|la|log|trs)$|~$|config\.status|^config\.h$|autom4te' list
then
	echo "these do not belong there"
	exit 1
fi
# It has a neutral owner, and others cannot write to the files.
if tar -tvzf "$TARBALL" --numeric-owner | grep -v '^[-d]rw.r-.r-. 0/0 '; then
	echo "these have odd owners or modes"
	exit 1
fi
