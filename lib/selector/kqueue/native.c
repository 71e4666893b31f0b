/* SPDX-License-Identifier: MIT */
/* The numbers of this system's <sys/event.h>. */
#include "config.h"

#include "selector/kqueue/bits.h"
#include "selector/kqueue/native.h"

const struct kq_names cmio__kq_names = {
	.read = EVFILT_READ,
	.write = EVFILT_WRITE,
	.except = KQ_EXCEPT_FILTER,
	.user = KQ_USER_FILTER,
	.aio = KQ_AIO_FILTER,
	.lio = KQ_LIO_FILTER,
	.add = EV_ADD,
	.remove = EV_DELETE,
	.enable = EV_ENABLE,
	.disable = EV_DISABLE,
	.clear = EV_CLEAR,
	.dispatch = EV_DISPATCH,
	.receipt = EV_RECEIPT,
	.keep_udata = KQ_KEEP_UDATA,
	.eof = EV_EOF,
	.error = EV_ERROR,
	.lowat = NOTE_LOWAT,
	.oob = KQ_EXCEPT_OOB,
	.trigger = KQ_USER_TRIGGER,
};
