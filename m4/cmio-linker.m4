# SPDX-License-Identifier: MIT

# CMIO_CHECK_LINKER
# -----------------
# Whether the linker supports a version map: the conditional VERSION_SCRIPT.
# Some accept the option and ignore it, so it is used only for ELF and PE; other
# systems have hidden visibility and a list of names.  And whether a test can
# replace functions of the C library: the conditional LINKER_WRAP.
AC_DEFUN([CMIO_CHECK_LINKER], [
  AC_CACHE_CHECK([whether the linker takes a version map],
    [cmio_cv_version_script],
    [cmio_cv_version_script=no
    AS_CASE([$host_os], [darwin*|aix*], [], [
      AS_ECHO(["V_1 { global: wanted; local: *; };"]) >conftest.map
      cmio_save_LDFLAGS=$LDFLAGS
      LDFLAGS="$LDFLAGS -shared -Wl,--version-script=conftest.map"
      AC_LINK_IFELSE([AC_LANG_SOURCE([[int wanted(void);
int wanted(void) { return 0; }]])],
        [cmio_cv_version_script=yes])
      LDFLAGS=$cmio_save_LDFLAGS
      rm -f conftest.map
    ])])
  AC_CACHE_CHECK([whether the linker wraps symbols], [cmio_cv_linker_wrap],
    [cmio_save_LDFLAGS=$LDFLAGS
    LDFLAGS="$LDFLAGS -Wl,--wrap=malloc"
    AC_LINK_IFELSE([AC_LANG_PROGRAM([[#include <stdlib.h>
void *__wrap_malloc(size_t size);
static char memory;
void *__wrap_malloc(size_t size) { return size == 0 ? NULL : &memory; }
]], [[return malloc(1) == NULL;]])],
      [cmio_cv_linker_wrap=yes], [cmio_cv_linker_wrap=no])
    LDFLAGS=$cmio_save_LDFLAGS])
  AM_CONDITIONAL([LINKER_WRAP], [test "x$cmio_cv_linker_wrap" = xyes])
  AM_CONDITIONAL([VERSION_SCRIPT], [test "x$cmio_cv_version_script" = xyes])
  AS_IF([test "x$cmio_cv_version_script" = xyes],
    [cmio_exports_by="version map"], [cmio_exports_by="list of names"])
])

# CMIO_CHECK_GC_SECTIONS
# ----------------------
# The linker omits from each library the objects of the convenience library that
# it does not use: CMIO_LIBRARY_LDFLAGS.
AC_DEFUN([CMIO_CHECK_GC_SECTIONS], [
  AC_CACHE_CHECK([whether the linker drops unused functions],
    [cmio_cv_drop_unused],
    [cmio_save_CFLAGS=$CFLAGS
    cmio_save_LDFLAGS=$LDFLAGS
    CFLAGS="$CFLAGS -Werror -ffunction-sections"
    LDFLAGS="$LDFLAGS -Wl,--gc-sections"
    AC_LINK_IFELSE([AC_LANG_PROGRAM([], [])],
      [cmio_cv_drop_unused=yes], [cmio_cv_drop_unused=no])
    CFLAGS=$cmio_save_CFLAGS
    LDFLAGS=$cmio_save_LDFLAGS])
  AS_IF([test "x$cmio_cv_drop_unused" = xyes], [
    CMIO_CFLAGS="$CMIO_CFLAGS -ffunction-sections"
    CMIO_LIBRARY_LDFLAGS="-Wl,--gc-sections"
  ])
  AC_SUBST([CMIO_LIBRARY_LDFLAGS])
])

# CMIO_LIBS_PRIVATE(NAME, FUNCTIONS)
# ----------------------------------
# Substitute for NAME the libraries in which AC_SEARCH_LIBS found FUNCTIONS,
# each once.  LIBS may also contain the user's own.
AC_DEFUN([CMIO_LIBS_PRIVATE], [
  $1=
  m4_foreach_w([cmio_function], [$2],
    [AS_CASE([" $$1 :$ac_cv_search_]cmio_function[:"],
      [*" $ac_cv_search_]cmio_function[ "*], [],
      [*:-l*], [$1="$$1${$1:+ }$ac_cv_search_]cmio_function["])
    ])
  AC_SUBST([$1])
])
