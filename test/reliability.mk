# SPDX-License-Identifier: MIT

# See doc/TESTING: short runs are tests, long ones are made by hand.
reliability_libs = libcmio-net.la libcmio.la $(THREAD_LIBS)
reliability_system =
if WINDOWS
reliability_libs += libcmio-port.la
reliability_system += \
	%D%/descriptors_windows.c \
	%D%/unfit_windows.c \
	%D%/usage_windows.c \
	%D%/windows/posix.c \
	%D%/windows/posix.h
else
reliability_system += \
	%D%/descriptors_unix.c \
	%D%/unfit_unix.c \
	%D%/usage_unix.c
endif

if NET
reliability_tests = %D%/stress
if WINDOWS
reliability_tests += %D%/stress_pipes
endif
if HAVE_SIGACTION
reliability_tests += \
	%D%/fuzz/fuzz_model \
	%D%/load
if VERSION_SCRIPT
if HAVE_EPOLL_PWAIT2
reliability_tests += \
	%D%/datagrams \
	%D%/faults \
	%D%/test_call_races \
	%D%/test_system_calls \
	%D%/test_udp_calls
reliability_scripts = %D%/calls.sh
endif
endif
endif
endif
if HAVE_CHECK
check_PROGRAMS += $(reliability_tests)
TESTS += $(reliability_tests) $(reliability_scripts)
endif
EXTRA_DIST += %D%/calls.sh %D%/coverage.sh

# Which code of the libraries the tests run, in a separate build.
coverage:
	$(SHELL) $(srcdir)/%D%/coverage.sh $(srcdir)
.PHONY: coverage

# Random programs, compared with a model of the contract.
fuzz_common = \
	lib/net/control.c \
	lib/net/control.h \
	lib/net/control_data.c \
	%D%/fuzz/input.c \
	%D%/fuzz/input.h \
	%D%/fuzz/inside.h \
	%D%/fuzz/io.c \
	%D%/fuzz/make.c \
	%D%/fuzz/model.c \
	%D%/fuzz/model.h \
	%D%/fuzz/program.c \
	%D%/fuzz/program.h \
	%D%/fuzz/set.c \
	%D%/fuzz/slots.c \
	%D%/fuzz/world.c \
	%D%/fuzz/world.h
if UDP_PKTINFO
fuzz_common += lib/net/control_pktinfo.c
else
fuzz_common += lib/net/control_dstaddr.c
endif
test_fuzz_fuzz_model_CPPFLAGS = $(AM_CPPFLAGS)
test_fuzz_fuzz_model_SOURCES = \
	%D%/fuzz/fuzz_model.c \
	%D%/selectors.h \
	$(fuzz_common)
test_fuzz_fuzz_model_LDADD = $(reliability_libs) libcmio-port.la

# The same with libFuzzer: needs clang, and -fsanitize=fuzzer-no-link in
# CFLAGS.
EXTRA_PROGRAMS += %D%/fuzz/fuzz_target
test_fuzz_fuzz_target_CPPFLAGS = $(AM_CPPFLAGS)
test_fuzz_fuzz_target_SOURCES = %D%/fuzz/fuzz_target.c $(fuzz_common)
test_fuzz_fuzz_target_LDADD = $(reliability_libs) libcmio-port.la
test_fuzz_fuzz_target_LDFLAGS = -fsanitize=fuzzer

# A server and a client.
test_load_SOURCES = \
	%D%/load.c \
	%D%/load.h \
	%D%/load_server.c \
	%D%/selectors.h
test_load_LDADD = $(reliability_libs)

# Threads on one poll.
test_stress_SOURCES = \
	%D%/descriptors.h \
	%D%/selectors.h \
	%D%/stress.c \
	%D%/unfit.h \
	%D%/usage.h \
	$(reliability_system)
test_stress_LDADD = $(reliability_libs)
# libcmio-test has an object of the same source.
test_stress_CFLAGS = $(AM_CFLAGS)

# Threads on one poll, with named pipes.
test_stress_pipes_SOURCES = \
	%D%/descriptors.h \
	%D%/stress_pipes.c \
	%D%/usage.h \
	$(reliability_system)
test_stress_pipes_LDADD = $(reliability_libs)
test_stress_pipes_CFLAGS = $(AM_CFLAGS)

