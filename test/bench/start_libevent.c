/* SPDX-License-Identifier: MIT */
/* The shortest program with libevent. */
#include <event2/event.h>

int
main(void)
{
	event_base_free(event_base_new());
	return 0;
}
