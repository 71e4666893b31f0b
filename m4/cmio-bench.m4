# SPDX-License-Identifier: MIT

# CMIO_CHECK_BENCH
# ----------------
# Find the libraries that `make bench` compares cmio with: the conditionals
# BENCH, BENCH_EV, BENCH_UV and BENCH_EVENT.  The benchmarks need epoll, and a
# C library that counts allocations.
AC_DEFUN([CMIO_CHECK_BENCH], [
  AC_CHECK_FUNCS([mallinfo2])
  AC_CHECK_FUNC([__libc_malloc])
  AM_CONDITIONAL([BENCH], [test "x$cmio_have_epoll_create1" = xyes &&
    test "x$ac_cv_func_mallinfo2" = xyes &&
    test "x$ac_cv_func___libc_malloc" = xyes &&
    test "x$enable_net" != xno])
  cmio_bench_ev=no
  AC_CHECK_HEADER([ev.h],
    [AC_CHECK_LIB([ev], [ev_loop_new], [cmio_bench_ev=yes], [], [-lm])])
  AM_CONDITIONAL([BENCH_EV], [test "x$cmio_bench_ev" = xyes])
  PKG_CHECK_MODULES([UV], [libuv],
    [cmio_bench_uv=yes], [cmio_bench_uv=no])
  AM_CONDITIONAL([BENCH_UV], [test "x$cmio_bench_uv" = xyes])
  PKG_CHECK_MODULES([EVENT], [libevent_core libevent_pthreads],
    [cmio_bench_event=yes], [cmio_bench_event=no])
  AM_CONDITIONAL([BENCH_EVENT], [test "x$cmio_bench_event" = xyes])
])
