#!/bin/sh
# SPDX-License-Identifier: MIT
#
# count.sh DIR: how many tests the last "make check" in the build folder DIR
# has run, as "N passed, N failed, N skipped".  Fails if one has failed, or
# if there was none.  A program that uses Check counts by its tests, another
# as one.  Lines of Windows programs end in a carriage return.
set -eu
find "$1/test" -name '*.trs' | while read -r trs; do
	cat "${trs%.trs}.log" "$trs"
done | tr -d '\r' | awk '
/^[0-9]+%: Checks: [0-9]+, Failures: [0-9]+, Errors: [0-9]+$/ {
	checks += $3
	bad += $5 + $7
}
/^skipped: / { notes++ }
/^:test-result: / {
	if (checks == 0 || (bad == 0 && $2 != "PASS")) {
		# Not a Check program, or one that crashed after its tests.
		if ($2 == "SKIP")
			skipped += notes > 1 ? notes : 1
		else if ($2 == "PASS" || $2 == "XFAIL")
			passed++
		else
			failed++
	}
	if (notes > checks - bad)
		notes = checks - bad
	passed += checks - bad - notes
	failed += bad
	skipped += notes
	checks = bad = notes = 0
}
END {
	printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped
	exit failed != 0 || passed == 0
}'
