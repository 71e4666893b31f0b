/* SPDX-License-Identifier: MIT */
/* What a program uses: one file for each way to ask. */
#ifndef TEST_USAGE_H
#define TEST_USAGE_H

/* Of memory, in kB; 0 where that cannot be asked. */
long	memory_used(void);

#endif
