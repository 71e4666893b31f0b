// SPDX-License-Identifier: MIT
//! The benchmarks of ../../benchmarks.h, as far as mio and polling can do
//! what they ask.  The operations on descriptors are the system's own.
use std::alloc::{GlobalAlloc, Layout, System};
use std::io::Read;
use std::net::{TcpListener, TcpStream};
use std::os::fd::{AsRawFd, IntoRawFd, RawFd};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

pub trait Loop: Sized {
    type Wake: Send + Sync;

    fn new() -> Self;
    fn add(&mut self, fd: RawFd, token: usize);
    fn add_level(&mut self, fd: RawFd, token: usize);
    fn change(&mut self, fd: RawFd, token: usize, write: bool);
    fn remove(&mut self, fd: RawFd);
    fn close(&mut self, fd: RawFd);
    /// Returns how many wakes there were.
    fn turn(&mut self, timeout: Option<Duration>, handler: impl FnMut(usize, bool)) -> usize;
    fn waker(&mut self) -> Self::Wake;
    fn wake(waker: &Self::Wake);
}

struct Counting;
static ALLOCATED: AtomicU64 = AtomicU64::new(0);

unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATED.fetch_add(1, Ordering::Relaxed);
        System.alloc(layout)
    }
    unsafe fn dealloc(&self, p: *mut u8, layout: Layout) {
        System.dealloc(p, layout)
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

const LOOK: Option<Duration> = Some(Duration::ZERO);

struct Job {
    n: usize,
    k: usize,
    count: usize,
}

#[derive(Default)]
struct Found {
    ops: usize,
    cpu: i64,
    wall: i64,
    others: f64,
    allocs: i64,
}

fn now(clock: libc::clockid_t) -> i64 {
    let mut ts = libc::timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    unsafe { libc::clock_gettime(clock, &mut ts) };
    ts.tv_sec * 1_000_000_000 + ts.tv_nsec
}

impl Found {
    fn start(&mut self) {
        self.allocs -= ALLOCATED.load(Ordering::Relaxed) as i64;
        self.wall -= now(libc::CLOCK_MONOTONIC);
        self.cpu -= now(libc::CLOCK_PROCESS_CPUTIME_ID);
    }

    fn stop(&mut self) {
        self.cpu += now(libc::CLOCK_PROCESS_CPUTIME_ID);
        self.wall += now(libc::CLOCK_MONOTONIC);
        self.allocs += ALLOCATED.load(Ordering::Relaxed) as i64;
    }
}

fn percentiles(samples: &mut [i64]) {
    samples.sort_unstable();
    let n = samples.len();
    print!(
        "p50 {} p99 {} p999 {} ",
        samples[n / 2],
        samples[n - 1 - n / 100],
        samples[n - 1 - n / 1000]
    );
}

fn check(n: isize) -> usize {
    assert!(n >= 0, "{}", std::io::Error::last_os_error());
    n as usize
}

fn recv(fd: RawFd, buf: &mut [u8]) -> isize {
    unsafe { libc::recv(fd, buf.as_mut_ptr().cast(), buf.len(), 0) }
}

fn send(fd: RawFd, buf: &[u8]) -> isize {
    unsafe { libc::send(fd, buf.as_ptr().cast(), buf.len(), libc::MSG_NOSIGNAL) }
}

fn trigger(fd: RawFd) {
    let one = 1u64;
    check(unsafe { libc::write(fd, (&raw const one).cast(), 8) });
}

fn eventfds(n: usize) -> Vec<RawFd> {
    unsafe {
        let mut limit: libc::rlimit = std::mem::zeroed();
        libc::getrlimit(libc::RLIMIT_NOFILE, &mut limit);
        let wanted = n as u64 + 64;
        if limit.rlim_cur < wanted {
            limit.rlim_cur = wanted;
            limit.rlim_max = limit.rlim_max.max(wanted);
            if libc::setrlimit(libc::RLIMIT_NOFILE, &limit) != 0 {
                std::process::exit(77);
            }
        }
        (0..n)
            .map(|_| check(libc::eventfd(0, libc::EFD_NONBLOCK | libc::EFD_CLOEXEC) as isize) as RawFd)
            .collect()
    }
}

fn dispatch<L: Loop>(job: &Job, found: &mut Found) {
    let fds = eventfds(job.n);
    let mut l = L::new();
    let mut events = 0usize;
    for (i, &fd) in fds.iter().enumerate() {
        l.add_level(fd, i);
    }
    for i in 0..job.k {
        trigger(fds[i * job.n / job.k]);
    }
    let mut count = |token: usize, readable: bool| {
        if readable {
            events += 1 + (token & 1);
        }
    };
    for _ in 0..10 {
        l.turn(LOOK, &mut count);
    }
    found.start();
    for _ in 0..job.count {
        l.turn(LOOK, &mut count);
    }
    found.stop();
    std::hint::black_box(events);
    found.ops = job.count;
}

fn chain<L: Loop>(job: &Job, found: &mut Found) {
    let fds = eventfds(job.n);
    let mut l = L::new();
    let mut events = 0;
    for (i, &fd) in fds.iter().enumerate() {
        l.add(fd, i);
    }
    for i in 0..job.k {
        trigger(fds[i * job.n / job.k]);
    }
    found.start();
    while events < job.count {
        l.turn(None, |token, _| {
            let mut value = 0u64;
            check(unsafe { libc::read(fds[token], (&raw mut value).cast(), 8) });
            events += 1;
            if events <= job.count {
                trigger(fds[(token + 1) % fds.len()]);
            }
        });
    }
    found.stop();
    found.ops = events;
    found.others = 2.0;
}

fn listener() -> TcpListener {
    let l = TcpListener::bind("127.0.0.1:0").unwrap();
    unsafe { libc::listen(l.as_raw_fd(), 4096) };
    l
}

fn pingpong<L: Loop>(job: &Job, found: &mut Found) {
    let server = listener();
    let a = TcpStream::connect(server.local_addr().unwrap()).unwrap();
    let (b, _) = server.accept().unwrap();
    for s in [&a, &b] {
        s.set_nonblocking(true).unwrap();
        s.set_nodelay(true).unwrap();
    }
    let fds = [a.as_raw_fd(), b.as_raw_fd()];
    let mut l = L::new();
    for (i, &fd) in fds.iter().enumerate() {
        l.add(fd, i);
    }
    let wanted = job.count * 2;
    let mut events = 0;
    let mut buf = [0u8; 4096];
    found.start();
    send(fds[0], &buf[..job.k]);
    while events < wanted {
        l.turn(None, |token, _| {
            let n = check(recv(fds[token], &mut buf));
            if events < wanted {
                send(fds[token], &buf[..n]);
            }
            events += 1;
        });
    }
    found.stop();
    found.ops = job.count;
}

fn echo<L: Loop>(job: &Job, found: &mut Found) {
    let server = listener();
    let mut load = Command::new(std::env::var("BENCH_LOAD").unwrap())
        .arg(server.local_addr().unwrap().port().to_string())
        .args([job.n, job.k, job.count].map(|x| x.to_string()))
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut l = L::new();
    let mut fds = Vec::new();
    for i in 0..job.n {
        let (s, _) = server.accept().unwrap();
        s.set_nonblocking(true).unwrap();
        fds.push(s.into_raw_fd());
        l.add(fds[i], i);
    }
    let mut buf = vec![0u8; 65536];
    let mut open = job.n;
    let mut ended = Vec::new();
    found.start();
    while open > 0 {
        l.turn(None, |token, _| {
            let n = recv(fds[token], &mut buf);
            if n > 0 {
                send(fds[token], &buf[..n as usize]);
            } else if n == 0 {
                ended.push(fds[token]);
            }
        });
        open -= ended.len();
        for fd in ended.drain(..) {
            l.close(fd);
        }
    }
    found.stop();
    found.ops = job.count;
    let mut said = String::new();
    load.stdout.take().unwrap().read_to_string(&mut said).unwrap();
    load.wait().unwrap();
    print!("{said}");
}

#[derive(PartialEq)]
enum Measured {
    Add,
    Change,
    Remove,
    All,
}

fn churn<L: Loop>(job: &Job, found: &mut Found, what: Measured) {
    let fds = eventfds(job.n);
    let mut l = L::new();
    for _ in 0..job.count {
        if what == Measured::Add || what == Measured::All {
            found.start();
        }
        for (i, &fd) in fds.iter().enumerate() {
            l.add(fd, i);
        }
        if what == Measured::Add || what == Measured::All {
            l.turn(LOOK, |_, _| ());
        }
        if what == Measured::Add {
            found.stop();
        }
        if what == Measured::Change {
            found.start();
        }
        if what == Measured::Change || what == Measured::All {
            for (i, &fd) in fds.iter().enumerate() {
                l.change(fd, i, true);
            }
            l.turn(LOOK, |_, _| ());
        }
        if what == Measured::Change {
            found.stop();
        }
        if what == Measured::Remove {
            found.start();
        }
        for &fd in &fds {
            l.remove(fd);
        }
        l.turn(LOOK, |_, _| ());
        if what == Measured::Remove || what == Measured::All {
            found.stop();
        }
    }
    found.ops = job.count * job.n;
}

fn wake_busy<L: Loop>(job: &Job, found: &mut Found) {
    let mut l = L::new();
    let waker = l.waker();
    L::wake(&waker);
    l.turn(LOOK, |_, _| ());
    found.start();
    for _ in 0..job.count {
        for _ in 0..job.n {
            L::wake(&waker);
        }
        l.turn(LOOK, |_, _| ());
    }
    found.stop();
    found.ops = job.count * job.n;
}

fn wait_for_wake<L: Loop>(l: &mut L) {
    while l.turn(None, |_, _| ()) == 0 {}
}

fn wake_trip<L: Loop + Send>(job: &Job, found: &mut Found) {
    let (mut here, mut there) = (L::new(), L::new());
    let (wake_here, wake_there) = (here.waker(), there.waker());
    let mut samples = Vec::with_capacity(job.count);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for _ in 0..job.count {
                wait_for_wake(&mut there);
                L::wake(&wake_here);
            }
        });
        found.start();
        for _ in 0..job.count {
            let then = now(libc::CLOCK_MONOTONIC);
            L::wake(&wake_there);
            wait_for_wake(&mut here);
            samples.push(now(libc::CLOCK_MONOTONIC) - then);
        }
        found.stop();
    });
    found.ops = job.count;
    percentiles(&mut samples);
}

