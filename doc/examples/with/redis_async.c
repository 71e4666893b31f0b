/* SPDX-License-Identifier: MIT */
/*
 * redis_async HOST PORT COUNT: hiredis' asynchronous interface.  One
 * connection subscribes to a channel; when it has, another sends COUNT
 * commands at once and then a message, and the first prints that.
 *
 * hiredis says what it waits for through struct redisAsyncContext's member ev.
 * From "struct connection" to "serve" is what a program copies.
 */
#include <err.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include <hiredis/async.h>

#include <cmio.h>

enum { MAX_EVENTS = 16 };

static struct cmio_poll *sources;

/*
 * It belongs to the program and lives longer than what hiredis has: an event
 * of the same batch may still come for it.
 */
struct connection {
	struct cmio_source	 source;
	redisAsyncContext	*redis;		/* NULL: hiredis has ended it */
	unsigned int		 interest;
};

/* hiredis reads once at each call, so the socket is level-triggered. */
static void
watch(struct connection *connection, unsigned int interest)
{
	int result = 0;

	if (connection->interest == interest)
		return;
	if (connection->interest == 0)
		result = cmio_register(sources, &connection->source,
		    (uintptr_t)connection, interest | CMIO_LEVEL);
	else if (interest == 0)
		result = cmio_deregister(sources, &connection->source);
	else
		result = cmio_reregister(sources, &connection->source,
		    (uintptr_t)connection, interest | CMIO_LEVEL);
	if (result == -1)
		err(1, "cannot watch a socket of hiredis");
	connection->interest = interest;
}

static void
add_read(void *data)
{
	struct connection *connection = data;

	watch(connection, connection->interest | CMIO_READABLE);
}

static void
del_read(void *data)
{
	struct connection *connection = data;

	watch(connection, connection->interest & ~CMIO_READABLE);
}

static void
add_write(void *data)
{
	struct connection *connection = data;

	watch(connection, connection->interest | CMIO_WRITABLE);
}

static void
del_write(void *data)
{
	struct connection *connection = data;

	watch(connection, connection->interest & ~CMIO_WRITABLE);
}

/* hiredis closes the descriptor next, and frees its context. */
static void
cleanup(void *data)
{
	struct connection *connection = data;

	watch(connection, 0);
	connection->redis = NULL;
}

static void
attach(struct connection *connection, redisAsyncContext *redis)
{
	cmio_source_init(&connection->source, redis->c.fd);
	connection->redis = redis;
	connection->interest = 0;
	redis->ev.data = connection;
	redis->ev.addRead = add_read;
	redis->ev.delRead = del_read;
	redis->ev.addWrite = add_write;
	redis->ev.delWrite = del_write;
	redis->ev.cleanup = cleanup;
}

/* Each call may end the connection. */
static void
serve(const struct cmio_event *event)
{
	struct connection *connection = (struct connection *)event->token;
	uint32_t in = CMIO_READABLE | CMIO_READ_CLOSED | CMIO_ERROR;

	if (connection->redis != NULL && event->ready & in &&
	    connection->interest & CMIO_READABLE)
		redisAsyncHandleRead(connection->redis);
	if (connection->redis != NULL && event->ready &
	    (CMIO_WRITABLE | CMIO_ERROR) &&
	    connection->interest & CMIO_WRITABLE)
		redisAsyncHandleWrite(connection->redis);
}

/* ---- What this program does with it. */
static struct connection commands, messages;
static int count, answered;

static void
on_answer(redisAsyncContext *redis, void *data, void *user)
{
	redisReply *reply = data;

	(void)redis, (void)user;
	if (reply == NULL || reply->type != REDIS_REPLY_INTEGER)
		errx(1, "a command has failed");
	answered++;
}

static void
on_message(redisAsyncContext *redis, void *data, void *user)
{
	redisReply *reply = data;
	int i;

	(void)user;
	if (reply == NULL) {	/* it has ended, and so does the other */
		if (commands.redis != NULL)
			redisAsyncDisconnect(commands.redis);
		return;
	}
	if (reply->element[2]->type == REDIS_REPLY_STRING) {
		printf("%s\n", reply->element[2]->str);
		redisAsyncDisconnect(redis);
		return;
	}
	for (i = 0; i < count; i++)
		redisAsyncCommand(commands.redis, on_answer, NULL,
		    "INCR cmio");
	redisAsyncCommand(commands.redis, NULL, NULL, "PUBLISH cmio done");
}

static void
connect_to(struct connection *connection, const char *host, int port)
{
	redisAsyncContext *redis = redisAsyncConnect(host, port);

	if (redis == NULL || redis->err != 0)
		errx(1, "%s: %s", host, redis ? redis->errstr : "no memory");
	attach(connection, redis);
}

int
main(int argc, char **argv)
{
	struct cmio_event events[MAX_EVENTS];
	int i, n;

	if (argc < 4)
		errx(1, "usage: redis_async HOST PORT COUNT");
	signal(SIGPIPE, SIG_IGN);	/* hiredis calls write(2) */
	if ((sources = cmio_poll_new(NULL)) == NULL)
		err(1, "cmio_poll_new");
	count = atoi(argv[3]);
	connect_to(&commands, argv[1], atoi(argv[2]));
	connect_to(&messages, argv[1], atoi(argv[2]));
	redisAsyncCommand(messages.redis, on_message, NULL, "SUBSCRIBE cmio");
	while (commands.redis != NULL || messages.redis != NULL) {
		n = cmio_poll_wait(sources, events, MAX_EVENTS, -1);
		if (n == -1 && errno != EINTR)
			err(1, "cmio_poll_wait");
		for (i = 0; i < n; i++)
			serve(&events[i]);
	}
	cmio_poll_unref(sources);
	printf("%d answers\n", answered);
	return answered != count;
}
