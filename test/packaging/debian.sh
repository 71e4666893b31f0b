# SPDX-License-Identifier: MIT
#
# Builds a Debian source package as a build machine does, with the tests, and
# checks the result with lintian and the package's own test.
set -e
for tool in dpkg-buildpackage dh lintian fakeroot; do
	command -v $tool >/dev/null 2>&1 || exit 77
done
name=${TARBALL##*/}
version=${name#cmio-} version=${version%.tar.gz}
cp "$TARBALL" "cmio_$version.orig.tar.gz"
tar -xzf "$TARBALL"
cp -R "$SOURCE/test/packaging/debian-package" "cmio-$version/debian"
chmod -R u+w "cmio-$version/debian"
cd "cmio-$version"
unset CC CFLAGS CPPFLAGS LDFLAGS MAKE top_srcdir top_builddir
dpkg-checkbuilddeps || exit 77
dpkg-buildpackage -us -uc
cd ..

# As root lintian complains only about that.
lintian --allow-root --fail-on error,warning ./*.changes >lintian.log 2>&1 || {
	cat lintian.log
	exit 1
}
if grep '^[EW]:' lintian.log; then
	exit 1
fi

# Every symbol is in the symbols file, with the release that added it.
dpkg-deb -e "libcmio0_${version}"-1_*.deb control
grep -qx " cmio_register@CMIO_0.1 0.1.0" control/symbols
dpkg-deb -e "libcmio-net0_${version}"-1_*.deb control-net
grep -qx " cmio_adopt@CMIO_NET_0.2 0.2.0" control-net/symbols

# Like autopkgtest, but installed in a directory.
for deb in libcmio*_"$version"-1_*.deb; do
	case $deb in *-dbgsym_*) ;; *) dpkg-deb -x "$deb" root ;; esac
done
arch=$(dpkg-architecture -qDEB_HOST_MULTIARCH)
LD_LIBRARY_PATH=$WORK/root/usr/lib/$arch
export LD_LIBRARY_PATH
CMIO_ROOT=$WORK/root PKG_CONFIG_SYSROOT_DIR=$WORK/root \
    PKG_CONFIG_LIBDIR=$WORK/root/usr/lib/$arch/pkgconfig \
    PKG_CONFIG_ALLOW_SYSTEM_LIBS=1 PKG_CONFIG_ALLOW_SYSTEM_CFLAGS=1 \
    sh "$SOURCE/test/packaging/debian-package/tests/consumer"
if [ -d root/usr/libexec/cmio-tests ]; then
	if readelf -d root/usr/libexec/cmio-tests/test_* |
	    grep -E 'RPATH|RUNPATH'; then
		echo "an installed test must not have these"
		exit 1
	fi
	sh root/usr/libexec/cmio-tests/run
fi
