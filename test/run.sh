#!/bin/sh
# SPDX-License-Identifier: MIT
# Runs the test programs beside this script: run [PROGRAM...]
# It succeeds if none failed, and prints which were skipped.
cd "$(dirname "$0")" || exit 99
[ $# -ne 0 ] || set -- test_*
log=$(mktemp "${TMPDIR:-/tmp}/cmio-tests.XXXXXX") || exit 99
trap 'rm -f "$log"' EXIT
passed=0 skipped=0 failed=0
for program in "$@"; do
	"./$program" >"$log" 2>&1
	case $? in
	0) passed=$((passed + 1)); echo "PASS: $program" ;;
	77) skipped=$((skipped + 1)); echo "SKIP: $program" ;;
	*) failed=$((failed + 1)); echo "FAIL: $program"; cat "$log" ;;
	esac
done
echo "$passed passed, $skipped skipped, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -ne 0 ]
