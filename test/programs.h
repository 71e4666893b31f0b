/* SPDX-License-Identifier: MIT */
/*
 * Running the programs of doc/, and talking to them with system calls.
 *
 * The environment: CMIO_DOC is the folder with the programs ("doc" if it is
 * not set), CMIO_RUNNER what to run them with (an emulator, for example).
 */
#ifndef PROGRAMS_H
#define PROGRAMS_H

#include <sys/types.h>

#include <netinet/in.h>

/* A running program, and the address that it listens at. */
struct program {
	pid_t			pid;
	int			output;		/* a pipe from its stdout */
	struct sockaddr_in	addr;
};

/* In the new process prepare(number) is called first, if it is not NULL. */
void	spawn(struct program *program, const char *name, const char *args,
	    void (*prepare)(int), int number);
/* Programs that print "listening on" and their address. */
struct program start_with(const char *name, const char *args,
	    void (*prepare)(int), int number);
struct program start(const char *name);

/* Waits for the end of the program, and returns its status. */
int	reap(struct program *program);
/* The same for a program that no signal ended; returns its exit status. */
int	exit_status(struct program *program);
/* Sends a signal, and expects exit status 0. */
void	stop(struct program *program, int number);

int	client_of(const struct program *program, int type);
/* A line with its newline, or what came before the end. */
void	read_line(int fd, char *line, size_t size);
void	expect_line(int fd, const char *expected);
void	send_all(int fd, const char *data, size_t len);
void	receive_all(int fd, const char *expected, size_t len);
/* Sends until nothing was accepted for a while; returns how much was. */
size_t	send_until_held_back(int fd, const char *data, size_t len);

#endif
