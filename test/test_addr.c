/* SPDX-License-Identifier: MIT */
/* Addresses: cmio_addr_parse(3), cmio_addr_unix(3). */
#include "sockets.h"

#include <sys/un.h>

#include <net/if.h>
#include <netinet/in.h>
#include <stddef.h>

enum {
	PATH_AT = offsetof(struct sockaddr_un, sun_path),
	PATH_MOST = sizeof(((struct sockaddr_un *)NULL)->sun_path)
};

START_TEST(what_was_parsed_is_formatted_the_same)
{
	static const char *const texts[] = {
		"0.0.0.0:0", "127.0.0.1:80", "255.255.255.255:65535",
		"[::]:0", "[::1]:80", "[2001:db8::1]:65535",
		"[::ffff:1.2.3.4]:1", "[fe80::1%2000000000]:80",
		"[1:2:3:4:5:6:7:8]:1", "[1::8]:1", "[abcd::]:1",
		"unix:/path", "unix:relative", "unix:./@x", "unix:a b@c:d",
		"unix:/back\\slash",
	};
	struct cmio_addr addr;
	char text[100];
	size_t i;
	int n;

	for (i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		addr = address(texts[i]);
		n = cmio_addr_format(&addr, text, sizeof(text));
		ck_assert_str_eq(text, texts[i]);
		ck_assert_int_eq(n, (int)strlen(texts[i]));
	}
}
END_TEST

START_TEST(parsed_ip_address_is_the_one_written)
{
	struct cmio_addr addr = address("127.0.0.1:80");
	const struct sockaddr_in *sin = (struct sockaddr_in *)&addr.ss;
	const struct sockaddr_in6 *sin6 = (struct sockaddr_in6 *)&addr.ss;

	ck_assert_uint_eq(addr.len, sizeof(*sin));
	ck_assert_int_eq(sin->sin_family, AF_INET);
	ck_assert_uint_eq(ntohl(sin->sin_addr.s_addr), INADDR_LOOPBACK);
	ck_assert_uint_eq(ntohs(sin->sin_port), 80);

	addr = address("[::1%7]:81");
	ck_assert_uint_eq(addr.len, sizeof(*sin6));
	ck_assert_int_eq(sin6->sin6_family, AF_INET6);
	ck_assert(IN6_IS_ADDR_LOOPBACK(&sin6->sin6_addr));
	ck_assert_uint_eq(ntohs(sin6->sin6_port), 81);
	ck_assert_uint_eq(sin6->sin6_scope_id, 7);
}
END_TEST

START_TEST(forms_of_one_ipv6_address_are_the_same_bytes)
{
	static const char *const pairs[][2] = {
		{ "[::2:3:4:5:6:7:8]:1", "[0:2:3:4:5:6:7:8]:1" },
		{ "[1:2:3:4:5:6:7::]:1", "[1:2:3:4:5:6:7:0]:1" },
		{ "[::ABCD:0]:1", "[0:0:0:0:0:0:abcd:0000]:1" },
		{ "[1:2:3:4:5:6:1.2.3.4]:1", "[1:2:3:4:5:6:102:304]:1" },
		{ "[1::255.255.0.1]:1", "[1:0:0:0:0:0:ffff:1]:1" },
	};
	struct cmio_addr a, b;
	size_t i;

	for (i = 0; i < sizeof(pairs) / sizeof(*pairs); i++) {
		memset(&a, 0x55, sizeof(a));
		a = address(pairs[i][0]);
		b = address(pairs[i][1]);
		check_same_address(&a, &b);
	}
}
END_TEST

START_TEST(zone_may_be_the_name_of_an_interface)
{
	char name[IF_NAMESIZE], text[100] = "[fe80::1%", again[100];
	struct cmio_addr addr;

	if (if_indextoname(1, name) == NULL)
		skip("there is no interface 1");
	strcat(text, name);
	strcat(text, "]:80");
	addr = address(text);
	ck_assert_uint_eq(((struct sockaddr_in6 *)&addr.ss)->sin6_scope_id,
	    1);
	ck_assert_int_ge(cmio_addr_format(&addr, again, sizeof(again)), 0);
	ck_assert_str_eq(again, text);
	ck_assert_errno(cmio_addr_parse(&addr, "[fe80::1%no such]:80"),
	    ENXIO);
}
END_TEST

