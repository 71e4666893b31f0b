/* SPDX-License-Identifier: MIT */
/*
 * Datagrams of 1200 bytes, sent or received: by cmio, by code written for
 * nothing else, and one by one.
 *
 * bench_udp variant benchmark peers batch count
 *
 * variant is cmio, raw or plain; benchmark is udp_send or udp_recv, with 4 or
 * 6 behind it for the family.  A round is a batch of datagrams, all to one
 * peer or spread over sixteen.  Only rounds of one direction are measured, a
 * number of them at a time; the other direction is always the same code.
 * rust/src/udp.rs does the same with quinn-udp.
 */
#include "bench.h"

#include <sys/uio.h>

#include <arpa/inet.h>
#include <netinet/udp.h>

#include <cmio/udp.h>

#ifndef UDP_SEGMENT
#define UDP_SEGMENT	103
#define UDP_GRO		104
#endif

enum {
	SIZE	= 1200,
	PEERS	= 16,
	BATCH	= 64,
	ENTRIES	= 16,		/* of one call */
	QUEUE	= 256,		/* datagrams that wait at one time */
	TRAIN	= 54,		/* datagrams that fit into 64 KiB */
	ROOM	= 65535,
	CONTROL	= 128,
	ECT0	= 2
};

static struct {
	int			family;
	int			n;		/* peers */
	int			k;		/* datagrams of a round */
	int			trains;		/* of a round */
	int			datagrams[ENTRIES];	/* of each train */
	struct cmio_source	one;		/* the end that is measured */
	int			peers[PEERS];
	struct cmio_addr	one_addr, addrs[PEERS];
	struct result		result;
	long			other_calls;
} b;

static char data[BATCH * SIZE];
static char room[ENTRIES][ROOM];

/* The trains of a round. */
static void
plan(void)
{
	int i;

	b.trains = b.n == 1 ? (b.k + TRAIN - 1) / TRAIN :
	    b.k < PEERS ? b.k : PEERS;
	for (i = 0; i < b.trains; i++)
		b.datagrams[i] = b.n == 1 ?
		    (i == 0 && b.k > TRAIN ? TRAIN : b.k - i * TRAIN) :
		    b.k / b.trains;
}

static void
set(int fd, int level, int name, int value)
{
	if (setsockopt(fd, level, name, &value, sizeof(value)) == -1)
		err(1, "setsockopt");
}

static struct cmio_source
open_socket(struct cmio_addr *addr)
{
	struct cmio_source source;

	if (cmio_addr_parse(addr, b.family == 4 ? "127.0.0.1:0" :
	    "[::1]:0") == -1 || cmio_udp_bind(&source, addr) == -1 ||
	    cmio_local_addr(&source, addr) == -1)
		unable();
	set(source.fd, SOL_SOCKET, SO_RCVBUF, 4 << 20);
	return source;
}

static void
enable(int fd)
{
	set(fd, IPPROTO_UDP, UDP_GRO, 1);
	if (b.family == 4) {
		set(fd, IPPROTO_IP, IP_PKTINFO, 1);
		set(fd, IPPROTO_IP, IP_RECVTOS, 1);
	} else {
		set(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1);
		set(fd, IPPROTO_IPV6, IPV6_RECVTCLASS, 1);
	}
}

/* ---- By hand. */

struct meta {
	struct sockaddr_storage	from, to;
	size_t			len, stride;
	int			ecn;
};
static struct meta metas[ENTRIES];

static void
raw_message(struct msghdr *msg, struct iovec *iov, char *control,
    void *base, size_t len, struct cmio_addr *to, size_t segment)
{
	struct cmsghdr *header;
	uint16_t size = (uint16_t)segment;
	int ecn = ECT0;

	*iov = (struct iovec){ base, len };
	*msg = (struct msghdr){
		.msg_name = &to->ss, .msg_namelen = to->len,
		.msg_iov = iov, .msg_iovlen = 1, .msg_control = control,
		.msg_controllen = CMSG_SPACE(sizeof(ecn)) +
		    (segment != 0 ? CMSG_SPACE(sizeof(size)) : 0),
	};
	header = CMSG_FIRSTHDR(msg);
	header->cmsg_level = b.family == 4 ? IPPROTO_IP : IPPROTO_IPV6;
	header->cmsg_type = b.family == 4 ? IP_TOS : IPV6_TCLASS;
	header->cmsg_len = CMSG_LEN(sizeof(ecn));
	memcpy(CMSG_DATA(header), &ecn, sizeof(ecn));
	if (segment == 0)
		return;
	header = CMSG_NXTHDR(msg, header);
	header->cmsg_level = IPPROTO_UDP;
	header->cmsg_type = UDP_SEGMENT;
	header->cmsg_len = CMSG_LEN(sizeof(size));
	memcpy(CMSG_DATA(header), &size, sizeof(size));
}

