/* SPDX-License-Identifier: MIT */
/* Counting descriptors: a file for each way to do it. */
#ifndef TEST_DESCRIPTORS_H
#define TEST_DESCRIPTORS_H

int	open_descriptors(void);

#endif
