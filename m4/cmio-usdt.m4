# SPDX-License-Identifier: MIT

# CMIO_ENABLE_USDT
# ----------------
# --enable-usdt: static probes in libcmio, by SystemTap's <sys/sdt.h>.
AC_DEFUN([CMIO_ENABLE_USDT], [
  AC_ARG_ENABLE([usdt],
    [AS_HELP_STRING([--enable-usdt],
      [static probes for bpftrace and others (needs <sys/sdt.h>)])],
    [], [enable_usdt=no])
  cmio_probe=probe_none.h
  AS_IF([test "x$enable_usdt" != xno], [
    AC_CHECK_HEADER([sys/sdt.h], [cmio_probe=probe_sdt.h],
      [AC_MSG_ERROR(m4_normalize([--enable-usdt needs <sys/sdt.h>:
        install systemtap-sdt-dev or systemtap-sdt-devel]))])
  ])
  AC_DEFINE_UNQUOTED([CMIO_PROBE_H], ["port/$cmio_probe"],
    [The header that has the static probes.])
])