static void
raw_send(void)
{
	struct mmsghdr messages[ENTRIES];
	struct iovec iov[ENTRIES];
	char control[ENTRIES][CONTROL] = { { 0 } };
	char *at = data;
	size_t len;
	int i;

	for (i = 0; i < b.trains; i++) {
		len = (size_t)b.datagrams[i] * SIZE;
		raw_message(&messages[i].msg_hdr, &iov[i], control[i], at, len,
		    &b.addrs[b.n == 1 ? 0 : i], b.datagrams[i] > 1 ? SIZE : 0);
		at += len;
	}
	if (b.trains == 1 ? sendmsg(b.one.fd, &messages[0].msg_hdr, 0) == -1 :
	    sendmmsg(b.one.fd, messages, (unsigned int)b.trains, 0) !=
	    b.trains)
		err(1, "sendmmsg");
}

static void
raw_filled(struct meta *meta, struct msghdr *msg, size_t len)
{
	struct cmsghdr *header;
	struct in_pktinfo info;
	struct in6_pktinfo info6;
	int number;

	meta->len = meta->stride = len;
	for (header = CMSG_FIRSTHDR(msg); header != NULL;
	    header = CMSG_NXTHDR(msg, header)) {
		if (header->cmsg_level == IPPROTO_UDP &&
		    header->cmsg_type == UDP_GRO) {
			memcpy(&number, CMSG_DATA(header), sizeof(number));
			meta->stride = (size_t)number;
		} else if (header->cmsg_level == IPPROTO_IP &&
		    header->cmsg_type == IP_TOS)
			meta->ecn = *CMSG_DATA(header) & 3;
		else if (header->cmsg_level == IPPROTO_IPV6 &&
		    header->cmsg_type == IPV6_TCLASS) {
			memcpy(&number, CMSG_DATA(header), sizeof(number));
			meta->ecn = number & 3;
		} else if (header->cmsg_level == IPPROTO_IP &&
		    header->cmsg_type == IP_PKTINFO) {
			memcpy(&info, CMSG_DATA(header), sizeof(info));
			((struct sockaddr_in *)&meta->to)->sin_addr =
			    info.ipi_addr;
		} else if (header->cmsg_level == IPPROTO_IPV6 &&
		    header->cmsg_type == IPV6_PKTINFO) {
			memcpy(&info6, CMSG_DATA(header), sizeof(info6));
			((struct sockaddr_in6 *)&meta->to)->sin6_addr =
			    info6.ipi6_addr;
		}
	}
}

static long
raw_recv(void)
{
	struct mmsghdr messages[ENTRIES];
	struct iovec iov[ENTRIES];
	char control[ENTRIES][CONTROL];
	long all = 0;
	int i, n;

	for (i = 0; i < b.trains; i++) {
		iov[i] = (struct iovec){ room[i], ROOM };
		messages[i].msg_hdr = (struct msghdr){
			.msg_name = &metas[i].from,
			.msg_namelen = sizeof(metas[i].from),
			.msg_iov = &iov[i], .msg_iovlen = 1,
			.msg_control = control[i],
			.msg_controllen = CONTROL,
		};
	}
	if (b.trains == 1) {
		n = (int)recvmsg(b.one.fd, &messages[0].msg_hdr, 0);
		messages[0].msg_len = (unsigned int)n;
		n = n == -1 ? -1 : 1;
	} else
		n = recvmmsg(b.one.fd, messages, (unsigned int)b.trains, 0,
		    NULL);
	for (i = 0; i < n; i++) {
		raw_filled(&metas[i], &messages[i].msg_hdr,
		    messages[i].msg_len);
		all += (long)((metas[i].len + SIZE - 1) / SIZE);
	}
	return all;
}

/* ---- cmio, with all members of an entry set for each call. */

static void
cmio_send_round(void)
{
	static struct cmio_datagrams entries[ENTRIES];
	char *at = data;
	int i;

	for (i = 0; i < b.trains; i++) {
		entries[i].buf = at;
		entries[i].len = (size_t)b.datagrams[i] * SIZE;
		entries[i].segment = SIZE;
		entries[i].peer = b.addrs[b.n == 1 ? 0 : i];
		entries[i].ecn = ECT0;
		at += entries[i].len;
	}
	if (cmio_send_datagrams(&b.one, entries, b.trains) != b.trains)
		err(1, "cmio_send_datagrams");
}

static long
cmio_recv_round(void)
{
	static struct cmio_datagrams entries[ENTRIES];
	long all = 0;
	int i, n;

	for (i = 0; i < b.trains; i++) {
		entries[i].buf = room[i];
		entries[i].len = ROOM;
	}
	n = cmio_recv_datagrams(&b.one, entries, b.trains);
	for (i = 0; i < n; i++)
		all += (long)((entries[i].len + SIZE - 1) / SIZE);
	return all;
}

/* ---- One by one. */

