# SPDX-License-Identifier: MIT

# What both libraries need and neither exports.
noinst_LTLIBRARIES += libcmio-port.la
libcmio_port_la_SOURCES = \
	%D%/port/accept.h \
	%D%/port/api.h \
	%D%/port/api_net.h \
	%D%/port/calls.h \
	%D%/port/cancel.h \
	%D%/port/cancel_none.h \
	%D%/port/cancel_pthread.h \
	%D%/port/clock.h \
	%D%/port/control.h \
	%D%/port/endpoint.h \
	%D%/port/find_kind.h \
	%D%/port/flags.h \
	%D%/port/kind.h \
	%D%/port/lock.h \
	%D%/port/nosigpipe.h \
	%D%/port/probe.h \
	%D%/port/probe_none.h \
	%D%/port/probe_sdt.h \
	%D%/port/result.h \
	%D%/port/sa_len.h \
	%D%/port/single_threaded.h \
	%D%/port/single_threaded_libc.h \
	%D%/port/single_threaded_unknown.h \
	%D%/port/socket.h \
	%D%/port/text.c \
	%D%/port/text.h \
	%D%/port/timeout.c
if WINDOWS
libcmio_port_la_SOURCES += \
	%D%/port/accept_windows.c \
	%D%/port/api_windows.h \
	%D%/port/calls_windows.c \
	%D%/port/calls_windows.h \
	%D%/port/clock_windows.c \
	%D%/port/control_windows.h \
	%D%/port/error_windows.c \
	%D%/port/error_windows.h \
	%D%/port/find_kind_windows.c \
	%D%/port/flags_windows.c \
	%D%/port/lock_windows.h \
	%D%/port/nosigpipe_none.c \
	%D%/port/overlapped.c \
	%D%/port/overlapped.h \
	%D%/port/sa_len_none.c \
	%D%/port/socket_windows.c \
	%D%/port/winsock.c \
	%D%/port/winsock.h
else
libcmio_port_la_SOURCES += \
	%D%/port/accept.c \
	%D%/port/api_process.h \
	%D%/port/calls_posix.h \
	%D%/port/clock_posix.c \
	%D%/port/close.h \
	%D%/port/control_posix.h \
	%D%/port/find_kind_posix.c \
	%D%/port/flags.c \
	%D%/port/lock_pthread.h \
	%D%/port/pipe.c \
	%D%/port/pipe.h \
	%D%/port/ppoll.h \
	%D%/port/socket.c \
	%D%/port/wakefd.c \
	%D%/port/wakefd.h
if HAVE_ACCEPT4
libcmio_port_la_SOURCES += %D%/port/accept_accept4.c
else
libcmio_port_la_SOURCES += %D%/port/accept_fcntl.c
endif
if HAVE_SO_NOSIGPIPE
libcmio_port_la_SOURCES += %D%/port/nosigpipe_option.c
else
libcmio_port_la_SOURCES += %D%/port/nosigpipe_none.c
endif
if HAVE_PIPE2
libcmio_port_la_SOURCES += %D%/port/pipe_pipe2.c
else
libcmio_port_la_SOURCES += %D%/port/pipe_fcntl.c
endif
if HAVE_PPOLL
libcmio_port_la_SOURCES += %D%/port/ppoll_ppoll.c
else
libcmio_port_la_SOURCES += %D%/port/ppoll_poll.c
endif
if HAVE_SA_LEN
libcmio_port_la_SOURCES += %D%/port/sa_len_member.c
else
libcmio_port_la_SOURCES += %D%/port/sa_len_none.c
endif
if HAVE_SOCK_CLOEXEC
libcmio_port_la_SOURCES += %D%/port/socket_flags.c
else
libcmio_port_la_SOURCES += %D%/port/socket_fcntl.c
endif
if WAKER_EVENTFD
libcmio_port_la_SOURCES += %D%/port/wakefd_eventfd.c
else
libcmio_port_la_SOURCES += %D%/port/wakefd_pipe.c
endif
endif

