/* SPDX-License-Identifier: MIT */
/* The addresses of AF_VSOCK: a context id and a port, each of 32 bits. */
#include "config.h"

#include <sys/types.h>
#include <sys/socket.h>
#include CMIO_VSOCK_H

#include <errno.h>
#include <string.h>

#include "net/addr.h"

#define VSOCK_PREFIX	"vsock:"

int
cmio__parse_vsock(struct cmio_addr *addr, const char *text)
{
	struct sockaddr_vm svm = { .svm_family = AF_VSOCK };
	const char *colon = strchr(text, ':');
	uint32_t cid, port;
	int rc;

	if (colon == NULL)
		return -EINVAL;
	rc = cmio__parse_number(text, (size_t)(colon - text), UINT32_MAX,
	    &cid);
	if (rc == 0)
		rc = cmio__parse_number(colon + 1, strlen(colon + 1),
		    UINT32_MAX, &port);
	if (rc != 0)
		return rc;
	svm.svm_cid = cid;
	svm.svm_port = port;
	cmio__set_addr(addr, &svm, sizeof(svm));
	return 0;
}

int
cmio__format_vsock(struct text *text, const struct cmio_addr *addr)
{
	struct sockaddr_vm svm;

	if (addr->ss.ss_family != AF_VSOCK)
		return -EAFNOSUPPORT;
	if ((size_t)addr->len < sizeof(svm))
		return -EINVAL;
	memcpy(&svm, &addr->ss, sizeof(svm));
	cmio__text_add(text, VSOCK_PREFIX);
	cmio__text_add_number(text, svm.svm_cid, 10);
	cmio__text_add(text, ":");
	cmio__text_add_number(text, svm.svm_port, 10);
	return 0;
}
