/* SPDX-License-Identifier: MIT */
/* Descriptors passed through a socket: cmio_sendmsg(3), cmio_recvmsg(3). */
#include "sockets.h"

#include <unistd.h>

enum { TOKEN = 3 };

union control {
	struct cmsghdr	header;
	char		room[CMSG_SPACE(sizeof(int))];
};

static void
prepare(struct msghdr *msg, struct iovec *iov, union control *control)
{
	memset(msg, 0, sizeof(*msg));
	memset(control, 0, sizeof(*control));
	msg->msg_iov = iov;
	msg->msg_iovlen = 1;
	msg->msg_control = control->room;
	msg->msg_controllen = sizeof(control->room);
}

static void
pass(struct cmio_source *source, int fd)
{
	union control control;
	struct msghdr msg;
	char byte = 'x';
	struct iovec iov = { &byte, 1 };
	struct cmsghdr *header;

	prepare(&msg, &iov, &control);
	header = CMSG_FIRSTHDR(&msg);
	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(sizeof(fd));
	memcpy(CMSG_DATA(header), &fd, sizeof(fd));
	ck_assert_int_eq(cmio_sendmsg(source, &msg, 0), 1);
}

/* Returns the received descriptor, or -1 and errno. */
static int
receive(struct cmio_source *source)
{
	union control control;
	struct msghdr msg;
	char byte;
	struct iovec iov = { &byte, 1 };
	struct cmsghdr *header;
	int fd;

	prepare(&msg, &iov, &control);
	if (cmio_recvmsg(source, &msg, 0) == -1)
		return -1;
	ck_assert_int_eq(msg.msg_flags & MSG_CTRUNC, 0);
	header = CMSG_FIRSTHDR(&msg);
	ck_assert_ptr_nonnull(header);
	ck_assert_int_eq(header->cmsg_level, SOL_SOCKET);
	ck_assert_int_eq(header->cmsg_type, SCM_RIGHTS);
	memcpy(&fd, CMSG_DATA(header), sizeof(fd));
	return fd;
}

START_TEST(passed_listener_serves_as_before)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source pair[2], listener, passed, client, stream;
	struct cmio_addr addr = tcp_listen(&listener), name;

	ck_assert_ok(cmio_unix_pair(pair, SOCK_STREAM));
	ck_assert_ok(cmio_register(poll, &pair[1], TOKEN, CMIO_READABLE));
	expect_would_block(receive(&pair[1]));
	pass(&pair[0], listener.fd);
	ck_assert_ok(cmio_close(&listener));
	wait_for(poll, TOKEN, CMIO_READABLE);
	cmio_source_init(&passed, receive(&pair[1]));
	ck_assert_int_ge(passed.fd, 0);
	name = local_address(&passed);
	check_same_address(&name, &addr);
	ck_assert_ok(cmio_tcp_connect(&client, &addr));
	accept_one(&passed, &stream);
	close_sources(&client, &stream);

	/* The next one is an event again. */
	expect_would_block(receive(&pair[1]));
	pass(&pair[0], passed.fd);
	wait_for(poll, TOKEN, CMIO_READABLE);
	cmio_source_init(&listener, receive(&pair[1]));
	close_sources(&listener, &passed);
	close_sources(&pair[0], &pair[1]);
	cmio_poll_unref(poll);
}
END_TEST

static const struct test tests[] = {
	EACH_SELECTOR(passed_listener_serves_as_before),
	END_OF_TESTS
};

int
main(int argc, char **argv)
{
	return run_tests(argc, argv, "passing", tests);
}