START_TEST(anything_else_is_einval_and_leaves_the_address_alone)
{
	static const char *const texts[] = {
		"", ":", ":80", "127.0.0.1", "127.0.0.1:", "127.0.0.1:-1",
		"127.0.0.1:+1", "127.0.0.1:65536", "127.0.0.1:99999999999999",
		"127.0.0.1:080", "127.0.0.1:00", "127.0.0.1: 80",
		"127.0.0.1:80 ", "127.0.0.1:80x", "127.0.0.1:0x50",
		" 127.0.0.1:80", "127.0.0.01:80", "127.0.0.256:80",
		"127.1:80", "127.0.0.1.1:80", "127.0.0.1:80:80",
		"localhost:80", "*:80", "::1:80", "::1", "[", "[]", "[]:80",
		"[::1", "[::1]", "[::1]80", "[::1]:", "[::1]:080",
		"[::1]:80 ", "[::1]]:80", "[[::1]:80", "[::1%]:80",
		"[::1%01]:80", "[::1%4294967296]:80", "[127.0.0.1]:80",
		"[::g]:80", "unix:", "unix", "UNIX:/path", "/path",
		"1.2.3:80", "0x7f.1:80", "0x7f.0.0.1:80", "1.2.3.:80",
		".1.2.3:80", "1..2.3:80", "1.2.3.4.:80", "1.2.3.+4:80",
		"1.2.3.4 :80", "2130706433:80", "1.2.3.00:80",
		"[::ffff:1.2.3.04]:80", "[::1.2.3]:80", "[1.2.3.4::]:80",
		"[::1.2.3.4:5]:80", "[1:2:3:4:5:6:7:1.2.3.4]:80",
		"[:]:80", "[:::]:80", "[1::2::3]:80", "[1:2:3:4:5:6:7]:80",
		"[1:2:3:4::5:6:7:8]:80", "[:1:2:3:4:5:6:7:8]:80",
		"[1:2:3:4:5:6:7:]:80", "[::00001]:80", "[:: 1]:80",
		"[ ::1]:80", "[::1 ]:80", "[::-1]:80", "[::0x1]:80",
		"[::1%a-name-that-is-longer-than-any]:80",
		"[1111:2222:3333:4444:5555:6666:7777:8888:9999:0000:1111]:1",
	};
	struct cmio_addr addr = address("127.0.0.1:1"), before = addr;
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		if (cmio_addr_parse(&addr, texts[i]) != -1 || errno != EINVAL)
			ck_abort_msg("\"%s\" is an address", texts[i]);
	ck_assert_errno(cmio_addr_parse(NULL, "127.0.0.1:1"), EINVAL);
	ck_assert_errno(cmio_addr_parse(&addr, NULL), EINVAL);
	ck_assert_mem_eq(&addr, &before, sizeof(addr));
}
END_TEST

START_TEST(format_cuts_off_and_returns_the_whole_length)
{
	struct cmio_addr addr = address("127.0.0.1:80");
	char text[20] = "xxxxxxxxxxxxxxxxxxx";

	ck_assert_int_eq(cmio_addr_format(&addr, text, 5), 12);
	ck_assert_str_eq(text, "127.");
	ck_assert_int_eq(text[5], 'x');
	ck_assert_int_eq(cmio_addr_format(&addr, text, 13), 12);
	ck_assert_str_eq(text, "127.0.0.1:80");
	ck_assert_int_eq(cmio_addr_format(&addr, text, 12), 12);
	ck_assert_str_eq(text, "127.0.0.1:8");
	ck_assert_int_eq(cmio_addr_format(&addr, text, 0), 12);
	ck_assert_int_eq(cmio_addr_format(&addr, NULL, 0), 12);
}
END_TEST

START_TEST(no_address_is_an_empty_text)
{
	struct cmio_addr addr = { .len = 0 };
	char text[20] = "x";

	ck_assert_int_eq(cmio_addr_format(&addr, text, sizeof(text)), 0);
	ck_assert_str_eq(text, "");
	addr.len = sizeof(addr.ss);
	addr.ss.ss_family = AF_UNSPEC;
	ck_assert_int_eq(cmio_addr_format(&addr, text, sizeof(text)), 0);
}
END_TEST

