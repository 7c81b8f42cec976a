"""A provider on this machine that takes every text at once and notes when: for benchmarks.

`python -m benchmarks.loopback PORT NOTES` writes one line, moment and number, for each message.
"""

import asyncio
import sys
import time
from pathlib import Path
from typing import TextIO
from urllib.parse import unquote_plus

_ANSWER = b'{"sid": "SM00000000000000000000000000000000", "status": "queued"}'
_HEAD = (
    b"HTTP/1.1 201 Created\r\nContent-Type: application/json\r\n"
    b"Content-Length: " + str(len(_ANSWER)).encode() + b"\r\n\r\n"
)


class Provider(asyncio.Protocol):
    """Reads requests, however they are cut into pieces, and answers each."""

    def __init__(self, notes: TextIO) -> None:
        self._notes = notes
        self._heard = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._line = transport

    def data_received(self, data: bytes) -> None:
        self._heard += data
        while (request := self._whole()) is not None:
            self._notes.write(f"{time.time():.6f} {_number(request)}\n")
            self._line.write(_HEAD + _ANSWER)

    def _whole(self) -> bytes | None:
        head, found, rest = self._heard.partition(b"\r\n\r\n")
        if not found:
            return None
        lengths = [h[16:] for h in head.split(b"\r\n") if h[:16].lower() == b"content-length: "]
        length = int(lengths[0]) if lengths else 0
        if len(rest) < length:
            return None
        self._heard = rest[length:]
        return rest[:length]


def _number(form: bytes) -> str:
    fields = dict(f.split("=", 1) for f in form.decode().split("&") if "=" in f)
    return unquote_plus(fields.get("To", "?"))


async def serve(port: int, notes: TextIO) -> None:
    """Take messages until the process is ended."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Provider(notes), "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    with Path(sys.argv[2]).open("a", buffering=1) as opened:
        asyncio.run(serve(int(sys.argv[1]), opened))
