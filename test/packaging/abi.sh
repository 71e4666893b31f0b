# SPDX-License-Identifier: MIT
#
# Nothing that was released was removed or changed: compares the library with
# doc/abi, the record of the last release.
#
# At a release "sh test/packaging/abi.sh --record" writes doc/abi, from the
# public headers and the maps, on Linux on x86-64.
set -e

# The numbers of the public constants.
constants() {
	b='[[:space:]]*'
	sed -n "s/^#define$b\(CMIO_[A-Z_]*\)$b\(0x[0-9a-f]*u\).*/\1 \2/p" \
	    "$1"/include/cmio.h "$1"/include/cmio/udp.h | LC_ALL=C sort
}

# A library made only from the public declarations: it contains no types that a
# program cannot see.
stub() {
	for header in $2; do
		echo "#include <$header>"
	done >stub.h
	"${CC:-cc}" -E -P "-I$1/include" -x c stub.h | awk -v RS=';' '
	    /[ *]cmio_[a-z0-9_]+\(/ { print $0, "{ __builtin_trap(); }" }
	    ' >stub.inc
	cat stub.h stub.inc >stub.c
	"${CC:-cc}" -g -shared -fPIC "-I$1/include" -Wl,-soname,"$3.so.0" \
	    -Wl,--version-script="$1/lib/$3.map" -o "$3.so" stub.c
}

record() {
	top=$(cd "$(dirname "$0")/../.." && pwd)
	work=$(mktemp -d)
	cd "$work"
	mkdir -p "$top/doc/abi"
	stub "$top" cmio.h libcmio
	stub "$top" "cmio/net.h cmio/process.h cmio/udp.h cmio/waker.h" \
	    libcmio-net
	for lib in libcmio libcmio-net; do
		abidw --no-corpus-path --no-show-locs --no-comp-dir-path \
		    --no-parameter-names --type-id-style hash \
		    --out-file "$top/doc/abi/$lib.abi" "$lib.so"
	done
	constants "$top" >"$top/doc/abi/constants"
	cd /
	rm -rf "$work"
}

if [ "$1" = --record ]; then
	record
	exit
fi

constants "$SOURCE" >constants
if LC_ALL=C comm -23 "$SOURCE/doc/abi/constants" constants | grep .; then
	echo "these constants have gone or changed"
	exit 1
fi

[ "$(uname -sm)" = "Linux x86_64" ] || exit 77
getconf GNU_LIBC_VERSION >/dev/null 2>&1 || exit 77
command -v abidiff >/dev/null 2>&1 || exit 77
for lib in libcmio libcmio-net; do
	abidiff --no-added-syms "$SOURCE/doc/abi/$lib.abi" \
	    "$ROOT/usr/lib/$lib.so"
done
