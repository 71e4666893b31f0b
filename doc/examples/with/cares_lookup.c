/* SPDX-License-Identifier: MIT */
/*
 * cares_lookup SERVERS NAME...: asks for the addresses of all names at once,
 * by c-ares 1.16 or later, and prints them in the form that
 * cmio_tcp_connect() takes.  SERVERS is "", for those of the system, or as in
 * 127.0.0.1:53,[::1]:53.
 *
 * c-ares opens the sockets and says what it waits for on each, and for how
 * long it waits at the most.  A name that needs TCP gets it.
 */
#include <sys/time.h>

#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <ares.h>

#include <cmio/net.h>

enum { MAX_SOCKETS = 64, MAX_EVENTS = 32 };

static struct cmio_poll *sources;
static struct cmio_source sockets[MAX_SOCKETS];
static ares_channel channel;
static int running, failures;

/* The socket's source; for CMIO_FD_NONE one that is free. */
static struct cmio_source *
find(cmio_fd fd)
{
	int i;

	for (i = 0; i < MAX_SOCKETS; i++)
		if (sockets[i].fd == fd)
			return &sockets[i];
	return NULL;
}

/*
 * c-ares waits for other directions, or closes the socket next (0 and 0).  It
 * does not always read until EAGAIN, so the sockets are level-triggered.  A
 * token is the socket's number: c-ares ignores one that it has closed.
 */
static void
on_state(void *data, ares_socket_t fd, int readable, int writable)
{
	struct cmio_source *source = find(fd);
	unsigned int interest = CMIO_LEVEL;
	int result;

	(void)data;
	if (!readable && !writable) {
		if (source != NULL)
			cmio_release(source);
		return;
	}
	if (readable)
		interest |= CMIO_READABLE;
	if (writable)
		interest |= CMIO_WRITABLE;
	if (source != NULL) {
		result = cmio_reregister(sources, source, (uintptr_t)fd,
		    interest);
	} else {
		source = find(CMIO_FD_NONE);
		if (source == NULL)
			errx(1, "more than %d sockets", MAX_SOCKETS);
		cmio_source_init(source, fd);
		result = cmio_register(sources, source, (uintptr_t)fd,
		    interest);
	}
	if (result == -1)
		err(1, "cannot watch a socket of c-ares");
}

static void
print_address(const char *name, const struct ares_addrinfo_node *node)
{
	struct cmio_addr addr = { .len = node->ai_addrlen };
	char text[128];

	memcpy(&addr.ss, node->ai_addr, node->ai_addrlen);
	if (cmio_addr_format(&addr, text, sizeof(text)) != -1)
		printf("%s %s\n", name, text);
}

static void
on_result(void *name, int status, int timeouts, struct ares_addrinfo *result)
{
	struct ares_addrinfo_node *node;

	(void)timeouts;
	running--;
	if (status != ARES_SUCCESS) {
		failures++;
		printf("%s: %s\n", (char *)name, ares_strerror(status));
		return;
	}
	for (node = result->nodes; node != NULL; node = node->ai_next)
		print_address(name, node);
	ares_freeaddrinfo(result);
}

static void
ask(char *name)
{
	struct ares_addrinfo_hints hints = {
		.ai_flags = ARES_AI_NUMERICSERV,
		.ai_family = AF_UNSPEC,
		.ai_socktype = SOCK_STREAM
	};

	running++;
	ares_getaddrinfo(channel, name, "80", &hints, on_result, name);
}

static void
start(const char *servers)
{
	struct ares_options options = { .sock_state_cb = on_state };
	int i, status;

	for (i = 0; i < MAX_SOCKETS; i++)
		cmio_source_init(&sockets[i], CMIO_FD_NONE);
	sources = cmio_poll_new(NULL);
	if (sources == NULL)
		err(1, "cmio_poll_new");
	status = ares_library_init(ARES_LIB_INIT_ALL);
	if (status == ARES_SUCCESS)
		status = ares_init_options(&channel, &options,
		    ARES_OPT_SOCK_STATE_CB);
	if (status == ARES_SUCCESS && servers[0] != '\0')
		status = ares_set_servers_ports_csv(channel, servers);
	if (status != ARES_SUCCESS)
		errx(1, "c-ares: %s", ares_strerror(status));
}

/* Nanoseconds until c-ares wants to be called without an event. */
static int64_t
timeout(void)
{
	struct timeval tv, *left = ares_timeout(channel, NULL, &tv);

	if (left == NULL)
		return -1;
	return (int64_t)left->tv_sec * 1000000000 + left->tv_usec * 1000;
}

static void
serve(const struct cmio_event *event)
{
	ares_socket_t fd = (ares_socket_t)event->token;
	uint32_t in = CMIO_READABLE | CMIO_READ_CLOSED | CMIO_ERROR;

	ares_process_fd(channel, event->ready & in ? fd : ARES_SOCKET_BAD,
	    event->ready & CMIO_WRITABLE ? fd : ARES_SOCKET_BAD);
}

int
main(int argc, char **argv)
{
	struct cmio_event events[MAX_EVENTS];
	int i, n;

	if (argc < 3)
		errx(1, "usage: cares_lookup SERVERS NAME...");
	start(argv[1]);
	for (i = 2; i < argc; i++)
		ask(argv[i]);
	while (running > 0) {
		n = cmio_poll_wait(sources, events, MAX_EVENTS, timeout());
		if (n == -1 && errno != EINTR)
			err(1, "cmio_poll_wait");
		for (i = 0; i < n; i++)
			serve(&events[i]);
		/* Whose time is over. */
		ares_process_fd(channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
	}
	ares_destroy(channel);
	ares_library_cleanup();
	cmio_poll_unref(sources);
	return failures > 0;
}