# libcmio: the set of sources, on every selector that configure found.
lib_LTLIBRARIES += libcmio.la
libcmio_la_LIBADD = libcmio-port.la
libcmio_la_SOURCES = \
	%D%/cmio.c \
	%D%/ready_format.c \
	%D%/selector/selector.h \
	%D%/selector/selectors.c \
	%D%/selector/user_event.c \
	%D%/selector/user_event.h \
	%D%/selector/wait.c
if !WINDOWS
libcmio_la_SOURCES += \
	%D%/selector/fd_table.c \
	%D%/selector/fd_table.h
endif
if SELECTOR_EPOLL
libcmio_la_SOURCES += \
	%D%/selector/epoll/bits.c \
	%D%/selector/epoll/bits.h \
	%D%/selector/epoll/epoll.c \
	%D%/selector/epoll/epoll.h \
	%D%/selector/epoll/ns.h \
	%D%/selector/epoll/set.c \
	%D%/selector/epoll/wait.c \
	%D%/selector/pollable_other_epoll.c
if HAVE_EPOLL_PWAIT2
libcmio_la_SOURCES += %D%/selector/epoll/ns_pwait2.c
else
libcmio_la_SOURCES += %D%/selector/epoll/ns_none.c
endif
else
if !WINDOWS
libcmio_la_SOURCES += %D%/selector/pollable_other_any.c
endif
endif
if SELECTOR_KQUEUE
libcmio_la_SOURCES += \
	%D%/selector/kqueue/bits.c \
	%D%/selector/kqueue/bits.h \
	%D%/selector/kqueue/changes.c \
	%D%/selector/kqueue/changes.h \
	%D%/selector/kqueue/events.c \
	%D%/selector/kqueue/events.h \
	%D%/selector/kqueue/kqueue.c \
	%D%/selector/kqueue/kqueue.h \
	%D%/selector/kqueue/native.c \
	%D%/selector/kqueue/native.h \
	%D%/selector/kqueue/open.h \
	%D%/selector/kqueue/source.c \
	%D%/selector/kqueue/source.h \
	%D%/selector/kqueue/tokens.c \
	%D%/selector/kqueue/tokens.h \
	%D%/selector/kqueue/user.h
if HAVE_KQUEUEX
libcmio_la_SOURCES += %D%/selector/kqueue/open_kqueuex.c
else
if HAVE_KQUEUE1
libcmio_la_SOURCES += %D%/selector/kqueue/open_kqueue1.c
else
libcmio_la_SOURCES += %D%/selector/kqueue/open_fcntl.c
endif
endif
if KQUEUE_USER
libcmio_la_SOURCES += %D%/selector/kqueue/user_evfilt.c
else
libcmio_la_SOURCES += %D%/selector/kqueue/user_none.c
endif
endif
if SELECTOR_EVPORT
libcmio_la_SOURCES += \
	%D%/selector/evport/associate.c \
	%D%/selector/evport/evport.c \
	%D%/selector/evport/evport.h
endif
if WINDOWS
libcmio_la_SOURCES += \
	%D%/errno_windows.c \
	%D%/selector/afd/afd.h \
	%D%/selector/afd/bits.c \
	%D%/selector/afd/bits.h \
	%D%/selector/afd/device.c \
	%D%/selector/afd/device.h \
	%D%/selector/afd/endpoints.c \
	%D%/selector/afd/packets.c \
	%D%/selector/afd/record.c \
	%D%/selector/afd/request.c \
	%D%/selector/afd/request.h \
	%D%/selector/afd/selector.c \
	%D%/selector/afd/table.c \
	%D%/selector/afd/table.h \
	%D%/selector/afd/wait.c
endif
if SELECTOR_POLL
libcmio_la_SOURCES += \
	%D%/selector/poll/change.c \
	%D%/selector/poll/poll.c \
	%D%/selector/poll/poll.h \
	%D%/selector/poll/set.c \
	%D%/selector/poll/set.h \
	%D%/selector/poll/wait.c
