# SPDX-License-Identifier: MIT

# CMIO_CHECK_POINTER_SIZE
# -----------------------
# Substitute the size of an address, without running a program.  autoconf 2.69
# does not end if a macro substitutes a variable of the macro's own name.
AC_DEFUN([CMIO_CHECK_POINTER_SIZE], [
  AC_CACHE_CHECK([for the size of a pointer], [cmio_cv_pointer_size],
    [AC_COMPILE_IFELSE(
      [AC_LANG_SOURCE([[char size[sizeof(void *) == 8 ? 1 : -1];]])],
      [cmio_cv_pointer_size=8], [cmio_cv_pointer_size=4])])
  AC_SUBST([CMIO_POINTER_SIZE], [$cmio_cv_pointer_size])
])
