# SPDX-License-Identifier: MIT
"""cmio in Python, by cffi: the set of sources, and a wake-up from a thread.

Poll and Wake are what a program copies.  Nothing is compiled: cffi loads
libcmio itself, whose functions are declared below as in <cmio.h> on Unix.
A thread that waits in Poll.wait() does not hold Python's lock.

Run as a program, with the name of the library if it is not libcmio.so.0, it
echoes three lines through a pair of sockets.
"""
import errno
import os
import socket
import sys
import threading

import cffi

READABLE, PRIORITY, WRITABLE = 0x1, 0x2, 0x4
ERROR, WRITE_CLOSED, READ_CLOSED = 0x8, 0x10, 0x2000
LEVEL, ONESHOT = 0x10000, 0x20000

ffi = cffi.FFI()
ffi.cdef("""
struct cmio_poll;
struct cmio_source { int fd; unsigned int kind; void *state; };
struct cmio_event { uintptr_t token; uint32_t ready; uint32_t native; };
struct cmio_user_event { uintptr_t token; void *state[3]; };
struct cmio_poll *cmio_poll_new(const char *selector);
void cmio_poll_unref(struct cmio_poll *poll);
int cmio_poll_wait(struct cmio_poll *poll, struct cmio_event *events,
    int nevents, int64_t timeout);
int cmio_register(struct cmio_poll *poll, struct cmio_source *source,
    uintptr_t token, unsigned int interest);
int cmio_reregister(struct cmio_poll *poll, struct cmio_source *source,
    uintptr_t token, unsigned int interest);
int cmio_deregister(struct cmio_poll *poll, struct cmio_source *source);
int cmio_user_event_add(struct cmio_poll *poll,
    struct cmio_user_event *event, uintptr_t token);
int cmio_user_event_trigger(struct cmio_user_event *event);
int cmio_user_event_remove(struct cmio_user_event *event);
""")
lib = ffi.dlopen(sys.argv[1] if len(sys.argv) > 1 else "libcmio.so.0")


def check(result):
    if result == -1:
        raise OSError(ffi.errno, os.strerror(ffi.errno))
    return result


class Poll:
    """Waits for objects that have a fileno().

    An object is level-triggered unless ONESHOT is asked for: Python's own
    methods read and write, and cmio is not told when they would block.
    """

    def __init__(self, selector=None, room=64):
        name = ffi.NULL if selector is None else selector.encode()
        self._poll = lib.cmio_poll_new(name)
        if self._poll == ffi.NULL:
            check(-1)
        self._events = ffi.new("struct cmio_event[]", room)
        self._sources = {}  # by token: the struct, which must stay, and object
        self._next = 1

    def _token(self):
        self._next += 1
        return self._next - 1

    def register(self, thing, interest):
        """Returns a token: cmio itself keeps no reference to the object."""
        source = ffi.new("struct cmio_source *", {"fd": thing.fileno()})
        token = self._token()
        if not interest & ONESHOT:
            interest |= LEVEL
        check(lib.cmio_register(self._poll, source, token, interest))
        self._sources[token] = source, thing
        return token

    def reregister(self, token, interest):
        if not interest & ONESHOT:
            interest |= LEVEL
        check(lib.cmio_reregister(self._poll, self._sources[token][0], token,
                                  interest))

    def deregister(self, token):
        """To be called before the object is closed."""
        check(lib.cmio_deregister(self._poll, self._sources[token][0]))
        del self._sources[token]

    def wait(self, seconds=None):
        """Returns a list of (object, token, ready)."""
        timeout = -1 if seconds is None else int(seconds * 1e9)
        n = lib.cmio_poll_wait(self._poll, self._events, len(self._events),
                               timeout)
        if n == -1 and ffi.errno == errno.EINTR:
            return []
        check(n)
        events = [(e.token, e.ready) for e in self._events[0:n]]
        return [(self._sources[token][1], token, ready)
                for token, ready in events if token in self._sources]

    def close(self):
        for token in list(self._sources):
            source, thing = self._sources[token]
            if isinstance(thing, Wake):
                thing.close()
            else:
                self.deregister(token)
        lib.cmio_poll_unref(self._poll)

    __enter__ = lambda self: self
    __exit__ = lambda self, *error: self.close()


class Wake:
    """Ends the wait of a poll: its trigger() may be called in any thread."""

    def __init__(self, poll):
        self._poll, self._token = poll, poll._token()
        self._event = ffi.new("struct cmio_user_event *")
        check(lib.cmio_user_event_add(poll._poll, self._event, self._token))
        poll._sources[self._token] = self._event, self

    def trigger(self):
        check(lib.cmio_user_event_trigger(self._event))

    def close(self):
        check(lib.cmio_user_event_remove(self._event))
        del self._poll._sources[self._token]


def main():
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    lines = iter([b"one\n", b"two\n", b"three\n"])
    with ours, theirs, Poll() as poll:
        wake = Wake(poll)
        poll.register(ours, READABLE)
        threading.Timer(0.01, wake.trigger).start()
        while True:
            for thing, _, ready in poll.wait(10):
                if thing is not wake:
                    print(thing.recv(4096).decode(), end="")
                line = next(lines, None)
                if line is None:
                    return
                theirs.sendall(line)


if __name__ == "__main__":
    main()
