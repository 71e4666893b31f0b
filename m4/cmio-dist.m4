# SPDX-License-Identifier: MIT

# CMIO_REPRODUCIBLE_DIST
# ----------------------
# "make dist" makes the same bytes from the same files, if tar supports that:
# sorted, with a neutral owner and one time, SOURCE_DATE_EPOCH or that of NEWS.
AC_DEFUN([CMIO_REPRODUCIBLE_DIST], [
  AC_CACHE_CHECK([whether tar can make the same tarball twice],
    [cmio_cv_tar_sorts],
    [AS_IF([${TAR-tar} --format=ustar --sort=name --mtime=@0 --owner=0 \
      --group=0 --numeric-owner --mode=go=rX -cf /dev/null \
      "$srcdir/configure.ac" >/dev/null 2>&1],
      [cmio_cv_tar_sorts=yes], [cmio_cv_tar_sorts=no])])
  AS_IF([test "x$cmio_cv_tar_sorts" = xyes],
    [am__tar='$${TAR-tar} --format=ustar --sort=name --owner=0 --group=0 \
	--numeric-owner --mode=u=rwX,go=rX \
  --mtime=$${SOURCE_DATE_EPOCH:+@}$${SOURCE_DATE_EPOCH:-$(top_srcdir)/NEWS} \
	-chf - "$$tardir"'])
])
