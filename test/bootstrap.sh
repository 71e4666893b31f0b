#!/bin/sh
# SPDX-License-Identifier: MIT
# What bootstrap says before it begins: its help, and what it refuses.
. "${srcdir:-.}/test/rules.sh"

# says TEXT STATUS COMMAND...: the last line has TEXT, and the status is right
says() {
	text=$1 expected=$2
	shift 2
	status=0
	"$@" >"$scratch/out" 2>"$scratch/err" </dev/null || status=$?
	[ $status -eq "$expected" ] ||
	    complain "$*: the status is $status, not $expected"
	cat "$scratch/out" "$scratch/err" | tail -n 1 | grep -q "$text" ||
	    complain "$*: no \"$text\" in the last line:" \
		"$(cat "$scratch/out" "$scratch/err")"
}

source=$(cd "$srcdir" && pwd)
bootstrap=$source/bootstrap
says 'bootstrap --help' 0 sh "$bootstrap" --help
[ -s "$scratch/out" ] || complain "--help is not on standard output"
says 'bootstrap --help' 2 sh "$bootstrap" nonsense
[ ! -s "$scratch/out" ] || complain "what is wrong is on standard output"
says 'no command nosuch, which CC names' 1 \
    env CC='nosuch -O2' sh "$bootstrap" check

# autoconf 2.69 does not end then.
for macro in $(sed -n 's/^AC_DEFUN(\[\(CMIO_[A-Z_]*\)\].*/\1/p' \
    "$source"/m4/cmio-*.m4); do
	grep -n "AC_SUBST(\[$macro\]" "$source/configure.ac" \
	    "$source"/m4/cmio-*.m4 &&
	    complain "a variable has the name of the macro $macro"
done

mkdir "$scratch/a blank" "$scratch/read-only"
cp "$bootstrap" "$scratch/a blank"
says 'has a blank in its path' 1 sh "$scratch/a blank/bootstrap"
cd "$scratch/a blank" &&
    says 'Please give it another name' 1 sh "$source/configure"

# The super-user may write anywhere.
cp "$bootstrap" "$scratch/read-only" && chmod a-w "$scratch/read-only"
[ -w "$scratch/read-only" ] ||
    says 'run bootstrap in the copy' 1 sh "$scratch/read-only/bootstrap"
chmod u+w "$scratch/read-only"
finish
