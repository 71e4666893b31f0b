# SPDX-License-Identifier: MIT
#
# tls_clients.py CERTIFICATE ADDRESS NUMBER: so many clients of an echo server
# at a time.  Each reads later than it writes, so that the server's writes are
# short; the first has much to say.  Each ends with close_notify, and wants one.
import asyncio
import socket
import ssl
import sys


async def client(context, host, port, size):
    data = bytes(i * 7 % 251 for i in range(997)) * (size // 997 + 1)
    reader, writer = await asyncio.open_connection(host, port, ssl=context)

    async def send():
        writer.write(data)
        await writer.drain()

    sender = asyncio.ensure_future(send())
    await asyncio.sleep(0.05)
    if await reader.readexactly(len(data)) != data:
        raise ValueError("this is not what was sent")
    await sender
    writer.close()
    try:
        await writer.wait_closed()
    except (ConnectionError, ssl.SSLError):
        pass


def ends_in_both_directions(context, host, port):
    with socket.create_connection((host, port), timeout=20) as plain:
        stream = context.wrap_socket(plain, server_hostname=host)
        stream.sendall(b"hello")
        if stream.recv(100) != b"hello":
            raise ValueError("this is not what was sent")
        stream.unwrap()  # waits for close_notify


def goes_without_a_word(context, host, port):
    with socket.create_connection((host, port), timeout=20) as plain:
        context.wrap_socket(plain, server_hostname=host).sendall(b"x" * 9999)


async def main():
    context = ssl.create_default_context(cafile=sys.argv[1])
    host, port = sys.argv[2].rsplit(":", 1)
    goes_without_a_word(context, host, int(port))
    await asyncio.wait_for(asyncio.gather(*(
        client(context, host, int(port), 4000000 if i == 0 else 20000)
        for i in range(int(sys.argv[3])))), 60)
    ends_in_both_directions(context, host, int(port))


asyncio.run(main())
