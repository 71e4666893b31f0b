#!/bin/sh
# SPDX-License-Identifier: MIT
#
# calls.sh: test/faults makes every external function that the libraries call
# fail, except those that cannot fail.  And every public function gets bad input
# in test/test_bad_input.c, or, if only one system has it, in
# test/test_bad_input_unix.c, test/test_named_pipe.c or test/test_overlapped.c.
set -eu
source=$(cd "${top_srcdir:-.}" && pwd)
cd "${top_builddir:-.}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# They only compute or free, or come from the linker or the compiler.
cat >"$work/known" <<'END'
__errno_location
__pthread_register_cancel
__pthread_unregister_cancel
__pthread_unwind_next
__sigsetjmp
__libc_current_sigrtmax
__libc_current_sigrtmin
__libc_single_threaded
clock_gettime
free
htonl
htons
if_indextoname
if_nametoindex
inet_ntop
inet_pton
memchr
memcmp
memcpy
memmove
memset
ntohl
ntohs
pthread_mutex_destroy
pthread_mutex_lock
pthread_mutex_unlock
pthread_setcancelstate
sigaddset
sigemptyset
sigismember
strchr
strcmp
strlen
strncmp
strnlen
strrchr
END
# Of kernels that test/faults does not simulate.
cat >>"$work/known" <<'END'
kevent
kqueue
kqueue1
kqueuex
port_associate
port_create
port_dissociate
port_getn
port_send
sigpending
sigtimedwait
waitpid
END
${CMIO_RUNNER:-} test/faults --calls >>"$work/known"

objects=$(find lib -name '*.o' ! -name '*test_*' ! -path '*/.libs/*')
[ -n "$objects" ] || objects=$(find lib -name '*.o' ! -name '*test_*')
[ -n "$objects" ] || { echo "no objects in lib"; exit 1; }
${NM:-nm} -A $objects >"$work/nm" || exit 77

# Names of sanitizers, profilers and hardening are ignored, and the compiler's
# arithmetic on numbers that are wider than a register.
awk '$(NF - 1) == "U" { print $NF }' "$work/nm" | sed 's/@.*//' |
    sed 's/^__\(mem.*\|str.*\)_chk$/\1/; s/^__isoc[0-9]*_//; s/64$//' |
    grep -Ev '^_*(asan|tsan|ubsan|msan|lsan|sanitizer|sancov|gcov|llvm|cyg)' |
    grep -Ev '^_*(stack_chk|tls_get|mcount|fentry)|^__(aeabi|atomic)' |
    grep -Ev '^(cmio_|_GLOBAL_|__[a-z]+[sdt]i[2-4]$|memcpy$|memset$)' |
    sort -u >"$work/called"
grep -vxF -f "$work/known" "$work/called" >"$work/unknown" || :
if [ -s "$work/unknown" ]; then
	echo "neither made to fail nor known to be harmless:"
	cat "$work/unknown"
	exit 1
fi
wc -l <"$work/called" | sed 's/$/ functions are called/'

for name in $(sed -n 's/^	\(cmio_[a-z0-9_]*\);$/\1/p' "$source"/lib/*.map)
do
	grep -q "$name(" "$source/test/test_bad_input.c" \
	    "$source/test/test_bad_input_unix.c" \
	    "$source/test/test_named_pipe.c" \
	    "$source/test/test_overlapped.c" || {
		echo "$name is given no bad input"
		exit 1
	}
done