# System calls that fail or are counted: the libraries' sources, which call the
# system through calls.c.
EXTRA_LIBRARIES = %D%/libcalls.a
CLEANFILES += %D%/libcalls.a
test_libcalls_a_CPPFLAGS = $(AM_CPPFLAGS)
test_libcalls_a_SOURCES = \
	%D%/calls.c \
	%D%/calls.h \
	$(libcmio_port_la_SOURCES) \
	$(libcmio_la_SOURCES) \
	$(libcmio_net_la_SOURCES)
test_datagrams_CPPFLAGS = $(AM_CPPFLAGS)
test_datagrams_SOURCES = \
	%D%/datagrams.c \
	%D%/selectors.h \
	%D%/unfit.h \
	%D%/unfit_unix.c
test_datagrams_LDADD = %D%/libcalls.a $(THREAD_LIBS)
test_datagrams_LDFLAGS = $(wrap_calls)
test_faults_CPPFLAGS = $(AM_CPPFLAGS)
test_faults_SOURCES = \
	%D%/descriptors.h \
	%D%/descriptors_unix.c \
	%D%/faults.c \
	%D%/faults.h \
	%D%/faults_core.c \
	%D%/faults_net.c \
	%D%/selectors.h
test_faults_LDADD = %D%/libcalls.a $(THREAD_LIBS)
test_faults_LDFLAGS = $(wrap_calls)
calls_libs = libcmio-test.la %D%/libcalls.a $(CHECK_LIBS) $(THREAD_LIBS)
test_test_call_races_SOURCES = %D%/inject.c %D%/inject.h %D%/test_call_races.c
test_test_call_races_LDADD = $(calls_libs)
test_test_call_races_LDFLAGS = $(wrap_calls)
test_test_system_calls_SOURCES = \
	%D%/inject.c \
	%D%/inject.h \
	%D%/test_system_calls.c
test_test_system_calls_LDADD = $(calls_libs)
test_test_system_calls_LDFLAGS = $(wrap_calls)
test_test_udp_calls_SOURCES = \
	%D%/batches.c \
	%D%/batches.h \
	%D%/test_udp_calls.c
test_test_udp_calls_LDADD = $(calls_libs)
test_test_udp_calls_LDFLAGS = $(wrap_calls)
wrap_calls = \
	-Wl,--wrap=accept \
	-Wl,--wrap=accept4 \
	-Wl,--wrap=bind \
	-Wl,--wrap=calloc \
	-Wl,--wrap=close \
	-Wl,--wrap=connect \
	-Wl,--wrap=epoll_create1 \
	-Wl,--wrap=epoll_ctl \
	-Wl,--wrap=epoll_pwait2 \
	-Wl,--wrap=epoll_wait \
	-Wl,--wrap=eventfd \
	-Wl,--wrap=fcntl \
	-Wl,--wrap=fcntl64 \
	-Wl,--wrap=free \
	-Wl,--wrap=fstat \
	-Wl,--wrap=fstat64 \
	-Wl,--wrap=fstatfs \
	-Wl,--wrap=fstatfs64 \
	-Wl,--wrap=getpeername \
	-Wl,--wrap=getsockname \
	-Wl,--wrap=getsockopt \
	-Wl,--wrap=listen \
	-Wl,--wrap=malloc \
	-Wl,--wrap=pipe \
	-Wl,--wrap=pipe2 \
	-Wl,--wrap=poll \
	-Wl,--wrap=ppoll \
	-Wl,--wrap=pthread_mutex_init \
	-Wl,--wrap=read \
	-Wl,--wrap=readv \
	-Wl,--wrap=realloc \
	-Wl,--wrap=recv \
	-Wl,--wrap=recvfrom \
	-Wl,--wrap=recvmmsg \
	-Wl,--wrap=recvmsg \
	-Wl,--wrap=send \
	-Wl,--wrap=sendmmsg \
	-Wl,--wrap=sendmsg \
	-Wl,--wrap=sendto \
	-Wl,--wrap=setsockopt \
	-Wl,--wrap=shutdown \
	-Wl,--wrap=signalfd \
	-Wl,--wrap=socket \
	-Wl,--wrap=socketpair \
	-Wl,--wrap=syscall \
	-Wl,--wrap=waitid \
	-Wl,--wrap=write \
	-Wl,--wrap=writev
