# SPDX-License-Identifier: MIT
#
# Programs that are built with what pkg-config says, and nothing else: in C
# and in C++, shared and static, with the C library here and with musl.
set -e
. "$SOURCE/test/packaging/programs.inc"

# shared COMPILER FILE MODULE
shared() {
	# shellcheck disable=SC2046
	$1 -o program "$2" $(flags "$ROOT" --cflags --libs "$3")
	LD_LIBRARY_PATH=$ROOT/usr/lib ./program
}

# static ROOT COMPILER FILE MODULE
static() {
	# shellcheck disable=SC2046
	$2 -static -o program "$3" $(flags "$1" --static --cflags --libs "$4")
	./program
}

shared "$CC" core.c cmio
shared "$CC" net.c cmio-net
static "$ROOT" "$CC" core.c cmio
static "$ROOT" "$CC" net.c cmio-net
if command -v "${CXX:=c++}" >/dev/null 2>&1; then
	shared "$CXX" core.cc cmio
	shared "$CXX" net.cc cmio-net
	static "$ROOT" "$CXX" net.cc cmio-net
fi

# A program of libcmio-net needs both libraries, and no third; a static one
# needs no more than these and the C library.
normal() {
	tr ' ' '\n' | grep '^-[lLI]' | grep -v "^-[LI]$ROOT/usr/" | sort -u |
	    tr '\n' ' '
}
[ "$(flags "$ROOT" --libs cmio | normal)" = "-lcmio " ]
[ "$(flags "$ROOT" --libs cmio-net | normal)" = "-lcmio -lcmio-net " ]
case $(uname -s) in
Linux)	[ "$(flags "$ROOT" --static --libs cmio-net | normal)" = \
	    "-lcmio -lcmio-net " ] ;;
esac
# In the order in which a linker that goes from left to right finds them.
case $(flags "$ROOT" --libs cmio-net) in
*-lcmio-net*-lcmio*) ;;
*)	exit 1 ;;
esac

# Without the .la files nothing is missing: all of the above did not look at
# them.  With musl, all of it once more.
command -v musl-gcc >/dev/null 2>&1 || exit 0
mkdir musl
cd musl
"$SOURCE/configure" --prefix=/usr CC=musl-gcc
$MAKE
$MAKE install DESTDIR="$WORK/musl-root"
cd ..
static "$WORK/musl-root" musl-gcc core.c cmio
static "$WORK/musl-root" musl-gcc net.c cmio-net
