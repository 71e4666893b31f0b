/* SPDX-License-Identifier: MIT */
/*
 * run_children: runs shell commands at the same time, and prints their output
 * line by line, each line with the number of its command.
 *
 * SIGINT and SIGTERM end all commands, a second one by force.  The program
 * shows children and signals as sources, and what a new process has to be
 * given: its own group, the old mask, and the only copy of the pipe.
 */
#include <sys/types.h>
#include <sys/wait.h>

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmio/net.h>
#include <cmio/process.h>

enum { MAX_JOBS = 64, MAX_LINE = 1024 };
enum { OUTPUT, CHILD, KINDS, SIGNALS = MAX_JOBS * KINDS };	/* tokens */

struct job {
	struct cmio_child	child;
	struct cmio_source	output;
	char			line[MAX_LINE];
	size_t			used;		/* of line */
	int			status;
	bool			runs;		/* not reaped yet */
	bool			prints;		/* output is open */
};

extern char **environ;

static struct cmio_poll *sources;
static struct cmio_signals signals;
static struct job jobs[MAX_JOBS];
static int left;			/* jobs that run or print */
static int stops;			/* how often we were told to end */
static bool failed;

/* Returns the process, or -1 with errno set. */
static pid_t
spawn(char *command, int output, const sigset_t *mask)
{
	char sh[] = "sh", option[] = "-c";
	char *argv[] = { sh, option, command, NULL };
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	pid_t pid;
	int error;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY,
	    0);
	posix_spawn_file_actions_adddup2(&actions, output, 1);
	posix_spawn_file_actions_adddup2(&actions, output, 2);
	posix_spawnattr_init(&attr);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK |
	    POSIX_SPAWN_SETPGROUP);
	posix_spawnattr_setsigmask(&attr, mask);
	posix_spawnattr_setpgroup(&attr, 0);
	error = posix_spawn(&pid, "/bin/sh", &actions, &attr, argv, environ);
	posix_spawnattr_destroy(&attr);
	posix_spawn_file_actions_destroy(&actions);
	errno = error;
	return error == 0 ? pid : -1;
}

/* The writing end is made blocking, as programs expect of their output. */
static bool
start(int i, char *command, const sigset_t *mask)
{
	struct job *job = &jobs[i];
	struct cmio_source writer;
	pid_t pid = -1;

	if (cmio_pipe(&job->output, &writer) == -1)
		return false;
	if (cmio_set_nonblocking(&writer, 0) == 0)
		pid = spawn(command, writer.fd, mask);
	cmio_close(&writer);
	if (pid == -1)
		return false;
	left++;
	job->prints = true;
	if (cmio_child_open(&job->child, pid) == -1) {
		kill(-pid, SIGKILL);
		waitpid(pid, &job->status, 0);
		return false;
	}
	job->runs = true;
	return cmio_register(sources, &job->output,
	    (uintptr_t)(i * KINDS + OUTPUT), CMIO_READABLE) == 0 &&
	    cmio_register(sources, &job->child.source,
	    (uintptr_t)(i * KINDS + CHILD), CMIO_READABLE) == 0;
}

static int
number_of(const struct job *job)
{
	return (int)(job - jobs) + 1;
}

static void
print_line(struct job *job)
{
	printf("[%d] %.*s\n", number_of(job), (int)job->used, job->line);
	job->used = 0;
}

/* A line that is too long is printed in parts. */
static void
add_output(struct job *job, const char *bytes, size_t n)
{
	for (; n > 0; bytes++, n--) {
		if (*bytes != '\n')
			job->line[job->used++] = *bytes;
		if (*bytes == '\n' || job->used == sizeof(job->line))
			print_line(job);
	}
}

/* Its output may end before the child, or after it. */
static void
report_if_done(struct job *job)
{
	if (job->runs || job->prints)
		return;
	if (WIFSIGNALED(job->status))
		printf("[%d] signal %d\n", number_of(job),
		    WTERMSIG(job->status));
	else
		printf("[%d] exit %d\n", number_of(job),
		    WEXITSTATUS(job->status));
	fflush(stdout);
	failed = failed || job->status != 0;
	left--;
}

static void
end_output(struct job *job)
{
	if (job->used != 0)
		print_line(job);
	cmio_close(&job->output);
	job->prints = false;
	report_if_done(job);
}

static void
read_output(struct job *job)
{
	char buf[4096];
	ssize_t n;

	while (job->prints) {
		n = cmio_read(&job->output, buf, sizeof(buf));
		if (n > 0)
			add_output(job, buf, (size_t)n);
		else if (n == -1 && errno == EAGAIN)
			break;
		else if (n == 0 || errno != EINTR)
			end_output(job);
	}
	fflush(stdout);
}

static void
end_child(struct job *job)
{
	if (!job->runs || (cmio_child_wait(&job->child, &job->status) == -1 &&
	    errno == EAGAIN))
		return;
	cmio_close(&job->child.source);
	job->runs = false;
	report_if_done(job);
}

/*
 * Each command is a process group.  Of one that has ended others may still
 * print; they are waited for no longer.
 */
static void
stop_all(void)
{
	int i;

	stops++;
	for (i = 0; i < MAX_JOBS; i++) {
		if (jobs[i].runs)
			kill(-jobs[i].child.pid, stops == 1 ? SIGTERM :
			    SIGKILL);
		else if (jobs[i].prints)
			end_output(&jobs[i]);
	}
}

static void
take_signals(void)
{
	while (cmio_signals_take(&signals) != -1)
		stop_all();
	if (errno != EAGAIN)
		err(1, "cmio_signals_take");
}

static void
handle(uintptr_t token)
{
	struct job *job = &jobs[token / KINDS % MAX_JOBS];

	if (token == SIGNALS)
		take_signals();
	else if (token % KINDS == OUTPUT)
		read_output(job);
	else
		end_child(job);
}

static void
run(void)
{
	struct cmio_event events[16];
	int i, n;

	while (left > 0) {
		n = cmio_poll_wait(sources, events, 16, -1);
		if (n == -1 && errno != EINTR)
			err(1, "cmio_poll_wait");
		for (i = 0; i < n; i++)
			handle(events[i].token);
	}
}

int
main(int argc, char **argv)
{
	sigset_t set, before;
	int i;

	if (argc < 2 || argc - 1 > MAX_JOBS) {
		fprintf(stderr, "usage: %s COMMAND...\n", argv[0]);
		return 2;
	}
	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, &before);
	sources = cmio_poll_new(NULL);
	if (sources == NULL || cmio_signals_open(&signals, &set) == -1 ||
	    cmio_register(sources, &signals.source, SIGNALS,
	    CMIO_READABLE) == -1)
		err(1, "cmio_signals_open");
	for (i = 1; i < argc && stops == 0; i++)
		if (!start(i - 1, argv[i], &before)) {
			warn("%s", argv[i]);
			failed = true;
			stop_all();
		}
	run();
	cmio_close(&signals.source);
	cmio_poll_unref(sources);
	return failed;
}
