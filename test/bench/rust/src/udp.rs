// SPDX-License-Identifier: MIT
//! The work of ../../udp.c with quinn-udp: datagrams of 1200 bytes, sent or
//! received in rounds, to or from one peer or sixteen.
use quinn_udp::{EcnCodepoint, RecvMeta, Transmit, UdpSockRef, UdpSocketState};
use std::io::IoSliceMut;
use std::net::{SocketAddr, UdpSocket};
use std::os::fd::AsRawFd;
use std::time::Instant;

const SIZE: usize = 1200;
const PEERS: usize = 16;
const QUEUE: usize = 256;
const TRAIN: usize = 54;

fn cpu() -> i64 {
    let mut ts: libc::timespec = unsafe { std::mem::zeroed() };
    unsafe { libc::clock_gettime(libc::CLOCK_PROCESS_CPUTIME_ID, &mut ts) };
    ts.tv_sec * 1_000_000_000 + ts.tv_nsec
}

fn open(v6: bool) -> (UdpSocket, SocketAddr) {
    let socket = UdpSocket::bind(if v6 { "[::1]:0" } else { "127.0.0.1:0" })
        .unwrap_or_else(|_| std::process::exit(77));
    let size: libc::c_int = 4 << 20;
    unsafe {
        libc::setsockopt(
            socket.as_raw_fd(),
            libc::SOL_SOCKET,
            libc::SO_RCVBUF,
            &size as *const _ as *const _,
            4,
        )
    };
    socket.set_nonblocking(true).unwrap();
    let addr = socket.local_addr().unwrap();
    (socket, addr)
}

/// The datagrams of each train of a round.
fn plan(n: usize, k: usize) -> Vec<usize> {
    if n > 1 {
        let trains = k.min(PEERS);
        return vec![k / trains; trains];
    }
    let mut all = vec![TRAIN; k / TRAIN];
    if k % TRAIN != 0 {
        all.push(k % TRAIN);
    }
    all
}

fn transmit(to: SocketAddr, data: &[u8], datagrams: usize) -> Transmit<'_> {
    Transmit {
        destination: to,
        ecn: Some(EcnCodepoint::Ect0),
        contents: &data[..datagrams * SIZE],
        segment_size: if datagrams > 1 { Some(SIZE) } else { None },
        src_ip: None,
    }
}

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let receives = args[2].starts_with("udp_recv");
    let v6 = args[2].ends_with('6');
    let n: usize = args[3].parse().unwrap();
    let k: usize = args[4].parse().unwrap();
    let mut count: i64 = args[5].parse().unwrap();
    let plan = plan(n, k);
    let rounds = QUEUE / k;
    let (one, one_addr) = open(v6);
    let state = UdpSocketState::new(UdpSockRef::from(&one)).unwrap();
    let peers: Vec<_> = (0..n).map(|_| open(v6)).collect();
    let peer_states: Vec<_> = peers
        .iter()
        .map(|p| UdpSocketState::new(UdpSockRef::from(&p.0)).unwrap())
        .collect();
    let data = vec![0u8; 64 * SIZE];
    let mut room = vec![vec![0u8; 65535]; plan.len()];
    let mut metas = vec![RecvMeta::default(); plan.len()];
    let (mut ops, mut spent, mut wall, mut others) = (0usize, 0i64, 0i64, 0u64);

    while count > 0 {
        if receives {
            for _ in 0..rounds {
                for (i, datagrams) in plan.iter().enumerate() {
                    let i = i.min(n - 1);
                    peer_states[i]
                        .try_send((&peers[i].0).into(), &transmit(one_addr, &data, *datagrams))
                        .unwrap();
                    others += 1;
                }
            }
        }
        let mut got = 0;
        let start = Instant::now();
        spent -= cpu();
        for _ in 0..rounds {
            if receives {
                let mut bufs: Vec<IoSliceMut> =
                    room.iter_mut().map(|r| IoSliceMut::new(r)).collect();
                let m = state
                    .recv((&one).into(), &mut bufs, &mut metas)
                    .unwrap();
                for meta in &metas[..m] {
                    got += (meta.len + SIZE - 1) / SIZE;
                }
            } else {
                let mut at = 0;
                for (i, datagrams) in plan.iter().enumerate() {
                    let to = peers[i.min(n - 1)].1;
                    state
                        .try_send((&one).into(), &transmit(to, &data[at..], *datagrams))
                        .unwrap();
                    at += datagrams * SIZE;
                }
                got += k;
            }
        }
        spent += cpu();
        wall += start.elapsed().as_nanos() as i64;
        assert_eq!(got, rounds * k);
        if !receives {
            let mut byte = [0u8; 1];
            for peer in &peers {
                loop {
                    others += 1;
                    if peer.0.recv(&mut byte).is_err() {
                        break;
                    }
                }
            }
        }
        others += 2;
        count -= rounds as i64;
        ops += got;
    }
    println!(
        "ops {} cpu {} wall {} others {} allocs 0",
        ops,
        spent,
        wall,
        others as f64 / ops as f64
    );
}
