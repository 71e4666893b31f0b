#!/bin/sh
# SPDX-License-Identifier: MIT
# No call and no include goes up a floor, and no two files need each other.
#
# The floors, from the bottom: include/, port/, and on that selector/ with
# cmio.c above it, and net/.  Inside selector/ a folder is above the files that
# stand beside it, and no folder needs another.  What an object needs is read
# from nm(1): each symbol that it leaves undefined, and who defines it.
. "${srcdir:-.}/test/rules.sh"

# may FILE PATTERN NEEDED...: complains of what does not match PATTERN.
may() {
	what=$1 pattern=$2
	shift 2
	for needed; do
		echo "$needed" | grep -E "^($pattern)" >/dev/null ||
		    complain "$what needs $needed"
	done
}

# allowed FILE: what the floor of this file may need, as a pattern.
allowed() {
	case $1 in
	include/cmio.h) echo nothing ;;
	include/cmio/*) echo 'include/' ;;
	lib/port/*) echo 'lib/port/|include/' ;;
	lib/selector/*/*)
		own=${1%/*}
		echo "$own/|lib/selector/[^/]*$|lib/port/|include/" ;;
	lib/selector/selectors*) echo 'lib/selector/|lib/port/|include/' ;;
	lib/selector/*) echo 'lib/selector/[^/]*$|lib/port/|include/' ;;
	lib/net/*) echo 'lib/net/|lib/port/|include/' ;;
	lib/*) echo 'lib/selector/[^/]*$|lib/port/|include/' ;;
	esac
}

# includes FILE: the headers of cmio that it includes, one to a line.
includes() {
	include='^[[:space:]]*#[[:space:]]*include[[:space:]]*'
	sed -n -e 's/'"$include"'"\([^"]*\)".*$/\1/p' \
	    -e 's/'"$include"'<\(cmio[^>]*\)>.*$/\1/p' \
	    "$srcdir/$1" |
	while read -r header; do
		case $header in
		cmio.h|cmio/*) echo "include/$header" ;;
		*) [ ! -f "$srcdir/lib/$header" ] || echo "lib/$header" ;;
		esac
	done
}

(cd "$srcdir" && find include lib -name '*.[ch]') | sort >"$scratch/files"
while read -r file; do
	may "$file" "$(allowed "$file")" $(includes "$file")
done <"$scratch/files"

# symbols KIND OBJECT: the names of cmio that it defines or leaves undefined.
symbols() {
	case $1 in
	defined) $NM -g "$2" | awk 'NF > 2 && $2 != "U" { print $3 }' ;;
	undefined) $NM -g "$2" | awk '$1 == "U" { print $2 }' ;;
	esac | sed -n 's/^_\{0,1\}\(cmio_.*\)$/\1/p'
}

# objects: each object of the build, and the source it was made from.
objects() {
	find lib -name '*.o' | sort |
	while read -r object; do
		source=${object##*/} folder=${object%/*}
		source=${folder%/.libs}/${source#*_la-}
		source=${source%.o}.c
		[ ! -f "$srcdir/$source" ] || echo "$object $source"
	done
}

if command -v "${NM%% *}" >/dev/null 2>&1 && [ -d lib ]; then
	objects >"$scratch/objects"
	while read -r object source; do
		symbols defined "$object" | sed "s,\$, $source,"
	done <"$scratch/objects" | sort -u >"$scratch/defined"
	while read -r object source; do
		symbols undefined "$object" | sed "s,\$, $source,"
	done <"$scratch/objects" | sort -u >"$scratch/undefined"
	# Each line: the file that needs a symbol, and the file that defines it.
	join "$scratch/undefined" "$scratch/defined" |
	    awk '$2 != $3 { print $2, $3 }' | sort -u >"$scratch/calls"
	[ -s "$scratch/calls" ] || complain "no calls were found"
	# A function of the public header may be called from anywhere above.
	while read -r file needed; do
		case $file:$needed in
		lib/net/*:lib/cmio.c|lib/net/*:lib/selector/wait.c) ;;
		*) may "$file" "$(allowed "$file")" "$needed" ;;
		esac
	done <"$scratch/calls"
	while read -r file; do
		for needed in $(includes "$file"); do
			echo "$file $needed"
		done
	done <"$scratch/files" | cat - "$scratch/calls" >"$scratch/needs"
	tsort "$scratch/needs" >/dev/null 2>"$scratch/cycles"
	[ ! -s "$scratch/cycles" ] ||
	    complain "files need each other:" "$(cat "$scratch/cycles")"
fi
finish
