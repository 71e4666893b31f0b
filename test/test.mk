# SPDX-License-Identifier: MIT

# The test programs: one for each subject, one line each, sorted.
core_tests = \
	%D%/test_clock \
	%D%/test_edge \
	%D%/test_hangup \
	%D%/test_kqueue_bits \
	%D%/test_level \
	%D%/test_lifetime \
	%D%/test_misuse \
	%D%/test_poll \
	%D%/test_readiness \
	%D%/test_ready_format \
	%D%/test_rearm \
	%D%/test_register \
	%D%/test_register_errors \
	%D%/test_threads \
	%D%/test_timeout \
	%D%/test_trigger \
	%D%/test_user_event \
	%D%/test_version \
	%D%/test_wait
# Only on Unix: fork(2), descriptors that wake a waiter.
if !WINDOWS
core_tests += \
	%D%/test_cancel \
	%D%/test_closed \
	%D%/test_conditions \
	%D%/test_conditions_fifo \
	%D%/test_deadline \
	%D%/test_descriptors \
	%D%/test_fd_table \
	%D%/test_fork \
	%D%/test_pipe_writer \
	%D%/test_port \
	%D%/test_stale
endif
if LINKER_WRAP
core_tests += %D%/test_memory
endif
if HAVE_MAKECONTEXT
core_tests += %D%/test_interleavings
endif
if SELECTOR_POLL
core_tests += %D%/test_poll_bits %D%/test_poll_set
endif
net_tests = \
	%D%/test_addr \
	%D%/test_bad_input \
	%D%/test_close \
	%D%/test_found \
	%D%/test_options \
	%D%/test_tcp \
	%D%/test_tcp_closing \
	%D%/test_tcp_data \
	%D%/test_tcp_listener \
	%D%/test_udp \
	%D%/test_udp_batch \
	%D%/test_udp_control \
	%D%/test_udp_local \
	%D%/test_unix_path \
	%D%/test_vsock \
	%D%/test_waker
# Only on Unix: AF_UNIX, cmio_sendmsg(), pipes, SIGPIPE, children, and the plain
# ways to make descriptors.  not_here.sh lists them.
if WINDOWS
net_tests += \
	%D%/test_named_pipe \
	%D%/test_named_pipe_message \
	%D%/test_named_pipe_write \
	%D%/test_overlapped \
	%D%/test_pipe_ends \
	%D%/test_windows
else
net_tests += \
	%D%/test_bad_input_unix \
	%D%/test_child \
	%D%/test_child_status \
	%D%/test_exec \
	%D%/test_fallback \
	%D%/test_fastopen \
	%D%/test_fds \
	%D%/test_passing \
	%D%/test_peer_cred \
	%D%/test_pipe \
	%D%/test_short \
	%D%/test_signals \
	%D%/test_signals_shared \
	%D%/test_sigpipe \
	%D%/test_unix_datagram \
	%D%/test_unix_listener \
	%D%/test_unix_stream
endif
if HAVE_SIGACTION
net_tests += \
	%D%/test_examples \
	%D%/test_tutorial
endif

# Network namespaces exist on Linux.
if SELECTOR_EPOLL
net_tests += %D%/test_udp_path
endif

test_programs = $(core_tests)
if NET
test_programs += $(net_tests)
endif

# The library's headers come first, before any that are installed.
AM_CPPFLAGS += -I$(srcdir)/%D% $(CHECK_CFLAGS)

if HAVE_CHECK
check_PROGRAMS += $(test_programs) %D%/why_unfit
check_LTLIBRARIES = libcmio-test.la
TESTS = $(test_programs) $(script_tests)
else
# Without tests there is no success.
check-local:
	@echo "Check, the library for tests, was not found by configure" >&2
	@exit 1
endif

# Rules that a C test cannot check.
script_tests = \
	%D%/exports.sh \
	%D%/probes.sh \
	%D%/undefined.sh \
	$(source_tests) \
	$(example_tests)
# Of the sources, which are the same in every build.
source_tests = \
	%D%/bootstrap.sh \
	%D%/headers.sh \
	%D%/layers.sh \
	%D%/msvc.sh \
	%D%/style.sh
# Of the programs in the pages and in doc, which take long to build.
example_tests = %D%/pages.sh
if WINDOWS
script_tests += %D%/not_here.sh
endif
if NET
if HAVE_SIGACTION
example_tests += %D%/recipes.sh $(with_tests)
endif
endif
# The examples under other libraries, with the real ones.
with_tests = \
	%D%/with/cares.sh \
	%D%/with/curl.sh \
	%D%/with/cxx.sh \
	%D%/with/glib.sh \
	%D%/with/python.sh \
	%D%/with/redis.sh \
	%D%/with/tls.sh
EXTRA_DIST += \
	%D%/with/dns_server.py \
	%D%/with/tls_clients.py \
	%D%/with/with.inc
