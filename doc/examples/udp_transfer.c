/* SPDX-License-Identifier: MIT */
/*
 * udp_transfer receive ADDRESS FILE [plain]
 * udp_transfer send ADDRESS FILE [plain]
 *
 * Sends a file as numbered datagrams, and says at what rate.  The receiver
 * answers with the number that it expects next; after a while without an
 * answer the sender starts again from there.  Datagrams go in batches, or,
 * with "plain", one in each call.
 */
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmio/udp.h>

enum {
	HEADER	= 4,			/* the number of a datagram */
	DATA	= 1196,			/* less in the last one alone */
	SIZE	= HEADER + DATA,
	WINDOW	= 128,			/* datagrams without an answer */
	BATCH	= 8,			/* entries in a call */
	ROOM	= 65535			/* for datagrams that were joined */
};
#define RETRY	INT64_C(20000000)	/* nanoseconds without an answer */
#define LINGER	INT64_C(200000000)	/* for a sender that missed the last */

static struct cmio_poll *poll;
static struct cmio_source source;
static bool plain;
static unsigned long calls;		/* that moved datagrams */

static void
begin(const struct cmio_addr *addr)
{
	poll = cmio_poll_new(NULL);
	if (poll == NULL)
		err(1, "cmio_poll_new");
	if (cmio_udp_bind(&source, addr) == -1)
		err(1, "cmio_udp_bind");
	if (cmio_udp_enable(&source, plain ? 0 : CMIO_UDP_COALESCE) == -1)
		err(1, "cmio_udp_enable");
	/* More than one window, so that nothing is lost for want of room. */
	cmio_set_recv_buffer_size(&source, 4 * WINDOW * ROOM / 64);
	if (cmio_register(poll, &source, 1, CMIO_READABLE) == -1)
		err(1, "cmio_register");
}

/* Returns false if nothing came in time. */
static bool
wait_readable(int64_t timeout)
{
	struct cmio_event event;
	int n;

	n = cmio_poll_wait(poll, &event, 1, timeout);
	if (n == -1 && errno != EINTR)
		err(1, "cmio_poll_wait");
	return n != 0;
}

static double
now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static void
report(const char *what, uint32_t datagrams, double seconds)
{
	printf("%s %lu datagrams in %lu calls, %.0f MB/s\n", what,
	    (unsigned long)datagrams, calls,
	    (double)datagrams * DATA / 1e6 / (seconds > 0 ? seconds : 1e-9));
}

/* ---- Receiving. */

struct receiver {
	FILE			*file;
	uint32_t		 next;		/* number that is expected */
	bool			 whole;
	bool			 arrived;	/* after the last answer */
	struct cmio_addr	 sender;
};

static void
take(struct receiver *receiver, const char *bytes, size_t len)
{
	uint32_t number;

	receiver->arrived = true;
	if (len < HEADER)
		return;
	memcpy(&number, bytes, HEADER);
	if (receiver->whole || ntohl(number) != receiver->next)
		return;
	len -= HEADER;
	if (fwrite(bytes + HEADER, 1, len, receiver->file) != len)
		err(1, "write");
	receiver->next++;
	receiver->whole = len < DATA;
}

/* Each returns false when there is nothing more for now. */
static bool
receive_plain(struct receiver *receiver)
{
	char buf[SIZE];
	ssize_t n;

	n = cmio_recvfrom(&source, buf, sizeof(buf), 0, &receiver->sender);
	calls++;
	if (n == -1)
		return errno != EAGAIN;
	take(receiver, buf, (size_t)n);
	return true;
}

static bool
receive_batch(struct receiver *receiver)
{
	static char room[BATCH][ROOM];
	struct cmio_datagrams in[BATCH];
	size_t at, left;
	int i, n;

	memset(in, 0, sizeof(in));
	for (i = 0; i < BATCH; i++) {
		in[i].buf = room[i];
		in[i].len = sizeof(room[i]);
	}
	n = cmio_recv_datagrams(&source, in, BATCH);
	calls++;
	if (n == -1)
		return errno != EAGAIN;
	for (i = 0; i < n; i++) {
		receiver->sender = in[i].peer;
		for (at = 0; at < in[i].len; at += in[i].segment) {
			left = in[i].len - at;
			take(receiver, room[i] + at, left < in[i].segment ?
			    left : in[i].segment);
		}
	}
	return n == BATCH;
}

static void
answer(struct receiver *receiver)
{
	uint32_t next = htonl(receiver->next);

	/* One that is lost is made good by the next. */
	cmio_sendto(&source, &next, sizeof(next), 0, &receiver->sender);
	receiver->arrived = false;
}

