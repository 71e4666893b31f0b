/* SPDX-License-Identifier: MIT */
/*
 * tls_echo_server CERTIFICATE KEY [ADDRESS]: an echo server for TLS, with
 * OpenSSL 1.1 or 3.
 *
 * SSL_read() may have to write, and SSL_write() to read: for the handshake, or
 * for new keys.  So a client is registered for both directions, and after any
 * event the operation that could not go on is tried again, with the same
 * arguments.  OpenSSL calls read(2) and write(2) by itself, and says which of
 * them has answered EAGAIN: that is passed on to cmio_rearm().
 */
#include <err.h>
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <cmio/net.h>

enum { MAX_CLIENTS = 1024, MAX_EVENTS = 128 };
enum { TURN = 16 };		/* steps for one client before the others' */
enum { SOON = 100000000 };	/* nanoseconds */
#define BOTH	(CMIO_READABLE | CMIO_WRITABLE)

struct client {
	struct cmio_source	 stream;
	SSL			*ssl;
	bool			 ending;	/* close_notify was received */
	int			 sent, len;	/* of what is in buf */
	char			 buf[4096];
};

static struct cmio_poll *sources;
static struct cmio_source listener;
static struct client clients[MAX_CLIENTS];
static SSL_CTX *context;

static void
prepare_tls(const char *certificate, const char *key)
{
	context = SSL_CTX_new(TLS_server_method());
	if (context == NULL ||
	    SSL_CTX_use_certificate_chain_file(context, certificate) != 1 ||
	    SSL_CTX_use_PrivateKey_file(context, key, SSL_FILETYPE_PEM) != 1) {
		ERR_print_errors_fp(stderr);
		errx(1, "cannot prepare TLS");
	}
	SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE);
	signal(SIGPIPE, SIG_IGN);	/* OpenSSL's write(2) would raise it */
}

static void
drop(struct client *client)
{
	SSL_free(client->ssl);
	cmio_close(&client->stream);
}

/* One operation: 1 go on, 0 wait for the next event, -1 it is over. */
static int
step(struct client *client)
{
	int n;

	ERR_clear_error();
	if (client->ending) {
		n = SSL_shutdown(client->ssl);	/* our close_notify */
		if (n >= 0)
			return -1;
	} else if (client->sent < client->len) {
		n = SSL_write(client->ssl, client->buf + client->sent,
		    client->len - client->sent);
		client->sent += n > 0 ? n : 0;
	} else {
		n = SSL_read(client->ssl, client->buf, sizeof(client->buf));
		client->sent = 0;
		client->len = n > 0 ? n : 0;
	}
	if (n > 0)
		return 1;
	switch (SSL_get_error(client->ssl, n)) {
	case SSL_ERROR_WANT_READ:
		return cmio_rearm(&client->stream, CMIO_READABLE);
	case SSL_ERROR_WANT_WRITE:
		return cmio_rearm(&client->stream, CMIO_WRITABLE);
	case SSL_ERROR_ZERO_RETURN:
		client->ending = true;
		return 1;
	default:	/* or the peer has gone without a close_notify */
		return -1;
	}
}

/*
 * OpenSSL may hold data that it has read, for which no event comes.  So a
 * client goes on until OpenSSL wants an event; if its turn ends before, it is
 * registered again, and reported again as it is writable.
 */
static void
serve(struct client *client)
{
	int i, more = 1;

	if (client->stream.fd == CMIO_FD_NONE)
		return;
	for (i = 0; i < TURN && more == 1; i++)
		more = step(client);
	if (more == 1 && cmio_reregister(sources, &client->stream,
	    (uintptr_t)client, BOTH) == -1)
		more = -1;
	if (more == -1)
		drop(client);
}

static int
welcome(struct client *client)
{
	client->ending = false;
	client->sent = client->len = 0;
	client->ssl = SSL_new(context);
	if (client->ssl == NULL ||
	    SSL_set_fd(client->ssl, client->stream.fd) != 1)
		return -1;
	SSL_set_accept_state(client->ssl);
	return cmio_register(sources, &client->stream, (uintptr_t)client,
	    BOTH);
}

/* Until EAGAIN; false if it has to be tried again without an event. */
static bool
accept_all(void)
{
	struct client *client = clients;

	while (client < clients + MAX_CLIENTS) {
		if (client->stream.fd != CMIO_FD_NONE)
			client++;
		else if (cmio_accept(&listener, &client->stream, NULL) == -1) {
			if (errno != EINTR && errno != ECONNABORTED)
				return errno == EAGAIN;
		} else if (welcome(client) == -1)
			drop(client);
	}
	return false;
}

static void
start(const char *address)
{
	struct cmio_addr addr;
	char text[128];
	int i;

	for (i = 0; i < MAX_CLIENTS; i++)
		cmio_source_init(&clients[i].stream, CMIO_FD_NONE);
	sources = cmio_poll_new(NULL);
	if (sources == NULL || cmio_addr_parse(&addr, address) == -1 ||
	    cmio_tcp_listen(&listener, &addr) == -1 || cmio_register(sources,
	    &listener, 0, CMIO_READABLE) == -1 ||
	    cmio_local_addr(&listener, &addr) == -1)
		err(1, "listen on %s", address);
	cmio_addr_format(&addr, text, sizeof(text));
	printf("listening on %s\n", text);
	fflush(stdout);
}

int
main(int argc, char **argv)
{
	struct cmio_event events[MAX_EVENTS];
	bool complete = true;
	int i, n;

	if (argc < 3)
		errx(1, "usage: tls_echo_server CERTIFICATE KEY [ADDRESS]");
	prepare_tls(argv[1], argv[2]);
	start(argc > 3 ? argv[3] : "127.0.0.1:13265");
	for (;;) {
		n = cmio_poll_wait(sources, events, MAX_EVENTS,
		    complete ? -1 : SOON);
		if (n == -1 && errno != EINTR)
			err(1, "cmio_poll_wait");
		for (i = 0; i < n; i++) {
			if (events[i].token == 0)
				complete = false;
			else
				serve((struct client *)events[i].token);
		}
		if (!complete)
			complete = accept_all();
	}
}
