/* SPDX-License-Identifier: MIT */
/* How many descriptors: a file for each way to know it. */
#ifndef TEST_DESCRIPTORS_H
#define TEST_DESCRIPTORS_H

#include <stdbool.h>

int	open_descriptors(void);

/* Whether this process may open so many more; on Unix. */
bool	room_for_descriptors(int n);

#endif
