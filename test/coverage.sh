#!/bin/sh
# SPDX-License-Identifier: MIT
#
# coverage.sh SOURCE: builds for gcov in the folder coverage, runs the tests,
# and prints for each file of the libraries how many of its lines and
# branches were run, and which lines were not.
set -eu
source=$(cd "$1" && pwd)
rm -rf coverage
mkdir coverage
cd coverage
"$source/configure" --disable-shared ${CC:+CC="$CC"} \
    CFLAGS='-O0 -g --coverage' >configure.out
make -j2 >make.out 2>&1
# A test may fail: gcov prints messages that it does not expect.
make -j2 check >check.out 2>&1 || grep '^FAIL:' check.out || :

# Adds up an object of the library and its copies in tests, each in a separate
# directory, because gcov gives their files the same names.
objects=$(find lib -name '*.gcda')
[ -n "$objects" ] || { echo "no test has left any data"; exit 1; }
n=0
for object in $objects; do
	n=$((n + 1))
	mkdir -p "gcov/$n"
	(cd "gcov/$n" && gcov -b -c -p "../../$object") >/dev/null 2>&1 || :
done
cat gcov/*/*lib#*.c.gcov | awk -F: '
/^branch/ {
	split($0, word, " ")
	branches[file ":" line ":" word[2]] = 1
	if ($0 ~ /taken [1-9]/)
		taken[file ":" line ":" word[2]] = 1
	next
}
/^ *[^:]*: *0:Source:/ {
	file = $4
	sub(/.*\/lib\//, "lib/", file)
	next
}
/^ *[-#=0-9*]+: *[1-9][0-9]*:/ {
	line = $2 + 0
	count = $1
	gsub(/ /, "", count)
	if (count == "-")
		next
	seen[file ":" line] = 1
	if (count !~ /^[#=]/)
		run[file ":" line] = 1
}
END {
	for (key in seen) {
		split(key, part, ":")
		lines[part[1]]++
		if (key in run)
			hit[part[1]]++
		else
			missed[part[1]] = missed[part[1]] " " part[2]
	}
	for (key in branches) {
		split(key, part, ":")
		all[part[1]]++
		if (key in taken)
			was[part[1]]++
	}
	for (file in lines) {
		printf "%-36s lines %4d of %4d, branches %4d of %4d%s\n",
		    file, hit[file], lines[file], was[file], all[file],
		    missed[file] == "" ? "" : "; not run:" missed[file]
		total += lines[file]
		ran += hit[file]
		ways += all[file]
		went += was[file]
	}
	printf "~ all: lines %d of %d (%.1f %%), branches %d of %d (%.1f %%)\n",
	    ran, total, 100 * ran / total, went, ways, 100 * went / ways
}' | sort | sed 's/^~ //'
