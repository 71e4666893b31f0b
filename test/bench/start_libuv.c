/* SPDX-License-Identifier: MIT */
/* The shortest program with libuv. */
#include <uv.h>

int
main(void)
{
	uv_loop_t loop;

	return uv_loop_init(&loop) != 0 || uv_loop_close(&loop) != 0;
}
