# SPDX-License-Identifier: MIT

# The programs of cmio-tutorial(7), built by "make check" and run by
# test/test_tutorial.  test/pages.sh compares them with the page.
if NET
if HAVE_SIGACTION
check_PROGRAMS += \
	%D%/01_poll \
	%D%/02_listen \
	%D%/03_greet \
	%D%/04_read \
	%D%/05_broadcast \
	%D%/06_queue \
	%D%/07_lines \
	%D%/08_back_pressure \
	%D%/09_limits \
	%D%/10_chat
endif
endif

%C%_01_poll_CPPFLAGS = $(example_cppflags)
%C%_01_poll_LDADD = $(example_libs)
%C%_02_listen_CPPFLAGS = $(example_cppflags)
%C%_02_listen_LDADD = $(example_libs)
%C%_03_greet_CPPFLAGS = $(example_cppflags)
%C%_03_greet_LDADD = $(example_libs)
%C%_04_read_CPPFLAGS = $(example_cppflags)
%C%_04_read_LDADD = $(example_libs)
%C%_05_broadcast_CPPFLAGS = $(example_cppflags)
%C%_05_broadcast_LDADD = $(example_libs)
%C%_06_queue_CPPFLAGS = $(example_cppflags)
%C%_06_queue_LDADD = $(example_libs)
%C%_07_lines_CPPFLAGS = $(example_cppflags)
%C%_07_lines_LDADD = $(example_libs)
%C%_08_back_pressure_CPPFLAGS = $(example_cppflags)
%C%_08_back_pressure_LDADD = $(example_libs)
%C%_09_limits_CPPFLAGS = $(example_cppflags)
%C%_09_limits_LDADD = $(example_libs)
%C%_10_chat_CPPFLAGS = $(example_cppflags)
%C%_10_chat_LDADD = $(example_libs)

# They are installed as text, to be read and copied.
tutorialdir = $(docdir)/tutorial
dist_tutorial_DATA = \
	%D%/01_poll.c \
	%D%/02_listen.c \
	%D%/03_greet.c \
	%D%/04_read.c \
	%D%/05_broadcast.c \
	%D%/06_queue.c \
	%D%/07_lines.c \
	%D%/08_back_pressure.c \
	%D%/09_limits.c \
	%D%/10_chat.c