static void
plain_send(void)
{
	struct cmio_addr *to;
	char *at = data;
	int i, j;

	for (i = 0; i < b.trains; i++) {
		to = &b.addrs[b.n == 1 ? 0 : i];
		for (j = 0; j < b.datagrams[i]; j++, at += SIZE)
			if (sendto(b.one.fd, at, SIZE, 0,
			    (struct sockaddr *)&to->ss, to->len) == -1)
				err(1, "sendto");
	}
}

static long
plain_recv(void)
{
	struct sockaddr_storage from;
	socklen_t len;
	int i;

	for (i = 0; i < b.k; i++) {
		len = sizeof(from);
		if (recvfrom(b.one.fd, room[0], ROOM, 0,
		    (struct sockaddr *)&from, &len) == -1)
			break;
	}
	return i;
}

/* ---- The other direction. */

static void
drain(void)
{
	char byte;
	int i;

	for (i = 0; i < b.n; i++) {
		do
			b.other_calls++;
		while (recv(b.peers[i], &byte, 1, 0) != -1);
	}
}

static void
feed(void)
{
	struct msghdr msg;
	struct iovec iov;
	char control[CONTROL] = { 0 };
	int i;

	for (i = 0; i < b.trains; i++) {
		raw_message(&msg, &iov, control, data,
		    (size_t)b.datagrams[i] * SIZE, &b.one_addr,
		    b.datagrams[i] > 1 ? SIZE : 0);
		if (sendmsg(b.peers[b.n == 1 ? 0 : i], &msg, 0) == -1)
			err(1, "sendmsg");
		b.other_calls++;
	}
}

static const struct {
	const char	*name;
	void		(*send)(void);
	long		(*recv)(void);
} variants[] = {
	{ "raw", raw_send, raw_recv },
	{ "cmio", cmio_send_round, cmio_recv_round },
	{ "plain", plain_send, plain_recv },
};

static void
measure_sends(void (*send_round)(void), long count)
{
	const int rounds = QUEUE / b.k;
	int i;

	while (count > 0) {
		watch_start(&b.result);
		for (i = 0; i < rounds; i++)
			send_round();
		watch_stop(&b.result);
		drain();
		count -= rounds;
		b.result.ops += (long)rounds * b.k;
	}
}

static void
measure_receives(long (*recv_round)(void), long count)
{
	const int rounds = QUEUE / b.k;
	long got;
	int i;

	while (count > 0) {
		for (i = 0; i < rounds; i++)
			feed();
		got = 0;
		watch_start(&b.result);
		for (i = 0; i < rounds; i++)
			got += recv_round();
		watch_stop(&b.result);
		if (got != (long)rounds * b.k)
			errx(1, "%ld datagrams came", got);
		count -= rounds;
		b.result.ops += got;
	}
}

static void
open_all(const char *variant, bool receives)
{
	struct cmio_source source;
	int i;

	b.one = open_socket(&b.one_addr);
	if (strcmp(variant, "cmio") == 0 && cmio_udp_enable(&b.one,
	    receives ? CMIO_UDP_COALESCE | CMIO_UDP_LOCAL | CMIO_UDP_ECN :
	    0) == -1)
		err(1, "cmio_udp_enable");
	if (strcmp(variant, "raw") == 0 && receives)
		enable(b.one.fd);
	for (i = 0; i < b.n; i++) {
		source = open_socket(&b.addrs[i]);
		b.peers[i] = source.fd;
		/* Or loopback cuts trains in the sender's time. */
		set(source.fd, IPPROTO_UDP, UDP_GRO, 1);
	}
}

int
main(int argc, char **argv)
{
	const char *name = argc == 6 ? argv[2] : "";
	bool receives = strncmp(name, "udp_recv", 8) == 0;
	size_t i = 0;

	if (argc != 6 || (!receives && strncmp(name, "udp_send", 8) != 0))
		errx(1, "usage: %s variant benchmark n k count", argv[0]);
	while (i < 2 && strcmp(variants[i].name, argv[1]) != 0)
		i++;
	b.family = name[8] == '6' ? 6 : 4;
	b.n = atoi(argv[3]);
	b.k = atoi(argv[4]);
	if ((b.n != 1 && b.n != PEERS) || b.k < 1 || b.k > BATCH)
		errx(1, "1 or %d peers, 1 to %d datagrams", PEERS, BATCH);
	plan();
	open_all(variants[i].name, receives);
	if (receives)
		measure_receives(variants[i].recv, atol(argv[5]));
	else
		measure_sends(variants[i].send, atol(argv[5]));
	/* The clock of CPU time is a system call, twice each time. */
	b.other_calls += 2 * (b.result.ops / QUEUE);
	printf("ops %ld cpu %lld wall %lld others %g allocs %ld\n",
	    b.result.ops, (long long)b.result.cpu, (long long)b.result.wall,
	    (double)b.other_calls / (double)b.result.ops, b.result.allocs);
	return 0;
}
