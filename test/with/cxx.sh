#!/bin/sh
# SPDX-License-Identifier: MIT
# raii.cc, in each C++ that it is for, without a warning.
name=raii
. "${srcdir:-.}/test/with/with.inc"
# The C++ compiler for the machine of the C compiler.
[ -n "$CXX" ] || CXX=$(echo "$CC" |
    sed -e 's/\(.*\)clang/\1clang++/' -e t -e 's/\(.*\)gcc/\1g++/' -e t \
	-e 's/\(.*\)cc/\1c++/')
for word in $CXX; do
	case $word in *++*) need "$word" ;; esac
done
echo '#include <vector>
int main() { return 0; }' >"$scratch/fit.cc"
built=0
for standard in c++11 c++17 c++20; do
	# shellcheck disable=SC2086
	$CXX $CFLAGS $LDFLAGS -std=$standard -o "$scratch/fit" \
	    "$scratch/fit.cc" >/dev/null 2>&1 && "$scratch/fit" || continue
	built=$((built + 1))
	# shellcheck disable=SC2086
	$CXX $CFLAGS $CPPFLAGS "-I$srcdir/include" -std=$standard -Wall \
	    -Wextra -Wold-style-cast -Wconversion \
	    -Wzero-as-null-pointer-constant -Werror -c \
	    -o "$scratch/$name.o" "$examples/$name.cc" &&
	    ./libtool --silent --tag=CC --mode=link $CXX $CFLAGS $LDFLAGS \
	    -o "$scratch/$name" "$scratch/$name.o" libcmio-net.la libcmio.la \
	    >"$scratch/link.log" 2>&1 &&
	    [ "$("$scratch/$name" | tr '\n' ' ')" = "text 0 text 1 text 2 " ] ||
	    complain "$name.cc with $CXX -std=$standard"
done
[ $built -gt 0 ] || skip "$CXX makes no programs for this machine"
finish
