# SPDX-License-Identifier: MIT

# make bench: see doc/PERFORMANCE.  Nothing here is part of make check.
EXTRA_DIST += \
	%D%/bench.sh \
	%D%/plots.gp \
	%D%/report.awk \
	%D%/rust/Cargo.toml \
	%D%/rust/src/benchmarks.rs \
	%D%/rust/src/mio.rs \
	%D%/rust/src/polling.rs \
	%D%/rust/src/udp.rs \
	%D%/table.awk

bench_common = \
	%D%/bench.c \
	%D%/bench.h \
	%D%/benchmarks.h \
	%D%/dispatch.h \
	%D%/traffic.h \
	%D%/wakes.h

bench_programs =
EXTRA_PROGRAMS += $(bench_programs)
CLEANFILES += $(bench_programs)

# A program that libtool would wrap in a script cannot be measured.
if BENCH
bench_programs += \
	%D%/bench_cmio \
	%D%/bench_raw \
	%D%/bench_udp \
	%D%/calls \
	%D%/load \
	%D%/spawn \
	%D%/start_cmio \
	%D%/start_raw
endif
%C%_bench_cmio_SOURCES = %D%/cmio.c $(bench_common)
%C%_bench_cmio_LDADD = libcmio-net.la libcmio.la
%C%_bench_cmio_LDFLAGS = -no-install
%C%_bench_raw_SOURCES = %D%/raw_epoll.c $(bench_common)
%C%_bench_raw_LDADD =
%C%_bench_udp_SOURCES = %D%/udp.c %D%/bench.c %D%/bench.h
%C%_bench_udp_LDADD = libcmio-net.la libcmio.la
%C%_bench_udp_LDFLAGS = -no-install
%C%_calls_SOURCES = %D%/calls.c
%C%_calls_LDADD =
%C%_load_SOURCES = %D%/load.c %D%/bench.c %D%/bench.h
%C%_load_LDADD =
%C%_spawn_SOURCES = %D%/spawn.c %D%/bench.c %D%/bench.h
%C%_spawn_LDADD =
%C%_start_cmio_SOURCES = %D%/start_cmio.c
%C%_start_cmio_LDADD = libcmio.la
%C%_start_cmio_LDFLAGS = -no-install
%C%_start_raw_SOURCES = %D%/start_raw.c
%C%_start_raw_LDADD =

if BENCH_EV
bench_programs += %D%/bench_libev %D%/start_libev
endif
%C%_bench_libev_SOURCES = %D%/libev.c $(bench_common)
%C%_bench_libev_LDADD = -lev -lm
%C%_start_libev_SOURCES = %D%/start_libev.c
%C%_start_libev_LDADD = -lev -lm

if BENCH_UV
bench_programs += %D%/bench_libuv %D%/start_libuv
endif
%C%_bench_libuv_SOURCES = %D%/libuv.c $(bench_common)
%C%_bench_libuv_CPPFLAGS = $(AM_CPPFLAGS) $(UV_CFLAGS)
%C%_bench_libuv_LDADD = $(UV_LIBS)
%C%_start_libuv_SOURCES = %D%/start_libuv.c
%C%_start_libuv_CPPFLAGS = $(AM_CPPFLAGS) $(UV_CFLAGS)
%C%_start_libuv_LDADD = $(UV_LIBS)

if BENCH_EVENT
bench_programs += %D%/bench_libevent %D%/start_libevent
endif
%C%_bench_libevent_SOURCES = %D%/libevent.c $(bench_common)
%C%_bench_libevent_CPPFLAGS = $(AM_CPPFLAGS) $(EVENT_CFLAGS)
%C%_bench_libevent_LDADD = $(EVENT_LIBS)
%C%_start_libevent_SOURCES = %D%/start_libevent.c
%C%_start_libevent_CPPFLAGS = $(AM_CPPFLAGS) $(EVENT_CFLAGS)
%C%_start_libevent_LDADD = $(EVENT_LIBS)

.PHONY: bench
bench: $(bench_programs)
	BENCH_PROGRAMS=%D% $(SHELL) $(srcdir)/%D%/bench.sh
