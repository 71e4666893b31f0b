# SPDX-License-Identifier: MIT
#
# A CMake and a Meson project find cmio, by pkg-config and by its package file
# for CMake, also in a tree that has been moved; shared and static.
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

# cmake_project NAME LINE...: one that consists of LINES and builds net.c
cmake_project() {
	mkdir "$1"
	{
		echo 'cmake_minimum_required(VERSION 3.10)'
		echo 'project(consumer C)'
		shift
		printf '%s\n' "$@"
	} >"$1/CMakeLists.txt"
}

# cmake_build NAME OPTION...: the project's own program runs
cmake_build() {
	project=$1
	shift
	CC=$CC cmake -S "$project" -B "$project/build" "$@" &&
	    cmake --build "$project/build" --verbose && "$project/build/net"
}

# by_package NAME ARGUMENTS-OF-FIND_PACKAGE
by_package() {
	cmake_project "$1" "find_package(cmio $2 CONFIG REQUIRED)" \
	    "add_executable(net $WORK/net.c)" \
	    "target_link_libraries(net cmio::net)"
	cmake_build "$1" -DCMAKE_PREFIX_PATH="$WORK/moved"
}

# refused NAME WORDS ARGUMENTS-OF-FIND_PACKAGE: fails, and gives the reason
refused() {
	if by_package "$1" "$3" >refused.log 2>&1; then
		echo "find_package(cmio $3) has found it"
		exit 1
	fi
	tr -s ' \n' '  ' <refused.log | grep -q "$2" || {
		cat refused.log
		exit 1
	}
}

if command -v cmake >/dev/null 2>&1; then
	cmake_project pkgconfig 'find_package(PkgConfig REQUIRED)' \
	    'pkg_check_modules(cmio REQUIRED IMPORTED_TARGET cmio-net>=0.1)' \
	    "add_executable(net $WORK/net.c)" \
	    'target_link_libraries(net PkgConfig::cmio)'
	cmake_build pkgconfig -DPKG_CONFIG_EXECUTABLE="$WORK/bin/pkg-config"

	# The package file, in a tree that is not where configure wanted it.
	cp -R "$ROOT/usr" moved
	save_LD_LIBRARY_PATH=$LD_LIBRARY_PATH
	unset LD_LIBRARY_PATH
	by_package default 0.1
	ldd default/build/net | grep "$WORK/moved/lib/libcmio-net.so" || exit 1
	by_package shared '0.1 COMPONENTS net shared'
	by_package static '0.1 COMPONENTS static'
	if ldd static/build/net | grep libcmio; then exit 1; fi
	by_package range 0.1...0.99
	refused early 'requested version "99.0"' 99.0
	refused other 'no component tls' 'COMPONENTS tls'
	# What a project asks for twice it has once.
	by_package twice '0.1 COMPONENTS static REQUIRED CONFIG)
find_package(cmio 0.1'
	if ldd twice/build/net | grep libcmio; then exit 1; fi
	refused both 'uses the shared libraries already' '0.1 REQUIRED CONFIG)
find_package(cmio COMPONENTS static'
	mv moved/lib/libcmio.so moved/lib/libcmio.so.away
	mv moved/lib/libcmio-net.so moved/lib/libcmio-net.so.away
	rm moved/lib/libcmio.so.* moved/lib/libcmio-net.so.*
	by_package only_static 0.1
	refused no_shared 'the shared libraries are not in' \
	    'COMPONENTS shared'
	rm moved/lib/libcmio-net.a
	refused no_net 'libcmio-net is not in' 'COMPONENTS net'
	LD_LIBRARY_PATH=$save_LD_LIBRARY_PATH
	export LD_LIBRARY_PATH
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

	# Meson also reads the package file, if there is no pkg-config.
	if command -v cmake >/dev/null 2>&1; then
		cat >meson.build <<'END'
project('consumer', 'c')
cmio = dependency('cmio', method: 'cmake', modules: 'cmio::net')
executable('net', 'net.c', dependencies: cmio)
END
		CC=$CC meson setup --cmake-prefix-path "$ROOT/usr" meson-cmake
		ninja -C meson-cmake
		meson-cmake/net
	fi
fi
[ $tried = 1 ] || exit 77
