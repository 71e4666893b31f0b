# SPDX-License-Identifier: MIT

# CMIO_LINKER
# -----------
# Whether the linker takes a version map: the conditional VERSION_SCRIPT.
# Some accept the option and ignore it, so it is asked on ELF and PE alone;
# elsewhere hidden visibility and a list of names do.
AC_DEFUN([CMIO_LINKER], [
  AC_CACHE_CHECK([whether the linker takes a version map],
    [cmio_cv_version_script],
    [cmio_cv_version_script=no
    AS_CASE([$host_os], [darwin*|aix*], [], [
      AS_ECHO(["V_1 { global: wanted; local: *; };"]) >conftest.map
      cmio_save_LDFLAGS=$LDFLAGS
      LDFLAGS="$LDFLAGS -shared -Wl,--version-script=conftest.map"
      AC_LINK_IFELSE([AC_LANG_SOURCE([[int wanted(void); int wanted(void) { return 0; }]])],
        [cmio_cv_version_script=yes])
      LDFLAGS=$cmio_save_LDFLAGS
      rm -f conftest.map
    ])])
  AM_CONDITIONAL([VERSION_SCRIPT], [test "x$cmio_cv_version_script" = xyes])
  AS_IF([test "x$cmio_cv_version_script" = xyes],
    [cmio_exports_by="version map"], [cmio_exports_by="list of names"])
])
