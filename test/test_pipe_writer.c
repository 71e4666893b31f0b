/* SPDX-License-Identifier: MIT */
/*
 * The writing end of a pipe when its reader closes: by every trigger, with
 * room in the pipe and without, and after that.
 */
#include "harness.h"

#include <unistd.h>

#include "plain.h"

enum {
	W = CMIO_WRITABLE,
	TRIGGERS = 3
};

/*
 * What reports the closed reader.  A full pipe is not writable before; epoll
 * adds an error in place of "write closed".
 */
static unsigned int
closed(int full)
{
	return full ? CMIO_WRITABLE : CMIO_WRITABLE | CMIO_WRITE_CLOSED;
}

static const unsigned int triggers[TRIGGERS] = {
	0, CMIO_LEVEL, CMIO_ONESHOT
};

static void
close_later(void *fd)
{
	give_way(20);
	close(*(int *)fd);
}

static void
close_reader(struct watched *w)
{
	close(w->fds[1]);
	w->fds[1] = -1;
}

static void
make_writer_first(int fds[2])
{
	int fd;

	plain_pipe(fds);
	fd = fds[0];
	fds[0] = fds[1];
	fds[1] = fd;
}

/* A poll that watches the writing end, full or not. */
static void
watch_writer(struct watched *w, int selector, unsigned int trigger, bool full)
{
	watch(w, selector, make_writer_first, W | trigger);
	expect_event(w->poll, 1, W);
	if (full)
		plain_fill(&w->source);
	if (full || trigger == CMIO_ONESHOT)
		ck_assert_ok(cmio_reregister(w->poll, &w->source, 1,
		    W | trigger));
}

static void
unwatch_writer(struct watched *w)
{
	removed(w->poll, &w->source);
	close(w->fds[0]);
	if (w->fds[1] != -1)
		close(w->fds[1]);
	cmio_poll_unref(w->poll);
}

START_TEST(reader_that_closes_wakes_who_waits_at_a_full_pipe)
{
	struct watched w;
	struct task task;
	int i;

	for (i = 0; i < TRIGGERS; i++) {
		watch_writer(&w, _i, triggers[i], true);
		expect_nothing(w.poll);
		task_start(&task, close_later, &w.fds[1]);
		wait_for(w.poll, 1, closed(true));
		task_join(&task);
		w.fds[1] = -1;
		unwatch_writer(&w);
	}
}
END_TEST

START_TEST(reader_that_closes_is_reported_with_room_in_the_pipe)
{
	struct watched w;
	int i;

	for (i = 0; i < TRIGGERS; i++) {
		watch_writer(&w, _i, triggers[i], false);
		close_reader(&w);
		wait_for(w.poll, 1, closed(false));
		unwatch_writer(&w);
	}
}
END_TEST

START_TEST(level_reports_the_closed_reader_until_deregistered)
{
	struct watched w;
	int full, i;

	for (full = 0; full < 2; full++) {
		watch_writer(&w, _i, CMIO_LEVEL, full);
		close_reader(&w);
		for (i = 0; i < 5; i++)
			wait_for(w.poll, 1, closed(full));
		removed(w.poll, &w.source);
		expect_nothing(w.poll);
		add(w.poll, &w.source, w.fds[0], 1, W);
		unwatch_writer(&w);
	}
}
END_TEST

/* Whatever the kernel has done with its filters since. */
static void
reregister_by_each(struct watched *w, int full)
{
	uintptr_t token;
	int i;

	for (i = 0; i < 2 * TRIGGERS; i++) {
		token = (uintptr_t)i + 10;
		ck_assert_ok(cmio_reregister(w->poll, &w->source, token,
		    W | triggers[i % TRIGGERS]));
		wait_for(w->poll, token, closed(full));
	}
	ck_assert_ok(cmio_reregister(w->poll, &w->source, 20,
	    W | CMIO_READABLE | CMIO_LEVEL));
	wait_for(w->poll, 20, closed(full));
	wait_for(w->poll, 20, closed(full));
}

START_TEST(writer_is_reregistered_after_its_reader_has_closed)
{
	struct watched w;
	int full, i;

	for (i = 0; i < TRIGGERS; i++)
		for (full = 0; full < 2; full++) {
			watch_writer(&w, _i, triggers[i], full);
			close_reader(&w);
			wait_for(w.poll, 1, closed(full));
			reregister_by_each(&w, full);
			unwatch_writer(&w);
		}
}
END_TEST

START_TEST(oneshot_writer_is_silent_after_its_reader_has_closed)
{
	struct watched w;

	watch_writer(&w, _i, CMIO_ONESHOT, false);
	expect_event(w.poll, 1, W);
	close_reader(&w);
	expect_nothing(w.poll);
	ck_assert_ok(cmio_reregister(w.poll, &w.source, 2, W | CMIO_ONESHOT));
	wait_for(w.poll, 2, closed(false));
	expect_nothing(w.poll);
	unwatch_writer(&w);
}
END_TEST

/* To read a pipe makes its writer writable, and nothing else. */
START_TEST(data_is_no_event_of_the_writer)
{
	struct cmio_event event;
	struct watched w;
	int i;

	for (i = 0; i < TRIGGERS; i++) {
		watch_writer(&w, _i, triggers[i], false);
		plain_put(w.fds[0]);
		while (cmio_poll_wait(w.poll, &event, 1, 0) > 0) {
			ck_assert_uint_eq(event.ready, W);
			if (triggers[i] == CMIO_LEVEL)
				break;
		}
		plain_get(w.fds[1]);
		unwatch_writer(&w);
	}
}
END_TEST

static const struct test tests[] = {
	EACH_SELECTOR(reader_that_closes_wakes_who_waits_at_a_full_pipe),
	EACH_SELECTOR(reader_that_closes_is_reported_with_room_in_the_pipe),
	EACH_SELECTOR(level_reports_the_closed_reader_until_deregistered),
	EACH_SELECTOR(writer_is_reregistered_after_its_reader_has_closed),
	EACH_SELECTOR(oneshot_writer_is_silent_after_its_reader_has_closed),
	EACH_SELECTOR(data_is_no_event_of_the_writer),
	END_OF_TESTS
};

int
main(int argc, char **argv)
{
	return run_tests(argc, argv, "pipe_writer", tests);
}
