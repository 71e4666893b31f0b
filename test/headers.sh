#!/bin/sh
# SPDX-License-Identifier: MIT
# Each public header compiles alone, in each supported C and C++ standard,
# without a warning.
. "${srcdir:-.}/test/rules.sh"

ran=no
strict='-Wall -Wextra -pedantic -Wconversion -Werror'
strict_cxx='-Wold-style-cast -Wzero-as-null-pointer-constant'

# knows COMPILER FLAG SUFFIX: whether it takes the standard.
knows() {
	echo 'int cmio_known;' >"$scratch/known.$3"
	$1 $2 -c -o "$scratch/known.o" "$scratch/known.$3" >/dev/null 2>&1
}

# try COMPILER STANDARD SUFFIX HEADER
try() {
	cat >"$scratch/use.$3" <<-END
	#include <$4>
	int cmio_use(void);
	int cmio_use(void)
	{
		struct cmio_source source = CMIO_SOURCE(CMIO_FD_NONE);

		return source.fd == CMIO_FD_NONE;
	}
	END
	ran=yes
	$1 $2 $strict -I"$srcdir/include" -c -o "$scratch/use.o" \
	    "$scratch/use.$3" >"$scratch/said" 2>&1 ||
	    complain "<$4>, $1 $2:" "$(cat "$scratch/said")"
}

# windows.h needs the tools of Windows, and process.h is for Unix.
not_here=windows
printf '#ifndef _WIN32\n#error\n#endif\n' >"$scratch/system.c"
! $CC -E "$scratch/system.c" >/dev/null 2>&1 || not_here='windows|process'
headers=$(cd "$srcdir/include" && find . -name '*.h' | sed 's,^\./,,' |
    grep -Ev "$not_here" | sort)
for standard in c99 c11 c17; do
	knows "$CC" -std=$standard c || continue
	for header in $headers; do
		# Sockets need POSIX, which strict C hides.
		try "$CC" "-std=$standard -D_POSIX_C_SOURCE=200809L" c "$header"
	done
done
for cxx in ${CXX:-c++} clang++; do
	command -v "${cxx%% *}" >/dev/null 2>&1 || continue
	for standard in c++11 c++20; do
		knows "$cxx" -std=$standard cc || continue
		for header in $headers; do
			try "$cxx" "-std=$standard $strict_cxx" cc "$header"
		done
	done
done
[ $ran = yes ] || skip "no compiler $CC here"
finish
