# SPDX-License-Identifier: MIT

# The programs of cmio-recipes(7), built by "make check" and run by
# test/recipes.sh.  test/pages.sh compares them with the page.
if NET
if HAVE_SIGACTION
check_PROGRAMS += \
	%D%/back_pressure \
	%D%/batch \
	%D%/child \
	%D%/descriptors \
	%D%/fork \
	%D%/half_close \
	%D%/listeners \
	%D%/shutdown \
	%D%/signals \
	%D%/stdin \
	%D%/thread_pool \
	%D%/timers
endif
endif

%C%_back_pressure_CPPFLAGS = $(example_cppflags)
%C%_back_pressure_LDADD = $(example_libs)
%C%_batch_CPPFLAGS = $(example_cppflags)
%C%_batch_LDADD = $(example_libs)
%C%_child_CPPFLAGS = $(example_cppflags)
%C%_child_LDADD = $(example_libs)
%C%_descriptors_CPPFLAGS = $(example_cppflags)
%C%_descriptors_LDADD = $(example_libs)
%C%_fork_CPPFLAGS = $(example_cppflags)
%C%_fork_LDADD = $(example_libs)
%C%_half_close_CPPFLAGS = $(example_cppflags)
%C%_half_close_LDADD = $(example_libs)
%C%_listeners_CPPFLAGS = $(example_cppflags)
%C%_listeners_LDADD = $(example_libs)
%C%_shutdown_CPPFLAGS = $(example_cppflags)
%C%_shutdown_LDADD = $(example_libs)
%C%_signals_CPPFLAGS = $(example_cppflags)
%C%_signals_LDADD = $(example_libs)
%C%_stdin_CPPFLAGS = $(example_cppflags)
%C%_stdin_LDADD = $(example_libs)
%C%_thread_pool_CPPFLAGS = $(example_cppflags)
%C%_thread_pool_LDADD = $(example_libs)
%C%_timers_CPPFLAGS = $(example_cppflags)
%C%_timers_LDADD = $(example_libs)

# They are installed as text, to be read and copied.
recipesdir = $(docdir)/recipes
dist_recipes_DATA = \
	%D%/back_pressure.c \
	%D%/batch.c \
	%D%/child.c \
	%D%/descriptors.c \
	%D%/fork.c \
	%D%/half_close.c \
	%D%/listeners.c \
	%D%/shutdown.c \
	%D%/signals.c \
	%D%/stdin.c \
	%D%/thread_pool.c \
	%D%/timers.c
