# SPDX-License-Identifier: MIT

# CMIO_CHECK_FUNC(FUNCTION, HEADERS)
# ----------------------------------
# Check that one of HEADERS declares FUNCTION and that the C library has it:
# the variable cmio_have_FUNCTION, the macro HAVE_FUNCTION and the conditional
# HAVE_FUNCTION, the latter two in upper case.  A declaration without the
# function may come from headers that are newer than the C library, a function
# without its declaration may be a stub.  Apple's headers declare functions
# that the oldest supported system lacks: their use is an error here.
AC_DEFUN([CMIO_CHECK_FUNC], [
  cmio_have_$1=no
  AC_CHECK_HEADERS([$2])
  AX_APPEND_COMPILE_FLAGS([-Werror=unguarded-availability-new],
    [cmio_availability], [-Werror])
  cmio_save_CFLAGS=$CFLAGS
  CFLAGS="$CFLAGS $cmio_availability"
  AC_CHECK_DECLS([$1], [AC_CHECK_FUNCS([$1], [cmio_have_$1=yes])], [],
    [CMIO_INCLUDES([$2])])
  CFLAGS=$cmio_save_CFLAGS
  AM_CONDITIONAL([HAVE_]m4_toupper([$1]), [test "x$cmio_have_$1" = xyes])
])

# CMIO_INCLUDES(HEADERS)
# ----------------------
AC_DEFUN([CMIO_INCLUDES],
[m4_foreach_w([cmio_header], [sys/types.h $1],
[@%:@ifdef AS_TR_CPP([HAVE_]cmio_header)
@%:@include <cmio_header>
@%:@endif
])])

# CMIO_SELECTOR(NAME, FUNCTION, HEADER)
# -------------------------------------
# Build the selector NAME if HEADER declares FUNCTION and it links.
AC_DEFUN([CMIO_SELECTOR], [
  CMIO_CHECK_FUNC([$2], [$3])
  cmio_selector_$1=$cmio_have_$2
  m4_if([$1], [epoll],
    [AS_IF([test "x$cmio_selector_evport" = xyes], [cmio_selector_epoll=no])])
  AS_IF([test "x$cmio_selector_$1" = xyes], [
    cmio_selectors="$cmio_selectors X($1)"
    cmio_selector_names="$cmio_selector_names${cmio_selector_names:+ }$1"
  ])
  AM_CONDITIONAL([SELECTOR_]m4_toupper([$1]),
    [test "x$cmio_selector_$1" = xyes])
])

# CMIO_WITH_LIBKQUEUE
# -------------------
# An option for developers: the kqueue selector on another system.
AC_DEFUN([CMIO_WITH_LIBKQUEUE], [
  AC_ARG_WITH([libkqueue], [AS_HELP_STRING([--with-libkqueue],
    [build the selector for kqueue on this library, to try it; never found
     by itself])], [], [with_libkqueue=no])
  AS_IF([test "x$with_libkqueue" != xno], [
    PKG_CHECK_MODULES([LIBKQUEUE], [libkqueue])
    CPPFLAGS="$CPPFLAGS $LIBKQUEUE_CFLAGS"
    LIBS="$LIBKQUEUE_LIBS $LIBS"
    AC_DEFINE([KQUEUE_IS_LIBKQUEUE], [1], [The kqueue here is a look-alike.])
  ])
])

# CMIO_CHECK_KQUEUE
# -----------------
# For lib/selector/kqueue: which function opens a kqueue, the type of a kevent's
# udata, and whether EVFILT_USER can wake a waiter.
AC_DEFUN([CMIO_CHECK_KQUEUE], [
  CMIO_CHECK_FUNC([kqueuex], [sys/event.h])
  CMIO_CHECK_FUNC([kqueue1], [sys/event.h])
  AC_CHECK_DECLS([EVFILT_USER, EVFILT_EXCEPT], [], [],
    [CMIO_INCLUDES([sys/event.h])])
  # An emulation is never the best interface.
  AS_IF([test "x$with_libkqueue" != xno], [
    cmio_selectors="${cmio_selectors#" X(kqueue)"} X(kqueue)"
    cmio_selector_names="${cmio_selector_names#"kqueue "} kqueue"
  ])
  AS_IF([test "x$cmio_selector_kqueue" = xyes], [
    AC_CACHE_CHECK([for the type of a kevent's udata], [cmio_cv_udata],
      [AC_COMPILE_IFELSE([AC_LANG_PROGRAM([[#include <sys/types.h>
#include <sys/event.h>
static char is_pointer[_Generic(((struct kevent *)0)->udata,
    void *: 1, default: -1)];]], [[return is_pointer[0];]])],
        [cmio_cv_udata="void *"], [cmio_cv_udata=intptr_t])])
    AC_DEFINE_UNQUOTED([CMIO_KEVENT_UDATA], [$cmio_cv_udata],
      [The type of udata: NetBSD before 10 has an integer.])
  ])
])

# CMIO_CHECK_CONSTANT(NAME, HEADER)
# ---------------------------------
# Check that HEADER defines the macro or constant NAME: the variable
# cmio_have_NAME and the conditional HAVE_NAME.
AC_DEFUN([CMIO_CHECK_CONSTANT], [
  AC_CHECK_DECL([$1], [cmio_have_$1=yes], [cmio_have_$1=no],
    [@%:@include <sys/types.h>
@%:@include <$2>])
  AM_CONDITIONAL([HAVE_$1], [test "x$cmio_have_$1" = xyes])
])

# CMIO_DEFINE_CONSTANT(NAME, CONSTANTS, OTHERWISE, HEADERS, WHAT)
# ---------------------------------------------------------------
# Define CMIO_NAME as the first of CONSTANTS that HEADERS declare, or as
# OTHERWISE if they declare none.  WHAT is its comment in config.h.
AC_DEFUN([CMIO_DEFINE_CONSTANT], [
  cmio_first=
  m4_foreach_w([cmio_name], [$2],
    [AC_CHECK_DECL(cmio_name, [cmio_first="${cmio_first:-cmio_name}"], [],
      [CMIO_INCLUDES([winsock2.h ws2tcpip.h $4])])
  ])
  AC_DEFINE_UNQUOTED([CMIO_$1], [${cmio_first:-$3}], [$5])
])

# CMIO_WITH_WAKER
# ---------------
# Choose the descriptor that wakes a poll: cmio_waker and the conditional
# WAKER_EVENTFD; for kqueue, the conditional KQUEUE_USER.
AC_DEFUN([CMIO_WITH_WAKER], [
  AC_ARG_WITH([waker], [AS_HELP_STRING([--with-waker=eventfd|pipe],
    [what wakes a poll whose selector has no wake-up of its own (default:
     eventfd if the system has it)])], [], [with_waker=auto])
  AS_CASE([$with_waker],
    [auto|yes], [AS_IF([test "x$cmio_have_eventfd" = xyes],
      [cmio_waker=eventfd], [cmio_waker=pipe])],
    [eventfd], [AS_IF([test "x$cmio_have_eventfd" = xyes],
      [cmio_waker=eventfd],
      [AC_MSG_ERROR([this system has no eventfd])])],
    [pipe], [cmio_waker=pipe],
    [AC_MSG_ERROR([--with-waker takes eventfd or pipe])])
  AM_CONDITIONAL([WAKER_EVENTFD], [test "x$cmio_waker" = xeventfd])
  AM_CONDITIONAL([KQUEUE_USER],
    [test "x$ac_cv_have_decl_EVFILT_USER" = xyes &&
     test "x$with_waker" != xpipe])
])
