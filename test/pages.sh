#!/bin/sh
# SPDX-License-Identifier: MIT
#
# The manual pages: each exported name has one, each renders without a
# complaint, and the program in each page's EXAMPLES compiles and runs.
#
# The makefile says where things are: top_srcdir, top_builddir, CC, CPPFLAGS,
# CFLAGS, EXEEXT, CMIO_RUNNER, MANDOC.  A page is skipped if this system lacks a
# header that its program includes, or if test/why_unfit prints a reason.
: "${top_srcdir:=${srcdir:-.}}" "${top_builddir:=.}" "${CC:=cc}"
: "${MANDOC:=mandoc}"
doc=$top_srcdir/doc
tmp=$(mktemp -d "${TMPDIR:-/tmp}/pages.XXXXXX") || exit 99
trap 'rm -rf "$tmp"' 0
trap 'exit 1' 1 2 15
failed=0 skipped=0

complain() {
	echo "pages: $*" >&2
	failed=1
}

skip() {
	echo "pages: not checked: $*"
	skipped=1
}

have() {
	command -v "$1" >/dev/null 2>&1
}

names() {
	sed -n '/^\.Sh NAME/,/^\.Nd/s/^\.Nm \([A-Za-z0-9_-]*\).*/\1/p' "$@"
}

# The program in EXAMPLES, without mdoc's escapes.
program() {
	awk '
	/^\.Sh / { examples = $2 == "EXAMPLES" }
	/^\.Ed/ { copying = 0 }
	copying { gsub(/\\&/, ""); gsub(/\\-/, "-"); gsub(/\\e/, "\\"); print }
	examples && /^\.Bd -literal/ { copying = 1 }
	' "$1"
}

# The program in README, indented by four spaces.
readme_program() {
	awk '
	/^[^ ]/ { copying = $0 == "A WHOLE PROGRAM" }
	copying && (/^$/ || sub(/^    /, ""))
	' "$top_srcdir/README"
}

each_name_has_a_page() {
	names "$doc"/*.3 | sort >"$tmp/named"
	sed -n 's/^	\(cmio_[a-z0-9_]*\);$/\1/p' "$top_srcdir"/lib/*.map |
	    sort -u >"$tmp/exported"
	[ -s "$tmp/exported" ] || complain "no map names anything"
	for name in $(comm -13 "$tmp/named" "$tmp/exported"); do
		complain "$name is exported and has no page"
	done
	for name in $(uniq -d "$tmp/named"); do
		complain "$name has two pages"
	done
	for page in "$doc"/*.3; do
		name=${page##*/}
		[ "${name%.3}" = "$(names "$page" | sed -n 1p)" ] ||
		    complain "$page does not begin with its own name"
	done
}

# Each page that another page refers to exists.
each_reference_leads_somewhere() {
	sed -n 's/^\.Xr \(cmio[a-z0-9_-]*\) \([37]\).*/\1 \2/p' "$doc"/*.[37] |
	    sort -u >"$tmp/references"
	while read -r name section; do
		[ -f "$doc/$name.$section" ] ||
		    grep -qx "$name" "$tmp/named" ||
		    complain "$name($section) is referred to, and is not there"
	done <"$tmp/references"
}

each_page_is_clean() {
	if have "$MANDOC"; then
		"$MANDOC" -Tlint -Wwarning "$doc"/*.[37] ||
		    complain "mandoc has warnings"
	else
		skip "warnings of mandoc, which is missing"
	fi
	if have groff; then
		for page in "$doc"/*.[37]; do
			groff -mdoc -Tascii -ww "$page" 2>&1 >/dev/null |
			    grep . && complain "groff: $page"
		done
	else
		skip "warnings of groff, which is missing"
	fi
}

# The options for warnings that the compiler accepts.
warnings() {
	echo 'int main(void) { return 0; }' >"$tmp/empty.c"
	for option in -Wall -Wextra -Werror; do
		# shellcheck disable=SC2086
		$CC $CFLAGS $option -c "$tmp/empty.c" -o "$tmp/empty.o" \
		    2>/dev/null && printf '%s ' $option
	done
}

# These pages show programs that are files, which other tests run.
has_programs() {
	grep -q '^\.\\" program ' "$1"
}

each_page_shows_its_programs() {
	for page in "$doc"/*.[37]; do
		has_programs "$page" || continue
		sh "$doc/include_programs" -c "$page" ||
		    complain "$page: see above"
	done
}

each_example_runs() {
	options=$(warnings)
	bound=
	have timeout && bound='timeout 60'
	for page in "$doc"/*.[37] README; do
		name=${page##*/}
		[ "$page" != README ] && has_programs "$page" && continue
		case $page in
		README) readme_program ;;
		*) program "$page" ;;
		esac >"$tmp/example.c"
		if ! grep -q '^main(' "$tmp/example.c"; then
			complain "$name has no program in its EXAMPLES"
			continue
		fi
		grep '^#include' "$tmp/example.c" >"$tmp/includes.c"
		# shellcheck disable=SC2086
		if ! $CC $CPPFLAGS $CFLAGS "-I$top_srcdir/include" -c \
		    "$tmp/includes.c" -o "$tmp/includes.o" 2>/dev/null; then
			echo "pages: not for this system: $name"
			continue
		fi
		if why_unfit "$name"; then
			echo "pages: not run here: $name"
			continue
		fi
		run_example 2>"$tmp/error" || is_not_supported ||
		    complain "the example of $name: see above"
		cat "$tmp/error" >&2
	done
}

# A system without a source of signals or of children: ENOTSUP.
is_not_supported() {
	grep -qi 'cmio_[a-z_]*: .*not supported' "$tmp/error"
}

# Prints the reason.  Builds without tests have no such program.
why_unfit() {
	set -- "$top_builddir/test/why_unfit$EXEEXT" "$1"
	[ -f "$1" ] && $CMIO_RUNNER "$@"
}

run_example() {
	set -- "$top_builddir/libcmio.la"
	if [ -f "$top_builddir/libcmio-net.la" ]; then
		set -- "$top_builddir/libcmio-net.la" "$@"
	elif grep -q 'cmio/' "$tmp/example.c"; then
		echo "pages: not in this build: $name"
		return 0
	fi
	# shellcheck disable=SC2086
	$CC $CPPFLAGS $CFLAGS $options "-I$top_srcdir/include" -c \
	    "$tmp/example.c" -o "$tmp/example.o" &&
	    "$top_builddir/libtool" --silent --tag=CC --mode=link \
	    $CC $CFLAGS $LDFLAGS -o "$tmp/example$EXEEXT" "$tmp/example.o" \
		"$@" &&
	    $bound $CMIO_RUNNER "$tmp/example$EXEEXT" </dev/null
}

each_name_has_a_page
each_reference_leads_somewhere
each_page_is_clean
each_page_shows_its_programs
each_example_runs
[ $failed = 0 ] || exit 1
[ $skipped = 0 ] || exit 77