fn create<L: Loop>(job: &Job, found: &mut Found) {
    found.start();
    for _ in 0..job.count {
        let mut l = L::new();
        if job.k != 0 {
            drop(l.waker());
        }
    }
    found.stop();
    found.ops = job.count;
}

fn sleep<L: Loop>(job: &Job, found: &mut Found) {
    let mut l = L::new();
    let timeout = Some(Duration::from_nanos(job.k as u64));
    let mut samples = Vec::with_capacity(job.count);
    found.start();
    for _ in 0..job.count {
        let then = Instant::now();
        l.turn(timeout, |_, _| ());
        samples.push(then.elapsed().as_nanos() as i64);
    }
    found.stop();
    found.ops = job.count;
    percentiles(&mut samples);
}

pub fn run<L: Loop + Send>() {
    let args: Vec<String> = std::env::args().collect();
    if args.len() != 6 {
        eprintln!("usage: {} variant benchmark n k count", args[0]);
        std::process::exit(1);
    }
    let number = |i: usize| args[i].parse::<usize>().unwrap();
    let job = Job {
        n: number(3),
        k: number(4),
        count: number(5),
    };
    let mut found = Found::default();
    let f = &mut found;
    match args[2].as_str() {
        "add" => churn::<L>(&job, f, Measured::Add),
        "chain" => chain::<L>(&job, f),
        "change" => churn::<L>(&job, f, Measured::Change),
        "churn" => churn::<L>(&job, f, Measured::All),
        "create" => create::<L>(&job, f),
        "dispatch" => dispatch::<L>(&job, f),
        "echo" => echo::<L>(&job, f),
        "pingpong" => pingpong::<L>(&job, f),
        "remove" => churn::<L>(&job, f, Measured::Remove),
        "sleep" => sleep::<L>(&job, f),
        "wake_busy" => wake_busy::<L>(&job, f),
        "wake_trip" => wake_trip::<L>(&job, f),
        _ => std::process::exit(77),
    }
    println!(
        "ops {} cpu {} wall {} others {} allocs {}",
        found.ops, found.cpu, found.wall, found.others, found.allocs
    );
}
