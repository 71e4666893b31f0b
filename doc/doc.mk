# SPDX-License-Identifier: MIT

# The manual pages.  A page that describes several functions is installed
# under each of their names, taken from its NAME.
man7_pages = \
	%D%/cmio-migration.7 \
	%D%/cmio-recipes.7 \
	%D%/cmio-tutorial.7 \
	%D%/cmio.7
man3_core_pages = \
	%D%/cmio_poll_new.3 \
	%D%/cmio_poll_wait.3 \
	%D%/cmio_ready_format.3 \
	%D%/cmio_rearm.3 \
	%D%/cmio_register.3 \
	%D%/cmio_source_init.3 \
	%D%/cmio_user_event_add.3 \
	%D%/cmio_version.3
man3_net_pages = \
	%D%/cmio_accept.3 \
	%D%/cmio_addr_parse.3 \
	%D%/cmio_adopt.3 \
	%D%/cmio_close.3 \
	%D%/cmio_connect.3 \
	%D%/cmio_join_multicast_v4.3 \
	%D%/cmio_local_addr.3 \
	%D%/cmio_pipe.3 \
	%D%/cmio_read.3 \
	%D%/cmio_recv.3 \
	%D%/cmio_recv_datagrams.3 \
	%D%/cmio_set_nodelay.3 \
	%D%/cmio_socket.3 \
	%D%/cmio_tcp_listen.3 \
	%D%/cmio_udp_bind.3 \
	%D%/cmio_udp_enable.3 \
	%D%/cmio_unix_listen.3 \
	%D%/cmio_waker_new.3
# Installed only on Unix.
man3_unix_net_pages = \
	%D%/cmio_child_open.3 \
	%D%/cmio_peer_cred.3 \
	%D%/cmio_send_fds.3 \
	%D%/cmio_signals_open.3
# Installed only on Windows.
man3_windows_core_pages = \
	%D%/cmio_associate.3 \
	%D%/cmio_errno.3
man3_windows_net_pages = \
	%D%/cmio_named_pipe_listen.3 \
	%D%/cmio_set_exclusiveaddruse.3

man_MANS = $(man7_pages) $(man3_core_pages)
if NET
man_MANS += $(man3_net_pages)
endif
if WINDOWS
man_MANS += $(man3_windows_core_pages)
if NET
man_MANS += $(man3_windows_net_pages)
endif
else
if NET
man_MANS += $(man3_unix_net_pages)
endif
endif

pages = \
	$(man7_pages) \
	$(man3_core_pages) \
	$(man3_net_pages) \
	$(man3_unix_net_pages) \
	$(man3_windows_core_pages) \
	$(man3_windows_net_pages)
EXTRA_DIST += \
	$(pages) \
	%D%/ABI \
	%D%/HACKING \
	%D%/PACKAGERS \
	%D%/PERFORMANCE \
	%D%/PORTING \
	%D%/SECURITY \
	%D%/TESTING \
	%D%/abi/constants \
	%D%/abi/libcmio-net.abi \
	%D%/abi/libcmio.abi \
	%D%/include_programs \
	%D%/page_links \
	%D%/performance/add.svg \
	%D%/performance/chain-instructions.svg \
	%D%/performance/chain-poll.svg \
	%D%/performance/chain.svg \
	%D%/performance/change.svg \
	%D%/performance/dispatch-instructions.svg \
	%D%/performance/dispatch.svg \
	%D%/performance/echo-4096-p99.svg \
	%D%/performance/echo-4096.svg \
	%D%/performance/echo-64-p99.svg \
	%D%/performance/echo-64.svg \
	%D%/performance/remove.svg \
	%D%/performance/udp4-1.svg \
	%D%/performance/udp4-16.svg \
	%D%/performance/udp6-1.svg \
	%D%/performance/udp6-16.svg \
	%D%/pages.css \
	%D%/pages_html \
	%D%/site/contents \
	%D%/site/highlight.awk \
	%D%/site/search.js

page_links = srcdir='$(srcdir)' man3dir='$(DESTDIR)$(man3dir)' \
	$(SHELL) $(srcdir)/%D%/page_links

# Some systems keep a list of the libraries that are installed.
install-data-hook:
	$(page_links) install $(man_MANS)
	@test -n "$(DESTDIR)" || { \
	    echo "If a program does not find the libraries in $(libdir)"; \
	    echo "when it starts, run ldconfig as root."; }

uninstall-hook:
	$(page_links) uninstall $(man_MANS)

# Puts the programs of doc/tutorial and doc/recipes into their pages.
.PHONY: include-programs
include-programs:
	cd $(srcdir) && $(SHELL) %D%/include_programs $(man7_pages)

# The web site, in doc/html.
.PHONY: html-pages
html-local: html-pages
html-pages:
	$(AM_V_GEN)MANDOC='$(MANDOC)' $(SHELL) $(srcdir)/%D%/pages_html \
	    $(srcdir)/%D% %D%/html
clean-local: clean-pages
.PHONY: clean-pages
clean-pages:
	rm -rf %D%/html
