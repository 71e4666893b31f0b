# SPDX-License-Identifier: MIT

# CMIO_CHECK_WINDOWS
# ------------------
# Whether descriptors are handles of Windows, as in <cmio.h>, and its functions
# exist: cmio_windows and the conditional WINDOWS.  Cygwin has the functions,
# but descriptors like Unix.  (Functions of Windows cannot be found by their
# names: on i686 the names are decorated.)
AC_DEFUN([CMIO_CHECK_WINDOWS], [
  cmio_windows_libs="-lws2_32 -lntdll"
  AC_CACHE_CHECK([for the functions of Windows], [cmio_cv_windows], [
    cmio_save_LIBS=$LIBS
    LIBS="$cmio_windows_libs $LIBS"
    AC_LINK_IFELSE([AC_LANG_PROGRAM([[#ifndef _WIN32
#error Descriptors are integers.
#endif
#include <winsock2.h>
#include <windows.h>
#include <winternl.h>]],
      [[CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 0);
AcquireSRWLockExclusive(NULL);
WSASocketW(0, 0, 0, NULL, 0, 0);
RtlNtStatusToDosError(0);]])],
      [cmio_cv_windows=yes], [cmio_cv_windows=no])
    LIBS=$cmio_save_LIBS
  ])
  cmio_windows=$cmio_cv_windows
  AM_CONDITIONAL([WINDOWS], [test "x$cmio_windows" = xyes])
  AS_IF([test "x$cmio_windows" = xyes], [
    LIBS="$cmio_windows_libs $LIBS"
    # For import libraries as Visual C++ has them.
    AC_CHECK_PROGS([LLVM_DLLTOOL], [llvm-dlltool])
    AS_CASE([$host_cpu], [x86_64], [LLVM_MACHINE=i386:x86-64],
      [i?86], [LLVM_MACHINE=i386], [aarch64], [LLVM_MACHINE=arm64])
    AC_SUBST([LLVM_MACHINE])
    # Divisions of 64 bits, on i686.
    CMIO_LDFLAGS="$CMIO_LDFLAGS -Wc,-static-libgcc"
    cmio_selectors="$cmio_selectors X(afd)"
    cmio_selector_names="$cmio_selector_names${cmio_selector_names:+ }afd"
  ])
])

# CMIO_CHECK_PORT
# ---------------
# Locks, clocks and system calls: their headers and libraries.
AC_DEFUN([CMIO_CHECK_PORT], [
  AS_IF([test "x$cmio_windows" = xyes], [
    cmio_lock=lock_windows.h
    cmio_calls=calls_windows.h
  ], [
    cmio_lock=lock_pthread.h
    cmio_calls=calls_posix.h
    AC_SEARCH_LIBS([pthread_mutex_lock], [pthread], [],
      [AC_MSG_ERROR([cmio needs POSIX threads' mutexes])])
    # What pthread_cleanup_push() calls: in libpthread before glibc 2.34.
    AC_SEARCH_LIBS([__pthread_register_cancel], [pthread])
    AC_SEARCH_LIBS([clock_gettime], [rt], [],
      [AC_MSG_ERROR([cmio needs clock_gettime()])])
    AC_SEARCH_LIBS([inet_pton], [nsl])
    AC_SEARCH_LIBS([socket], [socket])
  ])
  cmio_single_threaded=single_threaded_unknown.h
  AC_CHECK_DECL([__libc_single_threaded],
    [AC_LINK_IFELSE([AC_LANG_PROGRAM([[#include <sys/single_threaded.h>]],
      [[return __libc_single_threaded;]])],
      [cmio_single_threaded=single_threaded_libc.h])],
    [], [[#include <sys/single_threaded.h>]])
  AC_DEFINE_UNQUOTED([CMIO_SINGLE_THREADED_H], ["port/$cmio_single_threaded"],
    [The header that knows whether the process has one thread.])
  cmio_cancel=cancel_none.h
  AC_CHECK_DECL([pthread_setcancelstate],
    [AC_LINK_IFELSE([AC_LANG_PROGRAM([[#include <pthread.h>]],
      [[return pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, 0);]])],
      [cmio_cancel=cancel_pthread.h])],
    [], [[#include <pthread.h>]])
  AS_IF([test "x$cmio_windows" = xyes], [cmio_cancel=cancel_none.h])
  AC_DEFINE_UNQUOTED([CMIO_CANCEL_H], ["port/$cmio_cancel"],
    [The header that turns the cancellation of a thread off and on.])
  AC_DEFINE_UNQUOTED([CMIO_LOCK_H], ["port/$cmio_lock"],
    [The header that has struct lock.])
  AC_DEFINE_UNQUOTED([CMIO_CALLS_H], ["port/$cmio_calls"],
    [The header that has the system calls.])
])
