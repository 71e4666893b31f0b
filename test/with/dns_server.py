# SPDX-License-Identifier: MIT
#
# A DNS server for tests: prints its port, and answers for the names below
# .test.  The first question for "slow" gets no answer; "large" has 100
# addresses, by TCP alone; "none" does not exist; any other has one address.
import socket
import struct
import threading

A, AAAA = 1, 28
slow = 0


def answer(query, by_tcp):
    global slow
    end = query.index(b"\0", 12) + 5
    question = query[12:end]
    name = question[1:1 + question[0]]
    kind = struct.unpack("!H", question[-4:-2])[0]
    if name == b"slow":
        slow += 1
        if slow <= 2:
            return None
    count = 0 if kind != A else 100 if name == b"large" else 1
    flags = 0x8180
    if name == b"none":
        flags, count = 0x8183, 0
    if name == b"large" and not by_tcp:
        flags, count = 0x8380, 0
    head = query[:2] + struct.pack("!HHHHH", flags, 1, count, 0, 0)
    return head + question + b"".join(
        struct.pack("!HHHIH4B", 0xC00C, A, 1, 60, 4, 192, 0, 2, i + 1)
        for i in range(count))


def serve_tcp(listener):
    while True:
        stream, _ = listener.accept()
        with stream, stream.makefile("rwb") as file:
            while True:
                size = file.read(2)
                if len(size) < 2:
                    break
                reply = answer(file.read(struct.unpack("!H", size)[0]), True)
                file.write(struct.pack("!H", len(reply)) + reply)
                file.flush()


listener = socket.create_server(("127.0.0.1", 0))
datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
datagrams.bind(listener.getsockname())
threading.Thread(target=serve_tcp, args=(listener,), daemon=True).start()
print("port", listener.getsockname()[1], flush=True)
while True:
    query, peer = datagrams.recvfrom(65536)
    reply = answer(query, False)
    if reply is not None:
        datagrams.sendto(reply, peer)
