/* SPDX-License-Identifier: MIT */
/*
 * Socket addresses in the kernel's form: checks, what kernels return, and the
 * names of AF_UNIX.
 *
 * A path is passed to the kernel with its NUL, unless it fills its structure.
 * It is accepted from the kernel with or without: some systems omit the NUL,
 * and Linux returns a length beyond the structure for a path that fills it.
 * Whichever call has filled an address, the same one is the same bytes.
 */
#include "config.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "net/addr.h"
#include "net/net.h"
#include "port/result.h"
#include "port/sa_len.h"

enum {
	PATH_AT = offsetof(struct sockaddr_un, sun_path),
	PATH_ROOM = sizeof(((struct sockaddr_un *)NULL)->sun_path)
};

bool
cmio__addr_ok(const struct cmio_addr *addr)
{
	size_t len;

	if (addr == NULL)
		return false;
	/* On Windows len is signed. */
	len = (size_t)addr->len;
	return len <= sizeof(addr->ss) &&
	    len >= offsetof(struct sockaddr, sa_data);
}

/* The bytes of the address that has a name of this length. */
static socklen_t
unix_len(const char *name, size_t len)
{
	bool nul = len != 0 && name[0] != '\0' && len < PATH_ROOM;

	return (socklen_t)(PATH_AT + len + nul);
}

/* The length that the same address has from whatever call, 0 if it is none. */
static socklen_t
usual_len(struct cmio_addr *addr)
{
	struct sockaddr_in *sin = (struct sockaddr_in *)&addr->ss;
	const char *name;
	size_t len;

	/*
	 * For a socket without a name a kernel returns nothing, the family
	 * alone, or the family and a name of zeros.
	 */
	if ((size_t)addr->len < offsetof(struct sockaddr, sa_data))
		return 0;
	if (addr->ss.ss_family == AF_UNIX) {
		name = cmio_addr_unix_name(addr, &len);
		return name == NULL ? 0 : unix_len(name, len);
	}
	if (addr->ss.ss_family == AF_INET)
		memset(sin->sin_zero, 0, sizeof(sin->sin_zero));
	return addr->len;
}

/* The bytes between the length and the address are 0 as well. */
static void
begin(struct cmio_addr *addr, socklen_t len)
{
	memset(addr, 0, offsetof(struct cmio_addr, ss));
	addr->len = len;
}

/* A kernel leaves bytes alone that do not belong to the address. */
void
cmio__addr_filled(struct cmio_addr *addr, socklen_t len)
{
	size_t used;

	if ((size_t)len > sizeof(addr->ss))
		len = (socklen_t)sizeof(addr->ss);
	begin(addr, len);
	addr->len = usual_len(addr);
	used = (size_t)addr->len;
	memset((char *)&addr->ss + used, 0, sizeof(addr->ss) - used);
	if (used == 0)
		addr->ss.ss_family = AF_UNSPEC;
	else
		cmio__set_sa_len(&addr->ss, addr->len);
}

void
cmio__set_addr(struct cmio_addr *addr, const void *sa, socklen_t len)
{
	memset(addr, 0, sizeof(*addr));
	memcpy(&addr->ss, sa, len);
	addr->len = len;
	cmio__set_sa_len(&addr->ss, len);
}

int
cmio__addr_unix(struct cmio_addr *addr, const char *name, size_t len)
{
	bool abstract = len != 0 && name[0] == '\0';

	if (abstract && !CMIO_ABSTRACT_NAMES)
		return -ENOTSUP;
	if (len > PATH_ROOM)
		return -ENAMETOOLONG;
	if (!abstract && len != 0 && memchr(name, '\0', len) != NULL)
		return -EINVAL;
	memset(addr, 0, sizeof(*addr));
	addr->ss.ss_family = AF_UNIX;
	if (len != 0)
		memcpy((char *)&addr->ss + PATH_AT, name, len);
	addr->len = unix_len((char *)&addr->ss + PATH_AT, len);
	cmio__set_sa_len(&addr->ss, addr->len);
	return 0;
}

int
cmio_addr_unix(struct cmio_addr *addr, const void *name, size_t len)
{
	if (addr == NULL || (name == NULL && len != 0))
		return cmio__result(-EINVAL);
	return cmio__result(cmio__addr_unix(addr, name, len));
}

const void *
cmio_addr_unix_name(const struct cmio_addr *addr, size_t *len)
{
	const char *name;
	size_t n = 0;

	/* No address: no name, but no error. */
	if (addr != NULL && addr->len == 0) {
		if (len != NULL)
			*len = 0;
		return NULL;
	}
	if (!cmio__addr_ok(addr) || addr->ss.ss_family != AF_UNIX) {
		errno = EINVAL;
		return NULL;
	}
	name = (const char *)&addr->ss + PATH_AT;
	if ((size_t)addr->len > PATH_AT)
		n = (size_t)addr->len - PATH_AT;
	/* On other systems than Linux a name of zeros means no name. */
	if (n != 0 && (name[0] != '\0' || !CMIO_ABSTRACT_NAMES))
		n = strnlen(name, n);
	if (len != NULL)
		*len = n;
	return n == 0 ? NULL : name;
}
