/* SPDX-License-Identifier: MIT */
/* What the files on the text form of addresses share. */
#ifndef CMIO_NET_ADDR_H
#define CMIO_NET_ADDR_H

#include <stddef.h>
#include <stdint.h>

#include "net/net.h"
#include "port/text.h"

/* Digits only, without leading zeros; 0 or a negative errno number. */
int	cmio__parse_number(const char *text, size_t n, uint32_t most,
	    uint32_t *number);

#define HEX_DIGITS	"0123456789abcdef"

/* The value of a hexadecimal digit, or -1. */
int	cmio__hex_value(char c);

/*
 * Hosts of n bytes of text, as bytes in the order of the network.  Return 0 or
 * a negative errno number.
 */
int	cmio__parse_v4_host(const char *text, size_t n,
	    unsigned char bytes[4]);
int	cmio__parse_v6_host(const char *text, size_t n,
	    unsigned char bytes[16]);

/* Replaces the whole address. */
void	cmio__set_addr(struct cmio_addr *addr, const void *sa, socklen_t len);

/*
 * Addresses of virtual machines and their hosts: text is what follows
 * "vsock:".  Parsing fails with ENOTSUP where there are none, and formatting
 * with EAFNOSUPPORT for any other family.
 */
int	cmio__parse_vsock(struct cmio_addr *addr, const char *text);
int	cmio__format_vsock(struct text *text, const struct cmio_addr *addr);

#endif
