# SPDX-License-Identifier: MIT

# The examples: one file each, made with the public headers alone, built by
# "make check" and run by test/test_examples.
if NET
examples = \
	%D%/echo_client \
	%D%/quick_start
if HAVE_SIGACTION
examples += \
	%D%/chat_server \
	%D%/run_children \
	%D%/tcp_echo_server \
	%D%/tcp_listenfd_server \
	%D%/udp_echo_server \
	%D%/udp_transfer \
	%D%/watch_all
endif
check_PROGRAMS += $(examples)
endif

example_cppflags = -I$(top_srcdir)/include
example_libs = libcmio-net.la libcmio.la $(THREAD_LIBS)

doc_examples_chat_server_CPPFLAGS = $(example_cppflags)
doc_examples_chat_server_LDADD = $(example_libs)
doc_examples_echo_client_CPPFLAGS = $(example_cppflags)
doc_examples_echo_client_LDADD = $(example_libs)
doc_examples_quick_start_CPPFLAGS = $(example_cppflags)
doc_examples_quick_start_LDADD = $(example_libs)
doc_examples_run_children_CPPFLAGS = $(example_cppflags)
doc_examples_run_children_LDADD = $(example_libs)
doc_examples_tcp_echo_server_CPPFLAGS = $(example_cppflags)
doc_examples_tcp_echo_server_LDADD = $(example_libs)
doc_examples_tcp_listenfd_server_CPPFLAGS = $(example_cppflags)
doc_examples_tcp_listenfd_server_LDADD = $(example_libs)
doc_examples_udp_echo_server_CPPFLAGS = $(example_cppflags)
doc_examples_udp_echo_server_LDADD = $(example_libs)
doc_examples_udp_transfer_CPPFLAGS = $(example_cppflags)
doc_examples_udp_transfer_LDADD = $(example_libs)
doc_examples_watch_all_CPPFLAGS = $(example_cppflags)
doc_examples_watch_all_LDADD = $(example_libs)

# They are installed as text, to be read and copied.
examplesdir = $(docdir)/examples
dist_examples_DATA = \
	%D%/chat_server.c \
	%D%/echo_client.c \
	%D%/quick_start.c \
	%D%/run_children.c \
	%D%/tcp_echo_server.c \
	%D%/tcp_listenfd_server.c \
	%D%/udp_echo_server.c \
	%D%/udp_transfer.c \
	%D%/watch_all.c

# cmio under other libraries and in other languages: test/with builds each as
# a reader would, if there is what it needs.
withexamplesdir = $(examplesdir)/with
dist_withexamples_DATA = \
	%D%/with/cares_lookup.c \
	%D%/with/cmio_cffi.py \
	%D%/with/curl_multi.c \
	%D%/with/glib_nested.c \
	%D%/with/raii.cc \
	%D%/with/redis_async.c \
	%D%/with/tls_echo_server.c
