# SPDX-License-Identifier: MIT

# CMIO_WAY(NAME, FUNCTION, HEADERS)
# ---------------------------------
# Whether one of HEADERS declares FUNCTION and the C library has it: the
# variable cmio_way_NAME, the macro HAVE_<FUNCTION> and the conditional
# WAY_NAME.  The declaration alone may be a system's that is newer than the
# library, the library's alone a stub of one that is newer than the system.
# Apple's headers declare what the oldest system asked for does not have:
# using that is an error here.
AC_DEFUN([CMIO_WAY], [
  cmio_way_$1=no
  AC_CHECK_HEADERS([$3])
  AX_APPEND_COMPILE_FLAGS([-Werror=unguarded-availability-new],
    [cmio_availability], [-Werror])
  cmio_way_CFLAGS=$CFLAGS
  CFLAGS="$CFLAGS $cmio_availability"
  AC_CHECK_DECLS([$2], [AC_CHECK_FUNCS([$2], [cmio_way_$1=yes])], [],
    [CMIO_INCLUDES([$3])])
  CFLAGS=$cmio_way_CFLAGS
  AM_CONDITIONAL([WAY_$1], [test "x$cmio_way_$1" = xyes])
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
# Build the selector NAME where HEADER declares FUNCTION and it links.
AC_DEFUN([CMIO_SELECTOR], [
  CMIO_WAY(m4_toupper([$1]), [$2], [$3])
  cmio_selector_$1=$cmio_way_[]m4_toupper([$1])
  m4_if([$1], [epoll],
    [AS_IF([test "x$cmio_selector_evport" = xyes], [cmio_selector_epoll=no])])
  AS_IF([test "x$cmio_selector_$1" = xyes], [
    cmio_selectors="$cmio_selectors X($1)"
    cmio_selector_names="$cmio_selector_names${cmio_selector_names:+ }$1"
  ])
  AM_CONDITIONAL([SELECTOR_]m4_toupper([$1]),
    [test "x$cmio_selector_$1" = xyes])
])

# CMIO_LIBKQUEUE
# --------------
# A developer's option: kqueue.c on another system, to try it there.
AC_DEFUN([CMIO_LIBKQUEUE], [
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

# CMIO_KQUEUE
# -----------
# What kqueue.c needs to know of this system's: the ways to open one, the
# type of a kevent's udata, and what wakes a sleeper.
AC_DEFUN([CMIO_KQUEUE], [
  CMIO_WAY([KQUEUEX], [kqueuex], [sys/event.h])
  CMIO_WAY([KQUEUE1], [kqueue1], [sys/event.h])
  AC_CHECK_DECLS([EVFILT_USER, EVFILT_EXCEPT], [], [],
    [CMIO_INCLUDES([sys/event.h])])
  # A look-alike is not what the system does best.
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

# CMIO_CONSTANT(NAME, HEADER)
# ---------------------------
# Whether HEADER defines the macro or constant NAME: cmio_constant_NAME and
# the conditional HAS_NAME.
AC_DEFUN([CMIO_CONSTANT], [
  AC_CHECK_DECL([$1], [cmio_constant_$1=yes], [cmio_constant_$1=no],
    [@%:@include <sys/types.h>
@%:@include <$2>])
  AM_CONDITIONAL([HAS_$1], [test "x$cmio_constant_$1" = xyes])
])

# CMIO_FIRST(NAME, CONSTANTS, OTHERWISE, HEADERS, WHAT)
# -----------------------------------------------------
# Define CMIO_NAME as the first of CONSTANTS that HEADERS declare, or as
# OTHERWISE where they declare none.  WHAT says what it is, in config.h.
AC_DEFUN([CMIO_FIRST], [
  cmio_first=
  m4_foreach_w([cmio_name], [$2],
    [AC_CHECK_DECL(cmio_name, [cmio_first="${cmio_first:-cmio_name}"], [],
      [CMIO_INCLUDES([winsock2.h ws2tcpip.h $4])])
  ])
  AC_DEFINE_UNQUOTED([CMIO_$1], [${cmio_first:-$3}], [$5])
])

# CMIO_WAKER
# ----------
# What a sleeping epoll or poll is woken with: cmio_waker and the
# conditional WAKER_EVENTFD; for a kqueue, KQUEUE_USER.
AC_DEFUN([CMIO_WAKER], [
  AC_ARG_WITH([waker], [AS_HELP_STRING([--with-waker=eventfd|pipe],
    [what wakes a sleeping poll where its selector has no way of its own
     (default: eventfd where there is one)])], [], [with_waker=auto])
  AS_CASE([$with_waker],
    [auto|yes], [AS_IF([test "x$cmio_way_EVENTFD" = xyes],
      [cmio_waker=eventfd], [cmio_waker=pipe])],
    [eventfd], [AS_IF([test "x$cmio_way_EVENTFD" = xyes],
      [cmio_waker=eventfd],
      [AC_MSG_ERROR([this system has no eventfd])])],
    [pipe], [cmio_waker=pipe],
    [AC_MSG_ERROR([--with-waker takes eventfd or pipe])])
  AM_CONDITIONAL([WAKER_EVENTFD], [test "x$cmio_waker" = xeventfd])
  AM_CONDITIONAL([KQUEUE_USER],
    [test "x$ac_cv_have_decl_EVFILT_USER" = xyes &&
     test "x$with_waker" != xpipe])
])
