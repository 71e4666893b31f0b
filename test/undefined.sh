#!/bin/sh
# SPDX-License-Identifier: MIT
# The libraries never end the program, print, read the environment, change
# signals or start threads, and have no writable objects: this checks the
# functions that they call and the objects that they contain.
. "${srcdir:-.}/test/rules.sh"

need nm
found=no

refused='abort exit _exit _Exit quick_exit atexit __assert_fail __assert
__assert2 __assert13 __assert_rtn printf fprintf vfprintf dprintf vdprintf
sprintf vsprintf snprintf vsnprintf asprintf vasprintf puts fputs putchar
fputc fwrite __printf_chk __fprintf_chk __vfprintf_chk __sprintf_chk
__snprintf_chk __vsnprintf_chk stdout stderr stdin __stdoutp __stderrp
__stdinp perror syslog getenv secure_getenv setenv putenv signal sigaction
sigprocmask pthread_sigmask raise kill pthread_create thrd_create fork vfork
system popen setlocale strerror'

# Sanitizers and profilers add their own.
instrumented() {
	$NM "$1" 2>/dev/null | grep -E '__(asan|tsan|ubsan|msan|gcov|llvm)' \
	    >/dev/null
}

check_calls() {
	$NM -u "$2" | awk '{ print $NF }' | sed 's/@.*//' |
	    sort -u >"$scratch/calls"
	for name in $refused; do
		if grep -x -e "$name" -e "_$name" "$scratch/calls" >/dev/null
		then
			complain "$1 calls $name"
		fi
	done
}

# Writable objects in the object files: D, d, B, b and C of nm.  Objects that
# only the dynamic linker writes, in .data.rel.ro, are not writable.
check_data() {
	$NM "$2" 2>/dev/null |
	    awk 'NF > 1 && $(NF - 1) ~ /^[BbCDdGgSs]$/ { print $NF }' |
	    sed -e 's/^_//' | grep -E '^(cmio_|_?cmio__|[a-z])' |
	    grep -v -E '^(completed|dtor_idx|object|force_to_data|end|edata)' \
		>"$scratch/data"
	while read -r name; do
		is_constant "$2" "$name" || complain "$1: $name is writable"
	done <"$scratch/data"
}

is_constant() {
	command -v objdump >/dev/null 2>&1 || return 0
	objdump -t "$1" 2>/dev/null |
	    grep -E "[[:space:]]$2\$" | grep -E '\.data\.rel\.ro' >/dev/null
}

for each in libcmio libcmio-net; do
	library=$(shared_library $each) || continue
	instrumented "$library" && skip "instrumented"
	found=yes
	check_calls $each "$library"
	[ -f ".libs/$each.a" ] && check_data $each ".libs/$each.a"
done
[ $found = yes ] || skip "no shared library that nm can read"
finish
