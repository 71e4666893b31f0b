#!/bin/sh
# SPDX-License-Identifier: MIT
# A library exports exactly what its map lists.
. "${srcdir:-.}/test/rules.sh"

need nm
found=no

# check NAME: compares lib/NAME.map with the shared library NAME.
check() {
	library=$(shared_library "$1") || return 0
	found=yes
	sed -n 's/^	\(cmio_[a-z0-9_]*\);.*$/\1/p' "$srcdir/lib/$1.map" |
	    sort >"$scratch/wanted"
	exported "$library" >"$scratch/exported"
	diff "$scratch/wanted" "$scratch/exported" >"$scratch/difference" ||
	    complain "$1: < the map's, > the library's:" \
		"$(cat "$scratch/difference")"
}

check libcmio
check libcmio-net
[ $found = yes ] || skip "no shared library that nm can read"
finish
