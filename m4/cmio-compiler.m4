# SPDX-License-Identifier: MIT

# CMIO_CHECK_COMPILER
# -------------------
# C11 with atomics; hidden symbols; warnings for maintainers of cmio.  CFLAGS
# belongs to the user: cmio's own options are in CMIO_CFLAGS.
AC_DEFUN([CMIO_CHECK_COMPILER], [
  AC_REQUIRE([AC_PROG_CC])
  AC_CACHE_CHECK([for C11 atomics], [cmio_cv_c11_atomics],
    [AC_LINK_IFELSE([AC_LANG_PROGRAM([[#include <stdatomic.h>
#include <stdint.h>
static atomic_uint number;
static atomic_uintptr_t word;
static _Atomic(void *) pointer;]],
      [[atomic_fetch_add(&number, 1);
atomic_store(&word, (uintptr_t)atomic_exchange(&pointer, &word));]])],
      [cmio_cv_c11_atomics=yes], [cmio_cv_c11_atomics=no])])
  AS_IF([test "x$cmio_cv_c11_atomics" != xyes],
    [AC_MSG_ERROR([cmio needs a C11 compiler with <stdatomic.h>])])
  AX_GCC_FUNC_ATTRIBUTE([noinline])
  AS_VAR_IF([ax_cv_have_func_attribute_noinline], [yes],
    [cmio_noinline='__attribute__((noinline))'], [cmio_noinline=])
  AC_DEFINE_UNQUOTED([CMIO_NOINLINE], [$cmio_noinline],
    [What keeps a rare part out of a function that every wait runs through.])
  AX_APPEND_COMPILE_FLAGS([-fvisibility=hidden -fno-common -fno-plt],
    [CMIO_CFLAGS],
    [-Werror])
  AC_ARG_ENABLE([maintainer-mode],
    [AS_HELP_STRING([--enable-maintainer-mode],
      [warnings are on, and are errors])])
  AS_IF([test "x$enable_maintainer_mode" = xyes],
    [AX_APPEND_COMPILE_FLAGS(m4_normalize([-Wall -Wextra -Wpedantic -Werror
      -Wshadow -Wstrict-prototypes -Wmissing-prototypes
      -Wold-style-definition -Wwrite-strings -Wundef -Wpointer-arith -Wvla
      -Wimplicit-fallthrough]), [CMIO_CFLAGS], [-Werror])])
  AC_SUBST([CMIO_CFLAGS])
])
