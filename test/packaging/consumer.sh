# SPDX-License-Identifier: MIT
#
# Programs that are built only with the options of pkg-config: in C and in C++,
# shared and static, with this system's C library and with musl.
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

# A program of libcmio-net needs both libraries and no other; a static one needs
# only these and the C library.
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
# In the order that a linker needs that searches from left to right.
case $(flags "$ROOT" --libs cmio-net) in
*-lcmio-net*-lcmio*) ;;
*)	exit 1 ;;
esac

# None of this uses the .la files.  The same again with musl.
command -v musl-gcc >/dev/null 2>&1 || exit 0
mkdir musl
cd musl
"$SOURCE/configure" --prefix=/usr CC=musl-gcc
$MAKE
$MAKE install DESTDIR="$WORK/musl-root"
cd ..
static "$WORK/musl-root" musl-gcc core.c cmio
static "$WORK/musl-root" musl-gcc net.c cmio-net
