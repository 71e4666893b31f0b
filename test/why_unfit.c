/* SPDX-License-Identifier: MIT */
/*
 * why_unfit NAME: prints why the example of a page cannot run here, and ends
 * with 0; or ends with 1.
 */
#include "config.h"

#include <stdio.h>

#include "unfit.h"

int
main(int argc, char **argv)
{
	const char *why = argc == 2 ? why_unfit(argv[1]) : NULL;

	if (why == NULL)
		return 1;
	puts(why);
	return 0;
}