static void
receive_file(const struct cmio_addr *addr, const char *path)
{
	struct receiver receiver = { .file = fopen(path, "wb") };
	struct cmio_addr local;
	double start = 0, end = 0;
	char text[128];

	if (receiver.file == NULL)
		err(1, "%s", path);
	begin(addr);
	if (cmio_local_addr(&source, &local) == -1)
		err(1, "cmio_local_addr");
	cmio_addr_format(&local, text, sizeof(text));
	printf("listening on %s\n", text);
	fflush(stdout);
	while (wait_readable(receiver.whole ? LINGER : -1)) {
		if (start == 0)
			start = now();
		while (plain ? receive_plain(&receiver) :
		    receive_batch(&receiver))
			continue;
		if (receiver.arrived)
			answer(&receiver);
		if (receiver.whole && end == 0)
			end = now();
	}
	if (fclose(receiver.file) != 0)
		err(1, "%s", path);
	report("received", receiver.next, end - start);
}

/* ---- Sending. */

struct sender {
	char			*datagrams;	/* all, one after the other */
	size_t			 len;
	uint32_t		 count;
	uint32_t		 sent;
	uint32_t		 answered;
	struct cmio_addr	 to;
};

/* The file as the datagrams that it is sent in. */
static void
read_file(struct sender *sender, const char *path)
{
	FILE *file = fopen(path, "rb");
	uint32_t number;
	size_t n;

	if (file == NULL)
		err(1, "%s", path);
	do {
		sender->datagrams = realloc(sender->datagrams,
		    sender->len + SIZE);
		if (sender->datagrams == NULL)
			err(1, NULL);
		number = htonl(sender->count++);
		memcpy(sender->datagrams + sender->len, &number, HEADER);
		n = fread(sender->datagrams + sender->len + HEADER, 1, DATA,
		    file);
		sender->len += HEADER + n;
	} while (n == DATA);
	if (ferror(file))
		err(1, "%s", path);
	fclose(file);
}

/* Both return how many datagrams have gone, or -1. */
static int
send_plain(struct sender *sender, size_t at, size_t len)
{
	calls++;
	return cmio_sendto(&source, sender->datagrams + at,
	    len < SIZE ? len : SIZE, 0, &sender->to) == -1 ? -1 : 1;
}

static int
send_train(struct sender *sender, size_t at, size_t len)
{
	struct cmio_datagrams out;

	memset(&out, 0, sizeof(out));
	out.buf = sender->datagrams + at;
	out.len = len;
	out.segment = SIZE;
	out.peer = sender->to;
	calls++;
	if (cmio_send_datagrams(&source, &out, 1) == 1)
		return (int)((len + SIZE - 1) / SIZE);
	return out.done == 0 ? -1 : (int)(out.done / SIZE);
}

/* As many as the window allows. */
static void
send_window(struct sender *sender)
{
	uint32_t end = sender->answered + WINDOW;
	size_t at, len;
	int n;

	if (end > sender->count)
		end = sender->count;
	while (sender->sent < end) {
		at = (size_t)sender->sent * SIZE;
		len = (size_t)(end - sender->sent) * SIZE;
		if (len > sender->len - at)
			len = sender->len - at;
		n = plain ? send_plain(sender, at, len) :
		    send_train(sender, at, len);
		/* What does not go now goes when no answer comes. */
		if (n == -1)
			return;
		sender->sent += (uint32_t)n;
	}
}

static void
take_answers(struct sender *sender)
{
	uint32_t next;
	ssize_t n;

	while ((n = cmio_recv(&source, &next, sizeof(next), 0)) != -1 ||
	    errno != EAGAIN) {
		if (n != sizeof(next))
			continue;
		next = ntohl(next);
		if (next > sender->answered && next <= sender->count)
			sender->answered = next;
	}
	if (sender->sent < sender->answered)
		sender->sent = sender->answered;
}

static void
send_file(const struct cmio_addr *to, const char *path)
{
	struct sender sender = { .to = *to };
	struct cmio_addr any;
	double start;

	if (cmio_addr_parse(&any, to->ss.ss_family == AF_INET6 ? "[::]:0" :
	    "0.0.0.0:0") == -1)
		err(1, "cmio_addr_parse");
	read_file(&sender, path);
	begin(&any);
	start = now();
	while (sender.answered < sender.count) {
		send_window(&sender);
		if (!wait_readable(RETRY))
			sender.sent = sender.answered;
		take_answers(&sender);
	}
	report("sent", sender.count, now() - start);
	free(sender.datagrams);
}

int
main(int argc, char **argv)
{
	struct cmio_addr addr;

	if (argc < 4)
		errx(2, "usage: udp_transfer receive|send ADDRESS FILE"
		    " [plain]");
	if (cmio_addr_parse(&addr, argv[2]) == -1)
		err(1, "%s", argv[2]);
	plain = argc > 4 && strcmp(argv[4], "plain") == 0;
	if (strcmp(argv[1], "receive") == 0)
		receive_file(&addr, argv[3]);
	else
		send_file(&addr, argv[3]);
	cmio_close(&source);
	cmio_poll_unref(poll);
	return 0;
}
