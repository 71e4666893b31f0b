/* SPDX-License-Identifier: MIT */
/*
 * The interpreter of world.h.
 *
 * Operands select from what exists, so that nearly every operation does
 * something.  Everything that may make a source ready is recorded, so that the
 * model can detect an edge without a reason.
 */
#include "config.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "inside.h"

enum { LONG_MS = 300 };

static void
look(struct world *w, bool after)
{
	struct reg *reg;
	short truth;
	int i;

	for (i = 0; i < SOURCES; i++) {
		reg = &w->model.regs[i];
		if (!reg->on)
			continue;
		truth = reg->stale ? 0 : truth_of(w->slots[i].source.fd);
		reg->after = truth;
		if (!after) {
			reg->before = truth;
			reg->seen = 0;
			reg->times = 0;
		}
	}
	for (i = 0; !after && i < USER_EVENTS; i++)
		w->model.events[i].times = 0;
}

static void
wait_and_check(struct world *w, int poll, int most, int code)
{
	struct cmio_event events[MOST_EVENTS + 1];
	const uintptr_t mark = (uintptr_t)-2;
	const char *wrong;
	char buf[MESSAGE - 20];
	int64_t timeout;
	int n;

	stir_tcp(w);
	look(w, false);
	/* What is owed comes at once, whatever the timeout. */
	timeout = model_owes(&w->model, poll) ?
	    (int64_t)LONG_MS * 1000000 : 0;
	events[most].token = mark;
	n = cmio_poll_wait(w->polls[poll], events, most, timeout);
	look(w, true);
	say(w, "cmio_poll_wait(p%d, events, %d, 0);", poll, most);
	note(w, code, n, false);
	if (n == -1)
		fail(w, "cmio_poll_wait: %s", strerror(errno));
	else if (events[most].token != mark)
		fail(w, "cmio_poll_wait wrote beyond %d events", most);
	else {
		wrong = model_wait(&w->model, poll, events, n, most, buf,
		    sizeof(buf));
		if (wrong != NULL)
			fail(w, "%s", wrong);
	}
}

static void
do_wait(struct world *w, const struct op *op)
{
	int most = op->b % 2 ? 1 + op->b / 2 % 6 : MOST_EVENTS;

	wait_and_check(w, op->a % 8 == 1, most, op->code);
}

static void
run_op(struct world *w, const struct op *op)
{
	static void (*const run[OPS])(struct world *, const struct op *) = {
		[OP_MAKE] = do_make,
		[OP_CONNECT] = do_connect,
		[OP_ACCEPT] = do_accept,
		[OP_WRITE] = do_write,
		[OP_READ] = do_read,
		[OP_URGENT] = do_urgent,
		[OP_SHUTDOWN] = do_shutdown,
		[OP_CLOSE] = do_close,
		[OP_CLOSE_PLAIN] = do_close_plain,
		[OP_RESET] = do_reset,
		[OP_DUP] = do_dup,
		[OP_REGISTER] = do_register,
		[OP_REREGISTER] = do_reregister,
		[OP_DEREGISTER] = do_deregister,
		[OP_REARM] = do_rearm,
		[OP_EVENT_ADD] = do_event_add,
		[OP_EVENT_TRIGGER] = do_event_trigger,
		[OP_EVENT_REMOVE] = do_event_remove,
		[OP_WAIT] = do_wait,
	};

	run[op->code](w, op);
}

/* Frees everything, the polls first or last. */
static void
clear(struct world *w, bool polls_first)
{
	int i;

	for (i = 0; polls_first && i < POLLS; i++)
		cmio_poll_unref(w->polls[i]);
	for (i = 0; i < USER_EVENTS; i++)
		if (w->model.events[i].on)
			cmio_user_event_remove(&w->events[i]);
	for (i = 0; i < SOURCES; i++) {
		if (!w->slots[i].used)
			continue;
		if (w->model.regs[i].stale)
			cmio_deregister(NULL, &w->slots[i].source);
		else
			close(cmio_release(&w->slots[i].source));
	}
	for (i = 0; !polls_first && i < POLLS; i++)
		cmio_poll_unref(w->polls[i]);
}

/* The lowest free number; if it is another afterwards, one has leaked. */
static int
lowest_free(void)
{
	int fd = dup(0);

	close(fd);
	return fd;
}

void
run_program(const struct program *program, const char *selector,
    struct outcome *outcome, FILE *text)
{
	struct world w = {
		.outcome = outcome,
		.text = text,
		.selector = selector,
	};
	int i, before;

	memset(outcome, 0, sizeof(*outcome));
	before = lowest_free();
	w.model.splits = strcmp(selector, "epoll") != 0 &&
	    strcmp(selector, "poll") != 0;
	w.model.emulates = strcmp(selector, "poll") == 0 ||
	    strcmp(selector, "evport") == 0;
	for (i = 0; i < POLLS; i++) {
		w.polls[i] = cmio_poll_new(selector);
		if (w.polls[i] == NULL) {
			fail(&w, "cmio_poll_new: %s", strerror(errno));
			return;
		}
	}
	for (; w.at < program->n && !outcome->failed; w.at++)
		run_op(&w, &program->ops[w.at]);
	w.at = MOST_OPS;
	for (i = 0; i < POLLS && !outcome->failed; i++)
		wait_and_check(&w, i, MOST_EVENTS, OP_WAIT);
	clear(&w, program->n % 2);
	if (lowest_free() != before)
		fail(&w, "descriptor %d is left over", before);
}

static const char *
compare(const struct outcome *one, const struct outcome *other,
    char *message, size_t size)
{
	const struct result *a, *b;
	int i;

	for (i = 0; i < MOST_OPS; i++) {
		a = &one->results[i];
		b = &other->results[i];
		if (!a->exact || !b->exact ||
		    (a->rc == b->rc && a->error == b->error))
			continue;
		snprintf(message, size, "operation %d, %d: %d, errno %d, but "
		    "%d, errno %d", i, a->code, a->rc, a->error, b->rc,
		    b->error);
		return message;
	}
	return NULL;
}

const char *
run_on_each(const struct program *program, const char *const *selectors,
    char message[MESSAGE + 100])
{
	static struct outcome outcomes[8];
	const char *wrong;
	char buf[MESSAGE];
	int i;

	for (i = 0; selectors[i] != NULL && i < 8; i++) {
		run_program(program, selectors[i], &outcomes[i], NULL);
		if (outcomes[i].failed) {
			snprintf(message, MESSAGE + 100, "%s: %s",
			    selectors[i], outcomes[i].message);
			return message;
		}
	}
	for (i = 1; selectors[i] != NULL && i < 8; i++) {
		wrong = compare(&outcomes[0], &outcomes[i], buf, sizeof(buf));
		if (wrong != NULL) {
			snprintf(message, MESSAGE + 100, "%s, %s: %s",
			    selectors[0], selectors[i], wrong);
			return message;
		}
	}
	return NULL;
}
