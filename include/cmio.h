/* SPDX-License-Identifier: MIT */
/*
 * cmio: which of a program's descriptors are ready.  See cmio(7).
 *
 * Every function that can fail returns -1, or NULL, and sets errno.
 */
#ifndef CMIO_H
#define CMIO_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* How functions are called, whatever the compiler's default is. */
#ifdef _WIN32
#define CMIO_CALL		__cdecl
#else
#define CMIO_CALL
#endif

#define CMIO_VERSION		"0.2.0"
#define CMIO_VERSION_NUMBER	0x000200

/* The version of the library that the program runs with. */
const char	*CMIO_CALL cmio_version(void);

#ifdef _WIN32
typedef uintptr_t cmio_fd;	/* a SOCKET or a HANDLE */
#define CMIO_FD_NONE		UINTPTR_MAX
#else
typedef int cmio_fd;
#define CMIO_FD_NONE		(-1)
#endif

/* Interest: what a source is registered for. */
#define CMIO_READABLE		0x00000001u
#define CMIO_PRIORITY		0x00000002u	/* out-of-band data */
#define CMIO_WRITABLE		0x00000004u
#define CMIO_AIO		0x00000100u	/* kqueue with EVFILT_AIO */
#define CMIO_LIO		0x00000200u	/* kqueue with EVFILT_LIO */

/* Readiness: the bits above, and these.  Every bit is a hint. */
#define CMIO_ERROR		0x00000008u
#define CMIO_WRITE_CLOSED	0x00000010u
#define CMIO_READ_CLOSED	0x00002000u

/* Trigger, added to the interest.  Edge is the default. */
#define CMIO_LEVEL		0x00010000u	/* for as long as it is ready */
#define CMIO_ONESHOT		0x00020000u	/* once, until reregistered */
#define CMIO_EXCLUSIVE		0x00040000u	/* wake one poll of several */

/* Opaque, with a reference count. */
struct cmio_poll;

/*
 * A descriptor, and data of its selector.  It belongs to the caller, who may
 * copy or move it, but use only one of the copies.
 */
struct cmio_source {
	cmio_fd		 fd;
	unsigned int	 kind;		/* private */
	void		*state;		/* private; NULL: not registered */
};
#define CMIO_SOURCE(fd)		{ (fd), 0, NULL }
void	 CMIO_CALL cmio_source_init(struct cmio_source *source, cmio_fd fd);

struct cmio_event {
	uintptr_t	token;		/* as given to cmio_register() */
	uint32_t	ready;		/* CMIO_READABLE and so on */
	uint32_t	native;		/* the kernel's bits, for debugging */
};

/* The names of the selectors, best first, with NULL at the end. */
const char *const *CMIO_CALL cmio_selectors(void);

struct cmio_poll *CMIO_CALL cmio_poll_new(const char *selector);
struct cmio_poll *CMIO_CALL cmio_poll_ref(struct cmio_poll *poll);
void		 CMIO_CALL cmio_poll_unref(struct cmio_poll *poll);
const char	*CMIO_CALL cmio_poll_selector(const struct cmio_poll *poll);
cmio_fd		 CMIO_CALL cmio_poll_fd(const struct cmio_poll *poll);

/* The timeout is in nanoseconds; -1: no limit, 0: return at once. */
int	 CMIO_CALL cmio_poll_wait(struct cmio_poll *poll,
	    struct cmio_event *events, int nevents, int64_t timeout);

int	 CMIO_CALL cmio_register(struct cmio_poll *poll,
	    struct cmio_source *source, uintptr_t token,
	    unsigned int interest);
int	 CMIO_CALL cmio_reregister(struct cmio_poll *poll,
	    struct cmio_source *source, uintptr_t token,
	    unsigned int interest);
int	 CMIO_CALL cmio_deregister(struct cmio_poll *poll,
	    struct cmio_source *source);
cmio_fd	 CMIO_CALL cmio_release(struct cmio_source *source);
/* For a descriptor that nothing shares and that is closed next. */
cmio_fd	 CMIO_CALL cmio_release_unshared(struct cmio_source *source);

/* Call this after a system call of your own failed with EAGAIN. */
int	 CMIO_CALL cmio_rearm(struct cmio_source *source,
	    unsigned int directions);

/* An event without a descriptor, in the caller's memory. */
struct cmio_user_event {
	uintptr_t	 token;
	void		*state[3];	/* private */
};
int	 CMIO_CALL cmio_user_event_add(struct cmio_poll *poll,
	    struct cmio_user_event *event, uintptr_t token);
int	 CMIO_CALL cmio_user_event_trigger(struct cmio_user_event *event);
int	 CMIO_CALL cmio_user_event_remove(struct cmio_user_event *event);

/* Writes "READABLE | READ_CLOSED"; returns what snprintf(3) does. */
int	 CMIO_CALL cmio_ready_format(unsigned int ready, char *buf,
	    size_t size);

#ifdef _WIN32
/* errno of cmio's C runtime, for programs that have another one. */
int	 CMIO_CALL cmio_errno(void);
#endif

#ifdef __cplusplus
}
#endif

#endif
