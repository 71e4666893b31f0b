// SPDX-License-Identifier: MIT
//! The benchmarks on polling.
mod benchmarks;

use benchmarks::Loop;
use polling::{Event, Events, PollMode, Poller};
use std::num::NonZeroUsize;
use std::os::fd::{BorrowedFd, RawFd};
use std::sync::Arc;
use std::time::Duration;

struct Polling {
    poller: Arc<Poller>,
    events: Events,
}

fn borrow(fd: RawFd) -> BorrowedFd<'static> {
    unsafe { BorrowedFd::borrow_raw(fd) }
}

impl Polling {
    fn add_in_mode(&mut self, fd: RawFd, token: usize, mode: PollMode) {
        unsafe {
            self.poller
                .add_with_mode(fd, Event::readable(token), mode)
                .unwrap();
        }
    }
}

impl Loop for Polling {
    type Wake = Arc<Poller>;

    fn new() -> Self {
        Polling {
            poller: Arc::new(Poller::new().unwrap()),
            events: Events::with_capacity(NonZeroUsize::new(1024).unwrap()),
        }
    }

    fn add(&mut self, fd: RawFd, token: usize) {
        self.add_in_mode(fd, token, PollMode::Edge);
    }

    fn add_level(&mut self, fd: RawFd, token: usize) {
        self.add_in_mode(fd, token, PollMode::Level);
    }

    fn change(&mut self, fd: RawFd, token: usize, write: bool) {
        let event = if write {
            Event::all(token)
        } else {
            Event::readable(token)
        };
        self.poller
            .modify_with_mode(borrow(fd), event, PollMode::Edge)
            .unwrap();
    }

    fn remove(&mut self, fd: RawFd) {
        self.poller.delete(borrow(fd)).unwrap();
    }

    // Its documentation asks for delete() first.
    fn close(&mut self, fd: RawFd) {
        self.remove(fd);
        unsafe { libc::close(fd) };
    }

    #[inline(always)]
    fn turn(&mut self, timeout: Option<Duration>, mut handler: impl FnMut(usize, bool)) -> usize {
        self.events.clear();
        let n = self.poller.wait(&mut self.events, timeout).unwrap();
        for event in self.events.iter() {
            handler(event.key, event.readable);
        }
        // A notification ends the wait without an event.
        usize::from(n == 0)
    }

    fn waker(&mut self) -> Self::Wake {
        self.poller.clone()
    }

    fn wake(waker: &Self::Wake) {
        waker.notify().unwrap();
    }
}

fn main() {
    benchmarks::run::<Polling>();
}
