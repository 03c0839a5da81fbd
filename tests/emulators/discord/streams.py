"""How the gateway packs what it sends: as text, as one zlib stream, or as one zstd stream per connection.

https://docs.discord.com/developers/events/gateway#encoding-and-compression
"""

import zlib
from typing import Protocol

import zstandard
from typing_extensions import override


class Stream(Protocol):
    """From text to what goes over the socket."""

    def pack(self, text: str) -> str | bytes:
        """One message, complete and flushed."""


class Plain(Stream):
    """No compression."""

    @override
    def pack(self, text: str) -> str | bytes:
        return text


class Zlib(Stream):
    """One zlib context, each message ended by a sync flush."""

    def __init__(self) -> None:
        self._stream = zlib.compressobj()

    @override
    def pack(self, text: str) -> str | bytes:
        return self._stream.compress(text.encode()) + self._stream.flush(zlib.Z_SYNC_FLUSH)


class Zstd(Stream):
    """One zstd frame that never ends, each message a flushed block."""

    def __init__(self) -> None:
        self._stream = zstandard.ZstdCompressor().compressobj()

    @override
    def pack(self, text: str) -> str | bytes:
        return self._stream.compress(text.encode()) + self._stream.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK)


def stream(name: str | None) -> Stream:
    """The one that `compress=` names."""
    return Zlib() if name == "zlib-stream" else Zstd() if name == "zstd-stream" else Plain()