START_TEST(format_refuses_an_address_that_is_wrong)
{
	struct cmio_addr addr = address("127.0.0.1:80");
	char text[20];

	ck_assert_errno(cmio_addr_format(NULL, text, sizeof(text)), EINVAL);
	ck_assert_errno(cmio_addr_format(&addr, NULL, 1), EINVAL);
	addr.len--;
	ck_assert_errno(cmio_addr_format(&addr, text, sizeof(text)), EINVAL);
	addr.len = sizeof(addr.ss) + 1;
	ck_assert_errno(cmio_addr_format(&addr, text, sizeof(text)), EINVAL);
	addr = address("[::1]:80");
	addr.len--;
	ck_assert_errno(cmio_addr_format(&addr, text, sizeof(text)), EINVAL);
	addr.ss.ss_family = 99;
	ck_assert_errno(cmio_addr_format(&addr, text, sizeof(text)),
	    EAFNOSUPPORT);
}
END_TEST

START_TEST(path_is_kept_with_its_nul)
{
	struct cmio_addr addr, parsed = address("unix:/a/b");
	size_t len = 0;

	ck_assert_ok(cmio_addr_unix(&addr, "/a/bc", 4));
	ck_assert_uint_eq(addr.len, PATH_AT + 5);
	ck_assert_int_eq(addr.ss.ss_family, AF_UNIX);
	ck_assert_str_eq(cmio_addr_unix_name(&addr, &len), "/a/b");
	ck_assert_uint_eq(len, 4);
	ck_assert_ptr_nonnull(cmio_addr_unix_name(&addr, NULL));
	ck_assert_mem_eq(&addr.ss, &parsed.ss, addr.len);
}
END_TEST

START_TEST(length_0_is_the_unnamed_address)
{
	struct cmio_addr addr;
	size_t len = 1;
	char text[20];

	ck_assert_ok(cmio_addr_unix(&addr, NULL, 0));
	ck_assert_uint_eq(addr.len, PATH_AT);
	ck_assert_int_eq(addr.ss.ss_family, AF_UNIX);
	ck_assert_ptr_null(cmio_addr_unix_name(&addr, &len));
	ck_assert_uint_eq(len, 0);
	ck_assert_int_eq(cmio_addr_format(&addr, text, sizeof(text)), 5);
	ck_assert_str_eq(text, "unix:");
}
END_TEST

START_TEST(path_that_does_not_fit_is_enametoolong)
{
	struct cmio_addr addr;
	char path[PATH_MOST + 7] = "unix:";
	size_t len;

	memset(path + 5, 'x', PATH_MOST + 1);
	ck_assert_errno(cmio_addr_unix(&addr, path + 5, PATH_MOST + 1),
	    ENAMETOOLONG);
	ck_assert_errno(cmio_addr_unix(&addr, path + 5, SIZE_MAX),
	    ENAMETOOLONG);
	ck_assert_errno(cmio_addr_parse(&addr, path), ENAMETOOLONG);
	ck_assert_ok(cmio_addr_unix(&addr, path + 5, PATH_MOST));
	ck_assert_mem_eq(cmio_addr_unix_name(&addr, &len), path + 5,
	    PATH_MOST);
	ck_assert_uint_eq(len, PATH_MOST);
}
END_TEST

/* It has no NUL. */
START_TEST(path_may_fill_the_structure)
{
	struct cmio_addr addr, again;
	char path[PATH_MOST + 6] = "unix:", text[PATH_MOST + 6];

	memset(path + 5, 'x', PATH_MOST);
	ck_assert_ok(cmio_addr_unix(&addr, path + 5, PATH_MOST));
	ck_assert_uint_eq(addr.len, sizeof(struct sockaddr_un));
	ck_assert_int_eq(cmio_addr_format(&addr, text, sizeof(text)),
	    PATH_MOST + 5);
	ck_assert_str_eq(text, path);
	again = address(text);
	ck_assert_mem_eq(&again, &addr, sizeof(addr));
	ck_assert_ok(cmio_addr_unix(&addr, path + 5, PATH_MOST - 1));
	ck_assert_uint_eq(addr.len, sizeof(struct sockaddr_un));
}
END_TEST

