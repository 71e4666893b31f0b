/* SPDX-License-Identifier: MIT */
/* Step 1: an empty poll, and a wait that ends after a second. */
#include <err.h>
#include <stdio.h>

#include <cmio.h>

int
main(void)
{
	struct cmio_event events[16];
	struct cmio_poll *poll;
	int n;

	poll = cmio_poll_new(NULL);
	if (poll == NULL)
		err(1, "cmio_poll_new");
	n = cmio_poll_wait(poll, events, 16, INT64_C(1000000000));
	if (n == -1)
		err(1, "cmio_poll_wait");
	printf("%s: %d events\n", cmio_poll_selector(poll), n);
	cmio_poll_unref(poll);
	return 0;
}
