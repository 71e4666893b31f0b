#!/bin/sh
# SPDX-License-Identifier: MIT
# Static probes: without --enable-usdt the objects are the same as if no source
# had one; with it, all that port/probe.h names are in the library's notes.
. "${srcdir:-.}/test/rules.sh"

# A sanitizer's objects name lines.
case " $CFLAGS " in *-fsanitize*) skip "instrumented" ;; esac
sources=$(cd "$srcdir" && grep -l 'cmio__probe_' lib/*.c lib/selector/*.c \
    lib/selector/*/*.c)
[ -n "$sources" ] || complain "no source has a probe"

# compile HEADER SOURCE OBJECT, with the probes of HEADER
compile() {
	mkdir -p "$scratch/$1"
	sed "s,^#define CMIO_PROBE_H .*,#define CMIO_PROBE_H \"port/$1\"," \
	    config.h >"$scratch/$1/config.h"
	# shellcheck disable=SC2086
	$CC -DHAVE_CONFIG_H "-I$scratch/$1" "-I$srcdir/include" \
	    "-I$srcdir/lib" $CPPFLAGS $CFLAGS -g0 -O2 -fPIC -std=gnu11 -c \
	    -o "$3" "$2" >"$scratch/said" 2>&1
}

mkdir "$scratch/with" "$scratch/without"
compared=0
for source in $sources; do
	file=${source##*/}
	# Only what this system has can be compiled.  A copy by cp(1) could not
	# be written to, as the source may not be, and two have one name.
	cat "$srcdir/$source" >"$scratch/with/$file"
	compile probe_none.h "$scratch/with/$file" "$scratch/with.o" || continue
	grep -v 'cmio__probe_' "$srcdir/$source" >"$scratch/without/$file"
	cmp -s "$scratch/with/$file" "$scratch/without/$file" &&
	    complain "$source has no line with a probe"
	compile probe_none.h "$scratch/without/$file" "$scratch/without.o" ||
	    complain "$source without its probes:" "$(cat "$scratch/said")"
	cmp "$scratch/with.o" "$scratch/without.o" ||
	    complain "$source is not the same without its probes"
	compared=$((compared + 1))
done
# Two are compiled everywhere; the others belong to selectors.
[ $compared -gt 1 ] || complain "only $compared sources were compared"

echo '#include <sys/sdt.h>' >"$scratch/sdt.c"
$CC -c -o "$scratch/sdt.o" "$scratch/sdt.c" 2>/dev/null || {
	echo "skipped: no <sys/sdt.h>, so no notes"
	finish
}
need readelf
for source in $sources; do
	object=$scratch/$(echo "$source" | tr / -).o
	compile probe_sdt.h "$srcdir/$source" "$object" || continue
	readelf -n "$object"
done >"$scratch/notes" 2>/dev/null
for probe in $(sed -n 's/^ \*	\([a-z_]*\)(.*/\1/p' \
    "$srcdir/lib/port/probe.h"); do
	grep -A 1 'Provider: cmio' "$scratch/notes" |
	    grep -q "Name: $probe\$" ||
	    complain "no note for the probe $probe"
done
for probe in $(sed -n 's/.*Name: //p' "$scratch/notes" | sort -u); do
	grep -q "^ \*	$probe(" "$srcdir/lib/port/probe.h" ||
	    complain "port/probe.h does not name $probe"
done
finish
