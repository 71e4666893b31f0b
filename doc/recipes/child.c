/* SPDX-License-Identifier: MIT */
/*
 * A child and its output: reads what a command prints, and waits for its end.
 * Both are needed: the output may go on after the child has ended, if that
 * has started other programs, and a child may close its output and run on.
 */
#include <sys/wait.h>

#include <err.h>
#include <errno.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

#include <cmio/net.h>
#include <cmio/process.h>

enum { OUTPUT, CHILD };

extern char **environ;

static struct cmio_source output;
static struct cmio_child child;
static bool output_ended, child_ended;
static int status;

static pid_t
start(char *command)
{
	char sh[] = "sh", option[] = "-c";
	char *argv[] = { sh, option, command, NULL };
	posix_spawn_file_actions_t actions;
	struct cmio_source writer;
	pid_t pid;
	int error;

	if (cmio_pipe(&output, &writer) == -1)
		err(1, "cmio_pipe");
	/* The child's end is blocking, as programs expect. */
	cmio_set_nonblocking(&writer, 0);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, writer.fd, STDOUT_FILENO);
	error = posix_spawn(&pid, "/bin/sh", &actions, NULL, argv, environ);
	if (error != 0) {
		errno = error;
		err(1, "posix_spawn");
	}
	posix_spawn_file_actions_destroy(&actions);
	cmio_close(&writer);		/* or the output would never end */
	return pid;
}

static void
read_output(bool to_the_end)
{
	char buf[512];
	ssize_t n;

	do {
		n = cmio_read(&output, buf, sizeof(buf));
		if (n > 0)
			printf("output: %.*s", (int)n, buf);
		if (n == -1 && errno != EAGAIN && errno != EINTR)
			err(1, "cmio_read");
		output_ended = output_ended || n == 0;
	} while (n == (ssize_t)sizeof(buf) || (n > 0 && to_the_end) ||
	    (n == -1 && errno == EINTR));
}

static void
handle(const struct cmio_event *event)
{
	if (event->token == OUTPUT)
		read_output(event->ready & (CMIO_READ_CLOSED | CMIO_ERROR));
	else if (!child_ended)
		child_ended = cmio_child_wait(&child, &status) == 0;
}

int
main(void)
{
	struct cmio_event events[16];
	struct cmio_poll *poll = cmio_poll_new(NULL);
	char command[] = "echo hello; exit 3";
	int i, n;

	if (poll == NULL)
		err(1, "cmio_poll_new");
	if (cmio_child_open(&child, start(command)) == -1 ||
	    cmio_register(poll, &child.source, CHILD, CMIO_READABLE) == -1 ||
	    cmio_register(poll, &output, OUTPUT, CMIO_READABLE) == -1)
		err(1, "cmio_child_open");
	while (!output_ended || !child_ended) {
		n = cmio_poll_wait(poll, events, 16, -1);
		if (n == -1 && errno != EINTR)
			err(1, "cmio_poll_wait");
		for (i = 0; i < n; i++)
			handle(&events[i]);
	}
	if (WIFEXITED(status))
		printf("exit status %d\n", WEXITSTATUS(status));
	cmio_close(&child.source);
	cmio_close(&output);
	cmio_poll_unref(poll);
	return !WIFEXITED(status) || WEXITSTATUS(status) != 3;
}