# Not the directory, because a build adds files to it.
EXTRA_DIST += \
	%D%/msvc/headers.c \
	%D%/msvc/program.c \
	%D%/msvc/sys/types.h \
	%D%/msvc/windows.h \
	%D%/msvc/winsock2.h \
	%D%/msvc/ws2tcpip.h \
	%D%/windows/arpa/inet.h \
	%D%/windows/fcntl.h \
	%D%/windows/net/if.h \
	%D%/windows/netinet/in.h \
	%D%/windows/netinet/tcp.h \
	%D%/windows/poll.h \
	%D%/windows/signal.h \
	%D%/windows/sys/resource.h \
	%D%/windows/sys/socket.h \
	%D%/windows/sys/uio.h \
	%D%/windows/sys/un.h \
	%D%/windows/unistd.h
EXTRA_DIST += %D%/count.sh %D%/not_here.sh %D%/recipes.sh %D%/rules.sh \
	%D%/run.sh $(packaging_tests) $(script_tests) $(with_tests)
TEST_EXTENSIONS = .sh
SH_LOG_COMPILER = $(SHELL)

# Whether cmio can be packaged: takes minutes and tools of Debian.
packaging_tests = \
	%D%/packaging/abi.sh \
	%D%/packaging/alpine \
	%D%/packaging/arch \
	%D%/packaging/browser.sh \
	%D%/packaging/build_systems.sh \
	%D%/packaging/consumer.sh \
	%D%/packaging/debian-package \
	%D%/packaging/debian.sh \
	%D%/packaging/dist.sh \
	%D%/packaging/freebsd \
	%D%/packaging/homebrew \
	%D%/packaging/install.sh \
	%D%/packaging/installed \
	%D%/packaging/msys2 \
	%D%/packaging/openbsd \
	%D%/packaging/pkgsrc \
	%D%/packaging/plist \
	%D%/packaging/programs.inc \
	%D%/packaging/recipes.sh \
	%D%/packaging/rpm \
	%D%/packaging/rpm.sh \
	%D%/packaging/site.sh \
	%D%/packaging/run \
	%D%/packaging/tls_clients.sh
packaging-check: all
	$(AM_TESTS_ENVIRONMENT) MAKE='$(MAKE)'; export MAKE; \
	    $(SHELL) $(srcdir)/%D%/packaging/run
.PHONY: packaging-check

# The examples run like the tests, for example in an emulator.
AM_TESTS_ENVIRONMENT = CMIO_RUNNER='$(LOG_COMPILER)'; export CMIO_RUNNER; \
	CC='$(CC)'; export CC; CPPFLAGS='$(CPPFLAGS)'; export CPPFLAGS; \
	CFLAGS='$(CFLAGS)'; export CFLAGS; \
	EXEEXT='$(EXEEXT)'; export EXEEXT; \
	LDFLAGS='$(LDFLAGS)'; export LDFLAGS; \
	MANDOC='$(MANDOC)'; export MANDOC; \
	PKG_CONFIG='$(PKG_CONFIG)'; export PKG_CONFIG; NM='$(NM)'; export NM; \
	top_srcdir='$(top_srcdir)'; export top_srcdir; \
	top_builddir='$(top_builddir)'; export top_builddir;

libcmio_test_la_SOURCES = \
	%D%/descriptors.h \
	%D%/harness.c \
	%D%/harness.h \
	%D%/plain.c \
	%D%/plain.h \
	%D%/unfit.h \
	%D%/usage.h
if NET
libcmio_test_la_SOURCES += \
	%D%/sockets.c \
	%D%/sockets.h
if WINDOWS
libcmio_test_la_SOURCES += \
	%D%/named_pipes.c \
	%D%/named_pipes.h
endif
endif
if WINDOWS
libcmio_test_la_SOURCES += \
	%D%/descriptors_windows.c \
	%D%/unfit_windows.c \
	%D%/usage_windows.c \
	%D%/windows/posix.c \
	%D%/windows/posix.h
libcmio_test_la_LIBADD = libcmio-port.la
AM_CPPFLAGS += -I$(srcdir)/%D%/windows -D__USE_MINGW_ANSI_STDIO=1
# Check uses C99's formats, which the compiler does not expect.
AM_CFLAGS += -Wno-format -Wno-format-extra-args
else
libcmio_test_la_SOURCES += \
	%D%/descriptors_unix.c \
	%D%/unfit_unix.c \
	%D%/usage_unix.c
endif

# Every program is one file, named as the program.
AM_DEFAULT_SOURCE_EXT = .c
LDADD = libcmio-test.la
if NET
LDADD += libcmio-net.la
endif
LDADD += libcmio.la $(CHECK_LIBS) $(THREAD_LIBS)

# Pure functions, which no library exports.  With its own flags an object gets
# another name than the library's.
test_test_kqueue_bits_CPPFLAGS = $(AM_CPPFLAGS)
test_test_kqueue_bits_SOURCES = \
	%D%/test_kqueue_bits.c \
	lib/selector/kqueue/bits.c \
	lib/selector/kqueue/bits.h

test_test_udp_control_CPPFLAGS = $(AM_CPPFLAGS)
test_test_udp_control_SOURCES = \
	%D%/test_udp_control.c \
	lib/net/control.c \
	lib/net/control.h \
	lib/net/control_data.c
