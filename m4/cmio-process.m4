# SPDX-License-Identifier: MIT

# CMIO_CHECK_PROCESS
# ------------------
# How signals and the end of a child become readable: cmio_signals and
# cmio_child, the conditionals SIGNALS_<WAY> and CHILD_<WAY>.
# The signalfd(3C) of illumos differs from that of Linux.  The descriptor of
# libkqueue cannot be waited for, so a build with it uses Linux' ways.
AC_DEFUN([CMIO_CHECK_PROCESS], [
  CMIO_CHECK_FUNC([signalfd], [sys/signalfd.h])
  CMIO_CHECK_FUNC([sigtimedwait], [signal.h])
  CMIO_CHECK_FUNC([waitid], [sys/wait.h])
  CMIO_DEFINE_CONSTANT([P_PIDFD], [P_PIDFD], [3], [sys/wait.h],
    [How waitid(2) takes a descriptor of a process: Linux' number.])
  CMIO_CHECK_CONSTANT([SYS_pidfd_open], [sys/syscall.h])
  CMIO_DEFINE_CONSTANT([SIGNAL_MAX], [SIGRTMAX], [(NSIG - 1)], [signal.h],
    [The highest number of a signal.])
  cmio_queues=no
  AS_IF([test "x$with_libkqueue" = xno], [cmio_queues=$cmio_selector_kqueue])
  cmio_signals=none
  AS_IF([test "x$cmio_queues" = xyes], [cmio_signals=kqueue],
    [test "x$cmio_selector_epoll$cmio_have_signalfd" = xyesyes],
    [cmio_signals=signalfd])
  cmio_child=none
  AS_IF([test "x$cmio_queues$cmio_have_waitid" = xyesyes],
    [cmio_child=kqueue],
    [test "x$cmio_have_SYS_pidfd_open$cmio_have_waitid" = xyesyes],
    [cmio_child=pidfd])
  AM_CONDITIONAL([SIGNALS_KQUEUE], [test "x$cmio_signals" = xkqueue])
  AM_CONDITIONAL([SIGNALS_SIGNALFD], [test "x$cmio_signals" = xsignalfd])
  AM_CONDITIONAL([CHILD_KQUEUE], [test "x$cmio_child" = xkqueue])
  AM_CONDITIONAL([CHILD_PIDFD], [test "x$cmio_child" = xpidfd])
])
