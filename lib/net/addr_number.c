/* SPDX-License-Identifier: MIT */
/* The numbers in the text form of addresses. */
#include "config.h"

#include <errno.h>
#include <string.h>

#include "net/addr.h"

int
cmio__parse_number(const char *text, size_t n, uint32_t most, uint32_t *number)
{
	uint64_t value = 0;
	size_t i;

	if (n == 0 || (n > 1 && text[0] == '0'))
		return -EINVAL;
	for (i = 0; i < n; i++) {
		if (text[i] < '0' || text[i] > '9')
			return -EINVAL;
		value = value * 10 + (uint64_t)(text[i] - '0');
		if (value > most)
			return -EINVAL;
	}
	*number = (uint32_t)value;
	return 0;
}

int
cmio__hex_value(char c)
{
	const char *digit;

	if (c >= 'A' && c <= 'F')
		c += 'a' - 'A';
	digit = c == '\0' ? NULL : strchr(HEX_DIGITS, c);
	return digit == NULL ? -1 : (int)(digit - HEX_DIGITS);
}
