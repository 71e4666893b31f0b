# SPDX-License-Identifier: MIT

# For find_package(cmio CONFIG) of CMake; configure makes both.
cmakedir = $(libdir)/cmake/cmio
nodist_cmake_DATA = \
	%D%/cmio-config.cmake \
	%D%/cmio-config-version.cmake