START_TEST(zero_inside_a_path_is_einval)
{
	struct cmio_addr addr;

	ck_assert_errno(cmio_addr_unix(&addr, "a\0b", 3), EINVAL);
	ck_assert_errno(cmio_addr_unix(&addr, "a\0", 2), EINVAL);
	ck_assert_errno(cmio_addr_unix(&addr, NULL, 1), EINVAL);
	ck_assert_errno(cmio_addr_unix(NULL, "a", 1), EINVAL);
}
END_TEST

/* Forms in which kernels return names. */
START_TEST(name_is_read_whatever_the_kernel_returned)
{
	struct cmio_addr addr;
	size_t len;

	/* Without the NUL. */
	ck_assert_ok(cmio_addr_unix(&addr, "/a/b", 4));
	addr.len--;
	ck_assert_mem_eq(cmio_addr_unix_name(&addr, &len), "/a/b", 4);
	ck_assert_uint_eq(len, 4);
	/* With more than one. */
	addr.len += 10;
	ck_assert_ptr_nonnull(cmio_addr_unix_name(&addr, &len));
	ck_assert_uint_eq(len, 4);
	/* A path that fills its structure. */
	memset((char *)&addr.ss + PATH_AT, 'x', PATH_MOST);
	addr.len = PATH_AT + PATH_MOST;
	ck_assert_ptr_nonnull(cmio_addr_unix_name(&addr, &len));
	ck_assert_uint_eq(len, PATH_MOST);
	/* A length that is too large. */
	addr.len = sizeof(addr.ss) + 1;
	ck_assert_ptr_null(cmio_addr_unix_name(&addr, &len));
	/* The family only, and nothing. */
	addr.len = offsetof(struct sockaddr, sa_data);
	ck_assert_ptr_null(cmio_addr_unix_name(&addr, &len));
	ck_assert_uint_eq(len, 0);
	addr.len = 0;
	ck_assert_ptr_null(cmio_addr_unix_name(&addr, &len));
}
END_TEST

START_TEST(unix_name_of_another_family_is_einval)
{
	struct cmio_addr addr = address("127.0.0.1:80");

	errno = 0;
	ck_assert_ptr_null(cmio_addr_unix_name(&addr, NULL));
	ck_assert_int_eq(errno, EINVAL);
	errno = 0;
	ck_assert_ptr_null(cmio_addr_unix_name(NULL, NULL));
	ck_assert_int_eq(errno, EINVAL);
}
END_TEST

START_TEST(path_that_begins_with_at_is_formatted_as_a_path)
{
	struct cmio_addr addr;
	char text[20];

	ck_assert_ok(cmio_addr_unix(&addr, "@x", 2));
	ck_assert_int_eq(cmio_addr_format(&addr, text, sizeof(text)), 9);
	ck_assert_str_eq(text, "unix:./@x");
}
END_TEST

static bool
has_abstract_names(void)
{
	struct cmio_addr addr;

	if (cmio_addr_unix(&addr, "\0x", 2) == 0)
		return true;
	ck_assert_int_eq(errno, ENOTSUP);
	ck_assert_errno(cmio_addr_parse(&addr, "unix:@x"), ENOTSUP);
	return false;
}

START_TEST(abstract_name_is_exact)
{
	struct cmio_addr addr;
	size_t len;

	if (!has_abstract_names())
		skip("abstract names are ENOTSUP here");
	addr = address("unix:@name");
	ck_assert_uint_eq(addr.len, PATH_AT + 5);
	ck_assert_mem_eq(cmio_addr_unix_name(&addr, &len), "\0name", 5);
	ck_assert_uint_eq(len, 5);
	/* Bytes of 0 belong to the name. */
	ck_assert_ok(cmio_addr_unix(&addr, "\0\0a\0", 4));
	ck_assert_uint_eq(addr.len, PATH_AT + 4);
	ck_assert_mem_eq(cmio_addr_unix_name(&addr, &len), "\0\0a\0", 4);
	ck_assert_uint_eq(len, 4);
	ck_assert_ok(cmio_addr_unix(&addr, "", 1));
	ck_assert_uint_eq(addr.len, PATH_AT + 1);
}
END_TEST

