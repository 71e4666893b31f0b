/* SPDX-License-Identifier: MIT */
/* Tests that cannot pass on this host: a file for each kind of host. */
#ifndef TEST_UNFIT_H
#define TEST_UNFIT_H

/* The reason why a test, or the example of a page, is skipped, or NULL. */
const char	*why_unfit(const char *test);

#endif
