"""A small load generator: keep-alive connections over the loopback, the next request right after an answer."""

import asyncio
import time
from collections.abc import Mapping

CONNECTIONS = 8


class Visitor(asyncio.Protocol):
    """One connection that asks for the same address again and again and counts whole answers of one status."""

    def __init__(self, request: bytes, status: int, until: float) -> None:
        self.request = request
        self.status = f" {status} ".encode()
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
            if self.status not in head.split(b"\r\n")[0]:
                raise SystemExit(f"Ответ не {self.status.decode().strip()}: {head.splitlines()[0]!r}")
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


def requests_per_second(
    port: int, path: str, seconds: float, headers: Mapping[str, str] | None = None, status: int = 200
) -> float:
    """How many answers of this status a second the server gives to eight visitors at once."""
    return asyncio.run(_visit(port, path, seconds, headers or {}, status))


async def _visit(port: int, path: str, seconds: float, headers: Mapping[str, str], status: int) -> float:
    lines = [f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", *(f"{name}: {value}" for name, value in headers.items())]
    request = "\r\n".join([*lines, "", ""]).encode()
    started = time.perf_counter()
    visitors = [Visitor(request, status, started + seconds) for _ in range(CONNECTIONS)]
    loop = asyncio.get_running_loop()
    for visitor in visitors:
        await loop.create_connection(lambda visitor=visitor: visitor, "127.0.0.1", port)  # type: ignore[misc]
    await asyncio.wait_for(asyncio.gather(*(visitor.done for visitor in visitors)), seconds + 30)
    return sum(visitor.answers for visitor in visitors) / (time.perf_counter() - started)


def _length(head: bytes) -> int:
    """The length of the body; an answer that names none has none."""
    lines = (line.partition(b":") for line in head.lower().split(b"\r\n"))
    return next((int(value) for name, _, value in lines if name == b"content-length"), 0)
