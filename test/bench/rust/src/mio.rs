// SPDX-License-Identifier: MIT
//! The benchmarks on mio.
mod benchmarks;

use benchmarks::Loop;
use mio::unix::SourceFd;
use mio::{Events, Interest, Poll, Token, Waker};
use std::os::fd::{AsRawFd, RawFd};
use std::sync::Arc;
use std::time::Duration;

const WAKE: Token = Token(usize::MAX);

struct Mio {
    poll: Poll,
    events: Events,
}

fn interest(write: bool) -> Interest {
    if write {
        Interest::READABLE | Interest::WRITABLE
    } else {
        Interest::READABLE
    }
}

impl Loop for Mio {
    type Wake = Arc<Waker>;

    fn new() -> Self {
        Mio {
            poll: Poll::new().unwrap(),
            events: Events::with_capacity(1024),
        }
    }

    fn add(&mut self, fd: RawFd, token: usize) {
        self.poll
            .registry()
            .register(&mut SourceFd(&fd), Token(token), Interest::READABLE)
            .unwrap();
    }

    // mio itself has edges alone.
    fn add_level(&mut self, fd: RawFd, token: usize) {
        let mut event = libc::epoll_event {
            events: libc::EPOLLIN as u32,
            u64: token as u64,
        };
        let rc = unsafe {
            libc::epoll_ctl(self.poll.as_raw_fd(), libc::EPOLL_CTL_ADD, fd, &mut event)
        };
        assert_eq!(rc, 0);
    }

    fn change(&mut self, fd: RawFd, token: usize, write: bool) {
        self.poll
            .registry()
            .reregister(&mut SourceFd(&fd), Token(token), interest(write))
            .unwrap();
    }

    fn remove(&mut self, fd: RawFd) {
        self.poll.registry().deregister(&mut SourceFd(&fd)).unwrap();
    }

    fn close(&mut self, fd: RawFd) {
        unsafe { libc::close(fd) };
    }

    #[inline(always)]
    fn turn(&mut self, timeout: Option<Duration>, mut handler: impl FnMut(usize, bool)) -> usize {
        self.poll.poll(&mut self.events, timeout).unwrap();
        let mut wakes = 0;
        for event in self.events.iter() {
            if event.token() == WAKE {
                wakes += 1;
            } else {
                handler(event.token().0, event.is_readable());
            }
        }
        wakes
    }

    fn waker(&mut self) -> Self::Wake {
        Arc::new(Waker::new(self.poll.registry(), WAKE).unwrap())
    }

    fn wake(waker: &Self::Wake) {
        waker.wake().unwrap();
    }
}

fn main() {
    benchmarks::run::<Mio>();
}
