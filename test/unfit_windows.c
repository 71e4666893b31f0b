/* SPDX-License-Identifier: MIT */
/*
 * Tests that cannot pass on Windows, because they are about Unix, and tests
 * that cannot pass under Wine, with what Windows itself does.
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

#define NO_FILE	"there are no such files, and no descriptors of files"
#define NO_ICMP	"SIO_UDP_CONNRESET is off: no unreachable peer is reported"
#define NO_MSG	"there is no cmio_recvmsg, which alone says so"
#define NO_NEST	"a completion port is no socket, and cannot be registered"
#define NO_PAIR	"there are no pairs of AF_UNIX"
#define NO_PIPE	"pipes and AF_UNIX pairs are TCP connections in these tests"
#define NO_SHUTDOWN "AFD does not report a socket's own shutdown"
#define NO_SIGNAL "there are no such signals"

static const struct unfit on_windows[] = {
	{ "accept_without_descriptors_may_be_tried_again",
	    "there is no limit of handles to be reached" },
	{ "closed_reader_makes_a_full_pipe_writable", NO_PIPE },
	{ "closed_reader_makes_a_pipe_writable", NO_PIPE },
	{ "closed_unix_peer_is_both_closed", NO_PIPE },
	{ "closed_writer_makes_an_empty_pipe_readable", NO_PIPE },
	{ "datagram_longer_than_the_buffer_is_cut_off", NO_MSG },
	{ "error_of_a_datagram_never_closes_writing", NO_ICMP },
	{ "exclusive_is_a_hint_on_every_kind_of_source", NO_NEST },
	{ "file_folder_and_null_device_are_eperm", NO_FILE },
	{ "file_of_proc_that_can_be_waited_for_is_taken", NO_FILE },
	{ "handing_out_the_descriptor_shows_what_was_triggered", NO_NEST },
	{ "handler_that_interrupts_the_waiter_loses_no_wake", NO_SIGNAL },
	{ "hang_up_is_reported_again_and_again_by_level", NO_PIPE },
	{ "hang_up_of_a_source_for_priority_only_is_reported_once", NO_PIPE },
	{ "listener_may_have_an_address_again_at_once",
	    "it may without SO_REUSEADDR, which is something else here" },
	{ "local_shutdown_of_both_is_both_closed", NO_SHUTDOWN },
	{ "no_wake_of_an_inner_poll_is_lost", NO_NEST },
	{ "own_shutdown_of_both_is_write_closed", NO_SHUTDOWN },
	{ "own_shutdown_of_reading_is_read_closed", NO_SHUTDOWN },
	{ "pipe_without_a_reader_is_write_closed_when_registered", NO_PIPE },
	{ "pipe_without_a_reader_is_write_closed_when_reregistered", NO_PIPE },
	{ "poll_in_a_poll_is_readable_when_it_has_events", NO_NEST },
	{ "refused_datagram_is_an_error_and_no_end", NO_ICMP },
	{ "refused_datagram_is_no_closed_end", NO_ICMP },
	{ "signal_ends_a_wait_with_eintr", NO_SIGNAL },
	{ "signal_ends_a_wait_with_user_event_with_eintr", NO_SIGNAL },
	{ "signal_handler_may_wake", NO_SIGNAL },
	{ "socket_lives_on_after_a_refused_datagram", NO_ICMP },
	{ "trigger_shows_outside_once_the_descriptor_was_given", NO_NEST },
	{ "sources_of_cmio_are_known_to_be_streams", NO_PAIR },
	{ "ttl_of_other_sockets_is_eopnotsupp", NO_PAIR },
	{ "unix_datagram_socket_is_no_udp_socket", NO_PAIR },
	{ "unread_data_of_closed_unix_peer_is_an_error", NO_PIPE },
	{ "vectors_have_a_length", NO_PAIR },
};

#define NO_NOTSOCK "Wine has other errors than Windows' WSAENOTSOCK for a pipe"

#define NO_CONTROL "Wine ignores the control data of WSASendMsg()"

static const struct unfit on_wine[] = {
	{ "answer_comes_from_the_address_that_was_asked", NO_CONTROL },
	{ "any_number_of_events_comes_through_any_wait",
	    "Wine reports an end when the data was read, Windows at once" },
	{ "end_of_a_stream_is_no_short_read",
	    "Wine reports an end when the data was read, Windows at once" },
	{ "error_of_a_connection_can_be_taken_once",
	    "Wine leaves SO_ERROR as it is, Windows clears it" },
	{ "groups_may_be_joined_and_left",
	    "Wine says WSAEINVAL, Windows WSAEADDRNOTAVAIL" },
	{ "interface_that_is_not_there_is_an_error", NO_CONTROL },
	{ "ipv4_peer_of_an_ipv6_socket_is_answered_alike", NO_CONTROL },
	{ "ipv6_groups_may_be_joined_and_left",
	    "Wine says WSAEINVAL, Windows WSAEADDRNOTAVAIL" },
	{ "linger_of_0_resets_the_connection",
	    "Wine 8 reads a reset as the end, Windows as WSAECONNRESET" },
	{ "name_has_one_listener",
	    "Wine 8 ignores FILE_FLAG_FIRST_PIPE_INSTANCE, Windows does not" },
	{ "number_is_another_thread_s_half_made_socket",
	    "Wine's server ends if AFD is asked about a handle without a "
	    "socket" },
	{ "option_of_a_pipe_is_enotsock", NO_NOTSOCK },
	{ "peer_of_another_family_is_refused",
	    "Wine says WSAEOPNOTSUPP, Windows WSAEAFNOSUPPORT" },
	{ "peer_that_closes_is_reported_while_data_waits",
	    "Wine reports it when the data was read, Windows at once" },
	{ "pipe_is_no_socket", NO_NOTSOCK },
	{ "refused_connection_says_so_when_it_ends",
	    "Wine leaves SO_ERROR as it is, Windows clears it" },
	{ "unconnected_socket_sends_only_with_an_address",
	    "Wine has another error than Windows' WSAENOTCONN" },
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
