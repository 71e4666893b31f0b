/* SPDX-License-Identifier: MIT */
/* The shortest program with cmio. */
#include <cmio.h>

int
main(void)
{
	cmio_poll_unref(cmio_poll_new(NULL));
	return 0;
}
