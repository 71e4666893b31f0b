#!/bin/sh
# SPDX-License-Identifier: MIT
#
# The programs of doc/recipes: each runs, checks itself and ends with 0.
#
# The makefile says where things are: top_srcdir, top_builddir, EXEEXT,
# CMIO_RUNNER.
: "${top_srcdir:=${srcdir:-.}}" "${top_builddir:=.}"
folder=$top_builddir/doc/recipes
tmp=$(mktemp -d "${TMPDIR:-/tmp}/recipes.XXXXXX") || exit 99
trap 'rm -rf "$tmp"' 0
trap 'exit 1' 1 2 15
failed=0
bound=
command -v timeout >/dev/null 2>&1 && bound='timeout 60'

complain() {
	echo "recipes: $*" >&2
	failed=1
}

run() {
	# shellcheck disable=SC2086
	$bound $CMIO_RUNNER "$folder/$1$EXEEXT"
}

each_recipe_runs() {
	for source in "$top_srcdir"/doc/recipes/*.c; do
		name=${source##*/}
		name=${name%.c}
		echo "$name:"
		run "$name" </dev/null 2>"$tmp/error" && continue
		cat "$tmp/error" >&2
		# No source of signals or children on this system.
		grep -qi 'not supported' "$tmp/error" ||
		    complain "$name fails"
	done
}

# Standard input is copied, whatever it is.
stdin_may_be_anything() {
	for input in /dev/null "$top_srcdir/README"; do
		run stdin <"$input" | cmp -s - "$input" ||
		    complain "stdin: not copied as a file: $input"
		run stdin <"$input" >"$tmp/out"
		cmp -s "$tmp/out" "$input" ||
		    complain "stdin: not copied to a file: $input"
	done
	# shellcheck disable=SC2002
	cat "$top_srcdir/README" | run stdin | cmp -s - "$top_srcdir/README" ||
	    complain "stdin: not copied from a pipe"
	if script -qec true /dev/null >/dev/null 2>&1 </dev/null; then
		printf 'typed\n\004' |
		    script -qec "$CMIO_RUNNER $folder/stdin$EXEEXT" /dev/null |
		    grep -q typed || complain "stdin: not from a terminal"
	fi
}

each_recipe_runs
stdin_may_be_anything
exit $failed