endif
if POLLABLE
libcmio_la_SOURCES += \
	%D%/selector/lasting.c \
	%D%/selector/lasting.h \
	%D%/selector/looks.c \
	%D%/selector/looks.h \
	%D%/selector/poll_bits.c \
	%D%/selector/poll_bits.h \
	%D%/selector/pollable.c \
	%D%/selector/pollable.h \
	%D%/selector/pollable_other.h \
	%D%/selector/record.c \
	%D%/selector/record.h
endif

# The maps list what is exported.  A linker that does not read them gets a list
# of the names.
if VERSION_SCRIPT
cmio_exports = -Wl,--version-script=$(srcdir)/%D%/libcmio.map
cmio_net_exports = -Wl,--version-script=$(srcdir)/%D%/libcmio-net.map
cmio_exports_file = %D%/libcmio.map
cmio_net_exports_file = %D%/libcmio-net.map
if WINDOWS
cmio_exports += -Wl,--version-script=$(srcdir)/%D%/libcmio-windows.map \
	-Wl,--output-def,.libs/libcmio.def
cmio_net_exports += \
	-Wl,--version-script=$(srcdir)/%D%/libcmio-net-windows.map \
	-Wl,--output-def,.libs/libcmio-net.def
endif
else
cmio_exports = -export-symbols %D%/libcmio.sym
cmio_net_exports = -export-symbols %D%/libcmio-net.sym
cmio_exports_file = %D%/libcmio.sym
cmio_net_exports_file = %D%/libcmio-net.sym
endif
libcmio_la_LDFLAGS = -no-undefined -version-info $(CMIO_ABI) \
	$(CMIO_LIBRARY_LDFLAGS) $(CMIO_LDFLAGS) $(cmio_exports)
EXTRA_libcmio_la_DEPENDENCIES = $(cmio_exports_file)
EXTRA_DIST += \
	%D%/libcmio-net-windows.map \
	%D%/libcmio-net.map \
	%D%/libcmio-windows.map \
	%D%/libcmio.map
CLEANFILES += %D%/libcmio.sym %D%/libcmio-net.sym
SUFFIXES = .map .sym
.map.sym:
	$(AM_V_GEN)$(MKDIR_P) $(@D) && \
	    sed -n 's/^	\(cmio_[a-z0-9_]*\);$$/\1/p' $< >$@

# libcmio-net: wakers, sockets and pipes, on what cmio.h declares.
if NET
lib_LTLIBRARIES += libcmio-net.la
libcmio_net_la_LIBADD = libcmio-port.la libcmio.la
libcmio_net_la_LDFLAGS = -no-undefined -version-info $(CMIO_NET_ABI) \
	$(CMIO_LIBRARY_LDFLAGS) $(CMIO_LDFLAGS) $(cmio_net_exports)
EXTRA_libcmio_net_la_DEPENDENCIES = $(cmio_net_exports_file)
libcmio_net_la_SOURCES = \
	%D%/net/addr.c \
	%D%/net/addr.h \
	%D%/net/addr_host.c \
	%D%/net/addr_number.c \
	%D%/net/connect.c \
	%D%/net/control.c \
	%D%/net/control.h \
	%D%/net/control_data.c \
	%D%/net/datagrams.c \
	%D%/net/datagrams.h \
	%D%/net/deferred.h \
	%D%/net/io.c \
	%D%/net/io.h \
	%D%/net/net.h \
	%D%/net/option.c \
	%D%/net/option.h \
	%D%/net/options.c \
	%D%/net/options_multicast.c \
	%D%/net/options_tcp.c \
	%D%/net/sockaddr.c \
	%D%/net/socket.c \
	%D%/net/tcp.c \
	%D%/net/udp.c \
	%D%/net/udp_enable.c \
	%D%/net/unix.c \
	%D%/net/waker.c
if HAVE_FASTOPEN_CONNECT
libcmio_net_la_SOURCES += %D%/net/deferred_fastopen.c
else
libcmio_net_la_SOURCES += %D%/net/deferred_none.c
endif
if HAVE_VSOCK
libcmio_net_la_SOURCES += %D%/net/addr_vsock.c
else
libcmio_net_la_SOURCES += %D%/net/addr_vsock_none.c
endif
if WINDOWS
libcmio_net_la_SOURCES += \
	%D%/net/adopt_windows.c \
	%D%/net/datagrams_windows.c \
	%D%/net/named_pipe.c \
	%D%/net/named_pipe.h \
	%D%/net/named_pipe_events.c \
	%D%/net/named_pipe_io.c \
	%D%/net/named_pipe_life.c \
	%D%/net/options_windows.c \
	%D%/net/pipe_windows.c
