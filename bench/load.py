"""A small load generator: keep-alive connections over the loopback, the next request right after an answer."""

import asyncio
import time

CONNECTIONS = 8


class Visitor(asyncio.Protocol):
    """One connection that asks for the same address again and again and counts whole answers of status 200."""

    def __init__(self, request: bytes, until: float) -> None:
        self.request = request
        self.until = until
        self.answers = 0
        self.left = 0  # bytes of the present answer still to come
        self.head = b""
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.write(self.request)

    def data_received(self, data: bytes) -> None:
        if self.left:
            self.left -= len(data)
        else:
            self.head += data
            head, found, body = self.head.partition(b"\r\n\r\n")
            if not found:
                return
            if b" 200 " not in head.split(b"\r\n")[0]:
                raise SystemExit(f"Ответ не 200: {head.splitlines()[0]!r}")
            self.left = _length(head) - len(body)
            self.head = b""
        if self.left == 0:
            self.answers += 1
            if time.perf_counter() < self.until:
                self.transport.write(self.request)
            else:
                self.transport.close()

    def connection_lost(self, error: Exception | None) -> None:
        self.done.set_result(None)


def requests_per_second(port: int, path: str, seconds: float) -> float:
    """How many answers a second the server gives to eight visitors at once."""
    return asyncio.run(_visit(port, path, seconds))


async def _visit(port: int, path: str, seconds: float) -> float:
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode()
    started = time.perf_counter()
    visitors = [Visitor(request, started + seconds) for _ in range(CONNECTIONS)]
    loop = asyncio.get_running_loop()
    for visitor in visitors:
        await loop.create_connection(lambda visitor=visitor: visitor, "127.0.0.1", port)  # type: ignore[misc]
    await asyncio.wait_for(asyncio.gather(*(visitor.done for visitor in visitors)), seconds + 30)
    return sum(visitor.answers for visitor in visitors) / (time.perf_counter() - started)


def _length(head: bytes) -> int:
    lines = (line.partition(b":") for line in head.lower().split(b"\r\n"))
    return next(int(value) for name, _, value in lines if name == b"content-length")
