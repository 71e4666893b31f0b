/* SPDX-License-Identifier: MIT */
/*
 * The public headers as Visual C++ reads them, in C and in C++, with another
 * calling convention by default; and beside declarations of others.
 */
#ifdef OTHERS_DECLARE
#include <stddef.h>
#include <stdint.h>
typedef intptr_t ssize_t;
#define _SSIZE_T_DEFINED
struct iovec {
	void	*iov_base;
	size_t	 iov_len;
};
#define HAVE_STRUCT_IOVEC 1
#endif

#include <cmio.h>
#include <cmio/net.h>
#include <cmio/udp.h>
#include <cmio/waker.h>
#include <cmio/windows.h>

/* Two types that differ in the convention alone are two types on x86. */
int (__cdecl *use_errno)(void);
ssize_t (__cdecl *use_readv)(struct cmio_source *, const struct iovec *, int);
static unsigned int __cdecl
done(struct cmio_overlapped *op, unsigned long error, unsigned long bytes,
    uintptr_t *token)
{
	(void)op;
	(void)error;
	(void)bytes;
	(void)token;
	return 0;
}

int __cdecl
main(void)
{
	struct cmio_overlapped op;
	struct cmio_source source = CMIO_SOURCE(CMIO_FD_NONE);

	op.done = done;
	use_errno = cmio_errno;
	use_readv = cmio_readv;
	return op.done(&op, 0, 0, 0) != 0 || source.fd != CMIO_FD_NONE;
}
