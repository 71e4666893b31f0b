/* SPDX-License-Identifier: MIT */
/* The slots of a world, and what is recorded of each operation. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include "inside.h"

enum { LOWEST = 100 };	/* descriptor of a source */

void
say(struct world *w, const char *format, ...)
{
	va_list ap;

	if (w->text == NULL)
		return;
	va_start(ap, format);
	vfprintf(w->text, format, ap);
	va_end(ap);
}

void
fail(struct world *w, const char *format, ...)
{
	va_list ap;

	if (w->outcome->failed)
		return;
	w->outcome->failed = true;
	va_start(ap, format);
	vsnprintf(w->outcome->message, MESSAGE, format, ap);
	va_end(ap);
	say(w, "\t/* %s */\n", w->outcome->message);
}

void
note(struct world *w, int code, int rc, bool exact)
{
	if (w->at < MOST_OPS)
	w->outcome->results[w->at] = (struct result){
		.code = code,
		.rc = rc,
		.error = rc == -1 ? errno : 0,
		.exact = exact && !w->model.ghosts,
	};
	say(w, "\t/* %d%s%s */\n", rc, rc == -1 ? " " : "",
	    rc == -1 ? strerror(errno) : "");
}

void
expect(struct world *w, const char *what, int rc, int error)
{
	if (rc != (error == 0 ? 0 : -1) || (rc == -1 && errno != error))
		fail(w, "%s: %d (%s), not %s", what, rc,
		    rc == -1 ? strerror(errno) : "success",
		    error == 0 ? "success" : strerror(error));
}

struct reg *
reg_of(struct world *w, struct slot *slot)
{
	return &w->model.regs[slot - w->slots];
}

int
index_of(struct world *w, struct slot *slot)
{
	return (int)(slot - w->slots);
}

bool
is_open(struct world *w, struct slot *slot)
{
	return slot->used && !reg_of(w, slot)->stale;
}

struct slot *
choose(struct world *w, unsigned int which,
    bool (*wanted)(struct world *, struct slot *))
{
	struct slot *liked[SOURCES];
	int i, n = 0;

	for (i = 0; i < SOURCES; i++)
		if (wanted(w, &w->slots[i]))
			liked[n++] = &w->slots[i];
	return n == 0 ? NULL : liked[which % (unsigned int)n];
}

bool
is_used(struct world *w, struct slot *slot)
{
	(void)w;
	return slot->used && !slot->gone;
}

bool
is_listener(struct world *w, struct slot *slot)
{
	return is_open(w, slot) && slot->kind == KIND_LISTENER;
}

bool
is_tcp(struct world *w, struct slot *slot)
{
	return is_open(w, slot) && slot->kind == KIND_TCP;
}

bool
is_open_and_registered(struct world *w, struct slot *slot)
{
	return is_open(w, slot) && reg_of(w, slot)->on;
}

/* Numbers are reused in the same way with every selector. */
static int
move_up(int fd)
{
	int higher = fcntl(fd, F_DUPFD_CLOEXEC, LOWEST);

	close(fd);
	return higher;
}

struct slot *
new_slot(struct world *w, int fd, enum kind kind, int channel)
{
	struct slot *slot;
	int i;

	for (i = 0; i < SOURCES && w->slots[i].used; i++)
		continue;
	fd = move_up(fd);
	if (i == SOURCES || fd == -1) {
		close(fd);
		return NULL;
	}
	slot = &w->slots[i];
	*slot = (struct slot){
		.used = true,
		.kind = kind,
		.channel = channel,
		.number = fd,
	};
	fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
	cmio_source_init(&slot->source, fd);
	memset(reg_of(w, slot), 0, sizeof(struct reg));
	reg_of(w, slot)->kind = kind;
	return slot;
}

void
stir(struct world *w, int channel)
{
	int i;

	for (i = 0; i < SOURCES; i++)
		if (w->slots[i].used && w->slots[i].channel == channel)
			w->model.regs[i].quiet = false;
}

void
stir_tcp(struct world *w)
{
	int i;

	for (i = 0; i < SOURCES; i++)
		if (w->slots[i].used && (w->slots[i].kind == KIND_TCP ||
		    w->slots[i].kind == KIND_LISTENER))
			w->model.regs[i].quiet = false;
}

bool
exact(const struct slot *slot)
{
	return slot->kind != KIND_TCP && slot->kind != KIND_LISTENER;
}
