# SPDX-License-Identifier: MIT
#
# A CMake and a Meson project find cmio by pkg-config.
set -e
. "$SOURCE/test/packaging/programs.inc"

# pkg-config as the projects see it: what is installed in ROOT, as if there
# were nothing else.
mkdir bin
cat >bin/pkg-config <<END
#!/bin/sh
PKG_CONFIG_SYSROOT_DIR=$ROOT PKG_CONFIG_LIBDIR=$ROOT/usr/lib/pkgconfig \
PKG_CONFIG_ALLOW_SYSTEM_LIBS=1 PKG_CONFIG_ALLOW_SYSTEM_CFLAGS=1 \
exec $(command -v "$PKG_CONFIG") "\$@"
END
chmod +x bin/pkg-config
LD_LIBRARY_PATH=$ROOT/usr/lib
export LD_LIBRARY_PATH
tried=0

if command -v cmake >/dev/null 2>&1; then
	cat >CMakeLists.txt <<'END'
cmake_minimum_required(VERSION 3.10)
project(consumer C)
find_package(PkgConfig REQUIRED)
pkg_check_modules(cmio REQUIRED IMPORTED_TARGET cmio-net>=0.1)
add_executable(net net.c)
target_link_libraries(net PkgConfig::cmio)
END
	cmake -S . -B cmake -DPKG_CONFIG_EXECUTABLE="$WORK/bin/pkg-config" \
	    -DCMAKE_C_COMPILER="$CC"
	cmake --build cmake
	cmake/net
	tried=1
fi

if command -v meson >/dev/null 2>&1 && command -v ninja >/dev/null 2>&1; then
	cat >meson.build <<'END'
project('consumer', 'c')
cmio = dependency('cmio-net', version: '>=0.1')
executable('net', 'net.c', dependencies: cmio)
END
	CC=$CC PKG_CONFIG=$WORK/bin/pkg-config meson setup meson
	ninja -C meson
	meson/net
	tried=1
fi
[ $tried = 1 ] || exit 77