START_TEST(abstract_name_may_fill_the_structure)
{
	char name[PATH_MOST + 1] = "", text[PATH_MOST + 10] = "unix:@";
	struct cmio_addr addr;

	if (!has_abstract_names())
		skip("abstract names are ENOTSUP here");
	memset(name + 1, 'x', sizeof(name) - 1);
	ck_assert_ok(cmio_addr_unix(&addr, name, PATH_MOST));
	ck_assert_errno(cmio_addr_unix(&addr, name, PATH_MOST + 1),
	    ENAMETOOLONG);
	memset(text + 6, 'x', PATH_MOST - 1);
	ck_assert_ok(cmio_addr_parse(&addr, text));
	text[5 + PATH_MOST] = 'x';
	ck_assert_errno(cmio_addr_parse(&addr, text), ENAMETOOLONG);
}
END_TEST

START_TEST(abstract_name_of_any_bytes_survives_its_text)
{
	struct cmio_addr addr, again;
	char name[90] = "", text[500];
	int base, i;

	if (!has_abstract_names())
		skip("abstract names are ENOTSUP here");
	for (base = 0; base < 256; base += 64) {
		for (i = 0; i < 64; i++)
			name[i + 1] = (char)(base + i);
		ck_assert_ok(cmio_addr_unix(&addr, name, 65));
		ck_assert_ok(cmio_addr_format(&addr, text, sizeof(text)));
		ck_assert_ok(cmio_addr_parse(&again, text));
		ck_assert_uint_eq(again.len, addr.len);
		ck_assert_mem_eq(&again.ss, &addr.ss, addr.len);
	}
	addr = address("unix:@a\\x00\\x5Cb");
	ck_assert_ok(cmio_addr_format(&addr, text, sizeof(text)));
	ck_assert_str_eq(text, "unix:@a\\x00\\x5cb");
}
END_TEST

START_TEST(wrong_escape_in_an_abstract_name_is_einval)
{
	struct cmio_addr addr;

	if (!has_abstract_names())
		skip("abstract names are ENOTSUP here");
	ck_assert_errno(cmio_addr_parse(&addr, "unix:@\\"), EINVAL);
	ck_assert_errno(cmio_addr_parse(&addr, "unix:@\\n"), EINVAL);
	ck_assert_errno(cmio_addr_parse(&addr, "unix:@\\x"), EINVAL);
	ck_assert_errno(cmio_addr_parse(&addr, "unix:@\\x1"), EINVAL);
	ck_assert_errno(cmio_addr_parse(&addr, "unix:@\\x1g"), EINVAL);
}
END_TEST

static const struct test tests[] = {
	ONCE(what_was_parsed_is_formatted_the_same),
	ONCE(parsed_ip_address_is_the_one_written),
	ONCE(forms_of_one_ipv6_address_are_the_same_bytes),
	ONCE(zone_may_be_the_name_of_an_interface),
	ONCE(anything_else_is_einval_and_leaves_the_address_alone),
	ONCE(format_cuts_off_and_returns_the_whole_length),
	ONCE(no_address_is_an_empty_text),
	ONCE(format_refuses_an_address_that_is_wrong),
	ONCE(path_is_kept_with_its_nul),
	ONCE(length_0_is_the_unnamed_address),
	ONCE(path_that_does_not_fit_is_enametoolong),
	ONCE(path_may_fill_the_structure),
	ONCE(zero_inside_a_path_is_einval),
	ONCE(name_is_read_whatever_the_kernel_returned),
	ONCE(unix_name_of_another_family_is_einval),
	ONCE(path_that_begins_with_at_is_formatted_as_a_path),
	ONCE(abstract_name_is_exact),
	ONCE(abstract_name_may_fill_the_structure),
	ONCE(abstract_name_of_any_bytes_survives_its_text),
	ONCE(wrong_escape_in_an_abstract_name_is_einval),
	END_OF_TESTS
};

int
main(int argc, char **argv)
{
	return run_tests(argc, argv, "addr", tests);
}
