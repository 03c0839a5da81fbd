"""A stream of bytes on its way to disk: counted and capped as it comes, and never in the way of the loop."""

import asyncio
import errno
import os
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import ParamSpec, TypeVar

from bot.domain.errors import Problem, Refused, Slug, StoreUnavailable
from bot.domain.media import bytes_text

P = ParamSpec("P")
T = TypeVar("T")

_BLOCK_BYTES = 1 << 20


async def pour(stream: AsyncIterator[bytes], to: Path, *, limit_bytes: int) -> int:
    """Write the stream to `to`, on disk for good when this returns; its size in bytes.

    Reading stops with the first chunk beyond the limit. At most a block and a chunk are in memory. What was written
    before an error stays for the caller to remove; closing the stream is its owner's affair.

    Raises:
        Refused: EMPTY_FILE, TOO_MANY_BYTES.
        StoreUnavailable: the disk is full or cannot be written.
    """
    size_bytes = 0
    block = bytearray()
    file = await off_loop(to.open, "wb", 0)
    try:
        async for chunk in stream:
            size_bytes += len(chunk)
            if size_bytes > limit_bytes:
                raise too_many_bytes(limit_bytes)
            block += chunk
            if len(block) >= _BLOCK_BYTES:
                await off_loop(_write_all, file.fileno(), bytes(block))
                block.clear()
        if size_bytes == 0:
            raise Refused([Problem(slug=Slug.EMPTY_FILE)])
        await off_loop(_write_all, file.fileno(), bytes(block))
        await off_loop(os.fsync, file.fileno())
    finally:
        file.close()
    return size_bytes


def too_many_bytes(limit_bytes: int) -> Refused:
    """What a stream is told that does not end in time."""
    limit = bytes_text(limit_bytes)
    return Refused([Problem(slug=Slug.TOO_MANY_BYTES, facts={"given": f"more than {limit}", "limit": limit})])


async def off_loop(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Do blocking file work that writes, as `to_its_end` does.

    Raises:
        StoreUnavailable: whatever the system says (no room, read-only, an error of the disk).
    """
    try:
        return await to_its_end(work, *args, **kwargs)
    except OSError as error:
        word = errno.errorcode.get(error.errno or 0, "OSError")
        raise StoreUnavailable(f"media cannot be written ({word})") from error


async def to_its_end(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Do blocking work in a thread, and to its end even when the caller is cancelled; raises what the work raises.

    A file is thereby never closed or removed while a thread still uses it.
    """
    running = asyncio.ensure_future(asyncio.to_thread(work, *args, **kwargs))
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        await asyncio.wait([running])
        if not running.cancelled():
            running.exception()  # seen, and of no interest any more
        raise


def _write_all(descriptor: int, block: bytes) -> None:
    rest = memoryview(block)
    while rest:
        rest = rest[os.write(descriptor, rest) :]