if UDP_PKTINFO
test_test_udp_control_SOURCES += lib/net/control_pktinfo.c
else
test_test_udp_control_SOURCES += lib/net/control_dstaddr.c
endif
test_test_udp_control_LDADD = $(LDADD) libcmio-port.la

# The wait, on a clock of the test's.
test_test_deadline_CPPFLAGS = $(AM_CPPFLAGS)
test_test_deadline_SOURCES = \
	%D%/test_deadline.c \
	lib/port/timeout.c \
	lib/selector/user_event.c \
	lib/selector/wait.c
test_test_deadline_LDADD = $(CHECK_LIBS) $(THREAD_LIBS)

# The wait and the user events, with a step at each atomic operation.
test_test_interleavings_CPPFLAGS = \
	-include $(srcdir)/%D%/interleavings/instrument.h $(AM_CPPFLAGS)
test_test_interleavings_SOURCES = \
	%D%/interleavings/explore.c \
	%D%/interleavings/explore.h \
	%D%/interleavings/instrument.h \
	%D%/test_interleavings.c \
	lib/selector/user_event.c \
	lib/selector/wait.c
test_test_interleavings_LDADD = $(CHECK_LIBS) $(THREAD_LIBS)

# Calls functions that only other systems and sandboxes use.
test_test_fallback_LDADD = libcmio-port.la $(LDADD)

# Shared by the tests of batches.
%C%_test_udp_path_SOURCES = \
	%D%/batches.c \
	%D%/batches.h \
	%D%/test_udp_path.c
%C%_test_udp_batch_SOURCES = \
	%D%/batches.c \
	%D%/batches.h \
	%D%/test_udp_batch.c
%C%_test_udp_local_SOURCES = \
	%D%/batches.c \
	%D%/batches.h \
	%D%/test_udp_local.c

# These use functions that no library exports.
%C%_test_clock_LDADD = $(LDADD) libcmio-port.la
%C%_test_port_LDADD = $(LDADD) libcmio-port.la
%C%_test_fd_table_SOURCES = %D%/test_fd_table.c lib/selector/fd_table.c
%C%_test_fd_table_CFLAGS = $(AM_CFLAGS)
%C%_test_poll_bits_SOURCES = %D%/test_poll_bits.c lib/selector/poll_bits.c
%C%_test_poll_bits_CFLAGS = $(AM_CFLAGS)
%C%_test_poll_set_SOURCES = \
	%D%/test_poll_set.c \
	lib/selector/poll/set.c \
	lib/selector/poll_bits.c
%C%_test_poll_set_CFLAGS = $(AM_CFLAGS)
%C%_test_memory_LDFLAGS = -static -Wl,--wrap=malloc -Wl,--wrap=calloc \
	-Wl,--wrap=realloc

# Shared by the tests of conditions.
%C%_test_conditions_SOURCES = \
	%D%/conditions.c \
	%D%/conditions.h \
	%D%/test_conditions.c
%C%_test_conditions_fifo_SOURCES = \
	%D%/conditions.c \
	%D%/conditions.h \
	%D%/test_conditions_fifo.c

# Shared by the tests of children, and by those of signals.
%C%_test_child_SOURCES = \
	%D%/children.c \
	%D%/children.h \
	%D%/test_child.c
%C%_test_child_status_SOURCES = \
	%D%/children.c \
	%D%/children.h \
	%D%/test_child_status.c
%C%_test_signals_SOURCES = \
	%D%/signal_sources.c \
	%D%/signal_sources.h \
	%D%/test_signals.c
%C%_test_signals_shared_SOURCES = \
	%D%/signal_sources.c \
	%D%/signal_sources.h \
	%D%/test_signals_shared.c

# The tests of the programs in doc.
%C%_test_examples_SOURCES = \
	%D%/programs.c \
	%D%/programs.h \
	%D%/test_examples.c
%C%_test_tutorial_SOURCES = \
	%D%/programs.c \
	%D%/programs.h \
	%D%/test_tutorial.c

# The test programs and what runs them, for tests of an installed library.
# The tests of the programs in doc are about this build.
cmiotestsdir = $(libexecdir)/cmio-tests
install-tests: $(check_PROGRAMS)
	$(MKDIR_P) '$(DESTDIR)$(cmiotestsdir)'
	@for program in $(check_PROGRAMS); do \
		case $$program in \
		*/test_examples$(EXEEXT)) continue ;; \
		*/test_tutorial$(EXEEXT)) continue ;; \
		*/test_*) ;; \
		*) continue ;; \
		esac; \
		echo " install $$program"; \
		$(LIBTOOL) --silent --tag=CC --mode=install \
		    $(INSTALL_PROGRAM) "$$program" \
		    '$(DESTDIR)$(cmiotestsdir)' || exit 1; \
	done
	$(INSTALL_SCRIPT) '$(srcdir)/%D%/run.sh' \
	    '$(DESTDIR)$(cmiotestsdir)/run'

uninstall-tests:
	-rm -f '$(DESTDIR)$(cmiotestsdir)/run' \
	    '$(DESTDIR)$(cmiotestsdir)'/test_*
	-rmdir '$(DESTDIR)$(cmiotestsdir)' 2>/dev/null

.PHONY: install-tests uninstall-tests
