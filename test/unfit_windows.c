/* SPDX-License-Identifier: MIT */
/*
 * What cannot pass on Windows, as it is of Unix alone, and what cannot under
 * Wine, with what Windows itself does.
 */
#include "config.h"

#include <windows.h>

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "unfit.h"

struct unfit {
	const char	*test;
	const char	*why;
};

#define NO_PIPE	"pipes and AF_UNIX pairs are TCP connections in these tests"
#define NO_FILE	"there are no such files, and no descriptors of files"
#define NO_NEST	"a completion port is no socket, and cannot be registered"

static const struct unfit on_windows[] = {
	{ "closed_reader_makes_a_full_pipe_writable", NO_PIPE },
	{ "closed_reader_makes_a_pipe_writable", NO_PIPE },
	{ "closed_unix_peer_is_both_closed", NO_PIPE },
	{ "closed_writer_makes_an_empty_pipe_readable", NO_PIPE },
	{ "exclusive_is_a_hint_on_every_kind_of_source", NO_NEST },
	{ "file_folder_and_null_device_are_eperm", NO_FILE },
	{ "file_of_proc_that_can_be_waited_for_is_taken", NO_FILE },
	{ "hang_up_is_told_again_and_again_by_level", NO_PIPE },
	{ "hang_up_of_a_source_for_priority_alone_is_told_once", NO_PIPE },
	{ "local_shutdown_of_both_is_both_closed",
	    "AFD tells a socket nothing about its own shutdown" },
	{ "poll_in_a_poll_is_readable_when_it_has_events", NO_NEST },
	{ "refused_datagram_is_an_error_and_no_end",
	    "a receive tells, as WSAECONNRESET, and readiness does not" },
	{ "signal_ends_a_wait_with_eintr", "there are no such signals" },
	{ "signal_ends_a_wait_with_user_event_with_eintr",
	    "there are no such signals" },
	{ "socket_lives_on_after_a_refused_datagram",
	    "a receive tells, as WSAECONNRESET, and readiness does not" },
	{ "unread_data_of_closed_unix_peer_is_an_error", NO_PIPE },
};

static const struct unfit on_wine[] = {
	{ "peer_that_closes_is_reported_while_data_waits",
	    "Wine tells when the data was read, Windows at once" },
};

static const char *
find(const struct unfit *list, size_t n, const char *test)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (strcmp(list[i].test, test) == 0)
			return list[i].why;
	return NULL;
}

static bool
is_wine(void)
{
	return GetProcAddress(GetModuleHandleA("ntdll"),
	    "wine_get_version") != NULL;
}

const char *
why_unfit(const char *test)
{
	const char *why;

	why = find(on_windows, sizeof(on_windows) / sizeof(on_windows[0]),
	    test);
	if (why == NULL && is_wine())
		why = find(on_wine, sizeof(on_wine) / sizeof(on_wine[0]),
		    test);
	return why;
}
