/* SPDX-License-Identifier: MIT */
/* Addresses of virtual machines: "vsock:CID:PORT" in cmio_addr_parse(3). */
#include "sockets.h"

#include <sys/socket.h>
#ifdef CMIO_VSOCK_H
#include CMIO_VSOCK_H
#endif

#ifdef CMIO_VSOCK_H
START_TEST(text_is_read_and_written_the_same)
{
	static const char *const texts[] = {
		"vsock:0:0", "vsock:1:1024", "vsock:2:65536",
		"vsock:4294967295:4294967295",
	};
	struct cmio_addr addr;
	char text[100];
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		addr = address(texts[i]);
		ck_assert_int_eq(cmio_addr_format(&addr, text, sizeof(text)),
		    (int)strlen(texts[i]));
		ck_assert_str_eq(text, texts[i]);
	}
}
END_TEST

START_TEST(address_is_the_one_written)
{
	struct cmio_addr addr = address("vsock:3:70000");
	const struct sockaddr_vm *svm = (struct sockaddr_vm *)&addr.ss;

	ck_assert_uint_eq(addr.len, sizeof(*svm));
	ck_assert_int_eq(svm->svm_family, AF_VSOCK);
	ck_assert_uint_eq(svm->svm_cid, 3);
	ck_assert_uint_eq(svm->svm_port, 70000);
	addr.len--;
	ck_assert_errno(cmio_addr_format(&addr, NULL, 0), EINVAL);
}
END_TEST

START_TEST(anything_else_is_einval)
{
	static const char *const texts[] = {
		"vsock:", "vsock:1", "vsock:1:", "vsock::1", "vsock:1:2:3",
		"vsock:1:4294967296", "vsock:4294967296:1", "vsock:-1:1",
		"vsock:1:-1", "vsock:01:1", "vsock:1:01", "vsock: 1:1",
		"vsock:1:1 ", "vsock:any:1", "VSOCK:1:1",
	};
	struct cmio_addr addr = { .len = 77 };
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		ck_assert_errno(cmio_addr_parse(&addr, texts[i]), EINVAL);
		ck_assert_uint_eq(addr.len, 77);
	}
}
END_TEST

/* Whether the two are connected; not every kernel has a loopback. */
static bool
connects(int i, struct cmio_source *client, struct cmio_addr *addr)
{
	struct cmio_poll *poll = open_selector(i);
	struct cmio_event event;
	bool connected = false;

	((struct sockaddr_vm *)&addr->ss)->svm_cid = 1;
	if (cmio_connect(client, addr) == 0) {
		ck_assert_ok(cmio_register(poll, client, 1, CMIO_WRITABLE));
		connected = cmio_poll_wait(poll, &event, 1,
		    10 * A_WHILE) == 1 && cmio_finish_connect(client) == 0;
		ck_assert_ok(cmio_deregister(poll, client));
	}
	cmio_poll_unref(poll);
	return connected;
}

START_TEST(steps_of_a_socket_serve_it)
{
	struct cmio_addr addr = address("vsock:4294967295:4294967295");
	struct cmio_source listener, client, stream;

	if (cmio_socket(&listener, AF_VSOCK, SOCK_STREAM, 0) == -1)
		skip("the kernel has no AF_VSOCK");
	if (cmio_bind(&listener, &addr) == -1 ||
	    cmio_listen(&listener, 0) == -1) {
		ck_assert_ok(cmio_close(&listener));
		skip("the kernel has no way to other machines");
	}
	addr = local_address(&listener);
	ck_assert_ok(cmio_socket(&client, AF_VSOCK, SOCK_STREAM, 0));
	if (!connects(_i, &client, &addr)) {
		close_sources(&listener, &client);
		skip("nothing at CID 1 answers");
	}
	accept_one(&listener, &stream);
	write_text(&client, "hello");
	expect_bytes(&stream, "hello");
	close_sources(&client, &stream);
	ck_assert_ok(cmio_close(&listener));
}
END_TEST
#else
START_TEST(system_without_it_says_so)
{
	struct cmio_addr addr = { .len = 77 };

	ck_assert_errno(cmio_addr_parse(&addr, "vsock:1:1"), ENOTSUP);
	ck_assert_uint_eq(addr.len, 77);
}
END_TEST
#endif

static const struct test tests[] = {
#ifdef CMIO_VSOCK_H
	ONCE(text_is_read_and_written_the_same),
	ONCE(address_is_the_one_written),
	ONCE(anything_else_is_einval),
	EACH_SELECTOR(steps_of_a_socket_serve_it),
#else
	ONCE(system_without_it_says_so),
#endif
	END_OF_TESTS
};

int
main(int argc, char **argv)
{
	return run_tests(argc, argv, "vsock", tests);
}
