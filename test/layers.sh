#!/bin/sh
# SPDX-License-Identifier: MIT
# Includes point down only: the public functions to selector/ and net/ to
# port/, port/ to include/; and no file names a header of another branch.
. "${srcdir:-.}/test/rules.sh"

# ours FILE: the headers of cmio that it includes, one to a line.
ours() {
	# <net/if.h> is a system's.
	sed -n -e 's/^[[:space:]]*#[[:space:]]*include[[:space:]]*"\([^"]*\)".*$/\1/p' \
	    -e 's/^[[:space:]]*#[[:space:]]*include[[:space:]]*<\(cmio[^>]*\)>.*$/\1/p' \
	    "$1" | grep -E '^(cmio\.h|cmio/|port/|selector/|net/|\.\.)|^[a-z_]+\.h$' |
	    while read -r header; do
		case $header in
		*/*|cmio.h) echo "$header" ;;
		*) [ -f "$srcdir/lib/$header" ] && echo "$header" ;;
		esac
	    done
}

# may FILE PATTERN: complains of what else it includes.
may() {
	for header in $(ours "$1"); do
		echo "$header" | grep -E "^($2)" >/dev/null ||
		    complain "$1 includes $header"
	done
}

for file in $(cd "$srcdir" && find include lib -name '*.[ch]' | sort); do
	path=$srcdir/$file
	case $file in
	include/cmio.h) may "$path" 'nothing' ;;
	include/cmio/*) may "$path" 'cmio\.h' ;;
	lib/port/api*.h) may "$path" 'port/|cmio\.h|cmio/' ;;
	lib/port/*) may "$path" 'port/' ;;
	lib/selector/*) may "$path" 'selector/|port/' ;;
	lib/net/*) may "$path" 'net/|port/' ;;
	lib/*) may "$path" 'selector/|port/|user_event\.h' ;;
	esac
done
finish
