#!/bin/sh
# SPDX-License-Identifier: MIT
# No line of the sources is over 80 columns, and none has a word that is not
# plain English for what it means.  The example with a source of each kind is
# short.
. "${srcdir:-.}/test/rules.sh"

cd "$srcdir" || exit 99
files=$(find include lib test doc/examples \( -name '*.[ch]' -o -name '*.sh' \
    -o -name '*.mk' \) | sort)
papers="doc/ABI doc/PACKAGERS doc/PORTING doc/SECURITY doc/TESTING"

for file in $files $papers m4/cmio-*.m4 configure.ac Makefile.am; do
	expand "$file" | awk -v file="$file" '
	    length > 80 { print file ":" NR ": over 80 columns" }'
done >"$scratch/long"
[ ! -s "$scratch/long" ] || complain "$(cat "$scratch/long")"

# What was said once, and what is said now.
while read -r word plain; do
	grep -nw "$word" $files $papers | grep -v '^test/style\.sh:' |
	    sed "s/\$/	[$word: say $plain]/"
done >"$scratch/words" <<'END'
untold without cmio_deregister(), or closed by close(2)
deaf not reported again until it is rearmed
kick wake
kicked woken
CMIO_WAY CMIO_CHECK_FUNC
END
[ ! -s "$scratch/words" ] || complain "$(cat "$scratch/words")"

# Without includes, comments and empty lines.
code=$(sed -e '/^#include/d' -e 's,^[[:space:]]*/\*.*\*/$,,' \
    -e '/^\/\*/,/\*\//d' doc/examples/watch_all.c | grep -c .)
[ "$code" -le 45 ] || complain "watch_all.c has $code lines of code, not 45"

sh test/packaging/plist --check || complain \
    "a packing list is out of date; try: sh test/packaging/plist --record"
finish
