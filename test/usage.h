/* SPDX-License-Identifier: MIT */
/* What a program uses: a file for each way to measure it. */
#ifndef TEST_USAGE_H
#define TEST_USAGE_H

/* Memory in kB; 0 if that is not known. */
long	memory_used(void);

#endif