else
libcmio_net_la_SOURCES += \
	%D%/net/adopt.c \
	%D%/net/child.c \
	%D%/net/child.h \
	%D%/net/datagram_message.c \
	%D%/net/datagram_message.h \
	%D%/net/fds.c \
	%D%/net/message.c \
	%D%/net/peer_cred.c \
	%D%/net/peer_cred.h \
	%D%/net/pipe.c \
	%D%/net/signals.c \
	%D%/net/signals.h
if SIGNALS_KQUEUE
libcmio_net_la_SOURCES += \
	%D%/net/pending.h \
	%D%/net/queue.c \
	%D%/net/queue.h \
	%D%/net/signals_kqueue.c
if HAVE_SIGTIMEDWAIT
libcmio_net_la_SOURCES += %D%/net/pending_sigtimedwait.c
else
libcmio_net_la_SOURCES += %D%/net/pending_sigwait.c
endif
else
if SIGNALS_SIGNALFD
libcmio_net_la_SOURCES += %D%/net/signals_signalfd.c
else
libcmio_net_la_SOURCES += %D%/net/signals_none.c
endif
endif
if CHILD_KQUEUE
libcmio_net_la_SOURCES += %D%/net/child_kqueue.c
else
if CHILD_PIDFD
libcmio_net_la_SOURCES += %D%/net/child_pidfd.c
else
libcmio_net_la_SOURCES += %D%/net/child_none.c
endif
endif
if PEER_CRED_OPTION
libcmio_net_la_SOURCES += %D%/net/peer_cred_option.c
endif
if PEER_CRED_PEERPID
libcmio_net_la_SOURCES += %D%/net/peer_cred_peerpid.c
endif
if PEER_CRED_UNPCBID
libcmio_net_la_SOURCES += %D%/net/peer_cred_unpcbid.c
endif
if PEER_CRED_XUCRED
libcmio_net_la_SOURCES += %D%/net/peer_cred_xucred.c
endif
if PEER_CRED_UCRED
libcmio_net_la_SOURCES += %D%/net/peer_cred_ucred.c
endif
if PEER_CRED_EID
libcmio_net_la_SOURCES += %D%/net/peer_cred_eid.c
endif
if PEER_CRED_NONE
libcmio_net_la_SOURCES += %D%/net/peer_cred_none.c
endif
if DATAGRAMS_MMSG
libcmio_net_la_SOURCES += %D%/net/datagrams_mmsg.c
else
libcmio_net_la_SOURCES += %D%/net/datagrams_msg.c
endif
endif
if UDP_PKTINFO
libcmio_net_la_SOURCES += %D%/net/control_pktinfo.c
else
libcmio_net_la_SOURCES += %D%/net/control_dstaddr.c
endif
endif

# For linkers of Visual C++'s kind: the names of a DLL, and an import library.
EXTRA_DIST += %D%/import_library
if WINDOWS
install-exec-hook:
	for name in libcmio libcmio-net; do \
		test -f .libs/$$name.def || continue; \
		dll=`sed -n "s/^dlname='\(.*\)'/\1/p" $$name.la`; \
		LLVM_DLLTOOL='$(LLVM_DLLTOOL)' DLLTOOL='$(DLLTOOL)' $(SHELL) \
		    $(srcdir)/%D%/import_library .libs/$$name.def \
		    `basename $$dll` '$(DESTDIR)$(libdir)' \
		    '$(LLVM_MACHINE)' || exit 1; \
	done
uninstall-local:
	for name in cmio cmio-net; do \
		rm -f "$(DESTDIR)$(libdir)/$$name.def" \
		    "$(DESTDIR)$(libdir)/$$name.lib"; \
	done
endif
