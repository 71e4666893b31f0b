#!/bin/sh
# SPDX-License-Identifier: MIT
# The public headers for the ABI of Visual C++ on three machines, as clang
# reads them: test/msvc has as much of Windows' headers as they use.
. "${srcdir:-.}/test/rules.sh"

clang=${CLANG:-clang}
target=x86_64-pc-windows-msvc
command -v "$clang" >/dev/null 2>&1 &&
    echo '#include <stdint.h>' | "$clang" --target=$target -nostdlibinc \
	-fsyntax-only -x c - >/dev/null 2>&1 ||
    skip "no clang for $target"

# try MACHINE FLAG...
try() {
	machine=$1
	shift
	"$clang" "--target=$machine-pc-windows-msvc" "$@" -nostdlibinc \
	    -fms-compatibility -Wall -Wextra -Werror -I"$srcdir/test/msvc" \
	    -I"$srcdir/include" -fsyntax-only "$srcdir/test/msvc/headers.c" \
	    >"$scratch/said" 2>&1 ||
	    complain "$machine, $*:" "$(cat "$scratch/said")"
}

for language in '-x c -std=c11' '-x c++ -std=c++14'; do
	for other in '' -DOTHERS_DECLARE; do
		try x86_64 $language $other
		try aarch64 $language $other
		try i686 $language $other
		# /Gz and /Gr: functions without a convention are not __cdecl.
		try i686 $language $other -mrtd
	done
done
finish
