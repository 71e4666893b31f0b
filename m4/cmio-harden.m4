# SPDX-License-Identifier: MIT

# CMIO_CHECK_HARDENING
# --------------------
# Options that make errors in the libraries harder to exploit, if the compiler
# and the linker have them: CMIO_CFLAGS and CMIO_LDFLAGS.  The user's CFLAGS
# come later and have precedence.  _FORTIFY_SOURCE needs an optimiser, must not
# be set twice, and would hide calls from a sanitizer.
AC_DEFUN([CMIO_CHECK_HARDENING], [
  cmio_save_CFLAGS=$CFLAGS
  AC_CACHE_CHECK([for a stack protector], [cmio_cv_stack_protector],
    [CFLAGS="$CFLAGS -fstack-protector-strong -Werror"
    AC_LINK_IFELSE([AC_LANG_PROGRAM([[#include <string.h>
#ifdef _WIN32
#error It would need one more library.
#endif
char text[100];]],
      [[char copy[100]; strcpy(copy, text); return strlen(copy) != 0;]])],
      [cmio_cv_stack_protector=yes], [cmio_cv_stack_protector=no])
    CFLAGS=$cmio_save_CFLAGS])
  AS_IF([test "x$cmio_cv_stack_protector" = xyes],
    [CMIO_CFLAGS="$CMIO_CFLAGS -fstack-protector-strong"])
  AC_CACHE_CHECK([for _FORTIFY_SOURCE], [cmio_cv_fortify],
    [CFLAGS="$CFLAGS -Werror"
    AC_LINK_IFELSE([AC_LANG_PROGRAM([[
#if !defined(__OPTIMIZE__) || defined(_FORTIFY_SOURCE) || \
    defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#error
#endif
#ifdef __has_feature
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer) || \
    __has_feature(thread_sanitizer)
#error
#endif
#endif
#define _FORTIFY_SOURCE 2
#include <string.h>
char text[100];]],
      [[char copy[100]; memcpy(copy, text, strlen(text));
return strlen(copy) != 0;]])],
      [cmio_cv_fortify=yes], [cmio_cv_fortify=no])
    CFLAGS=$cmio_save_CFLAGS])
  AS_IF([test "x$cmio_cv_fortify" = xyes],
    [CMIO_CFLAGS="$CMIO_CFLAGS -D_FORTIFY_SOURCE=2"])
  AC_CACHE_CHECK([whether the linker can make relocations read-only],
    [cmio_cv_relro],
    [cmio_save_LDFLAGS=$LDFLAGS
    LDFLAGS="$LDFLAGS -Wl,-z,relro -Wl,-z,now"
    CFLAGS="$CFLAGS -Werror"
    AC_LINK_IFELSE([AC_LANG_PROGRAM([], [])],
      [cmio_cv_relro=yes], [cmio_cv_relro=no])
    CFLAGS=$cmio_save_CFLAGS
    LDFLAGS=$cmio_save_LDFLAGS])
  AS_IF([test "x$cmio_cv_relro" = xyes],
    [CMIO_LDFLAGS="-Wl,-z,relro -Wl,-z,now"])
  AC_SUBST([CMIO_LDFLAGS])
])
