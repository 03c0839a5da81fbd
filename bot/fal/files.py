"""Files into fal's storage: streamed from disk, whole or in parts, and by a second way in when the first is shut."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from datetime import datetime
from pathlib import Path

from bot.domain.errors import Blame, FalRejected, FalUnavailable
from bot.fal import storage
from bot.fal.hosts import FalHosts
from bot.fal.sender import Sender
from bot.fal.storage import StoredFile, UploadToken

_CHUNK_BYTES = 256 * 1024


class Storage:
    """fal's storage. Tokens are kept until a minute before they expire; nothing else is."""

    def __init__(
        self,
        sender: Sender,
        *,
        hosts: FalHosts,
        now: Callable[[], datetime],
        simple_bytes: int = storage.SIMPLE_BYTES,
        part_bytes: int = storage.PART_BYTES,
    ) -> None:
        self._sender = sender
        self._hosts = hosts
        self._now = now
        self._simple_bytes = simple_bytes
        self._part_bytes = part_bytes
        self._token: UploadToken | None = None
        self._asking = asyncio.Lock()

    async def upload(self, path: Path, *, content_type: str, name: str, lifetime_s: int) -> str:
        """Store a file for `lifetime_s` and return its URL; done twice, it is stored twice.

        Raises:
            FalRejected: refused for good, or the file is gone ("media_lost").
            FalLocked: the key is refused. FalUnavailable: not now.
        """
        size_bytes = await _size(path)
        file = StoredFile(name=name, content_type=content_type, size_bytes=size_bytes, lifetime_s=lifetime_s)
        is_large = size_bytes > self._simple_bytes
        try:
            return await (self._in_parts(path, file) if is_large else self._whole(path, file))
        except (FalRejected, FalUnavailable):
            self._token = None  # it may be what was wrong
            if is_large:
                raise
            return await self._by_slot(path, file)

    async def _whole(self, path: Path, file: StoredFile) -> str:
        request = storage.upload_request(self._hosts, await self._fresh_token(), file)
        async with aclosing(_chunks(path)) as chunks:
            return storage.read_upload(await self._sender.send(request, chunks))

    async def _by_slot(self, path: Path, file: StoredFile) -> str:
        slot = storage.read_slot(await self._sender.send(storage.slot_request(self._hosts, file)))
        async with aclosing(_chunks(path)) as chunks:
            storage.read_put(await self._sender.send(storage.put_request(slot, file), chunks))
        return slot.file_url

    async def _in_parts(self, path: Path, file: StoredFile) -> str:
        begin = storage.parted_request(self._hosts, await self._fresh_token(), file)
        upload = storage.read_parted(await self._sender.send(begin), hosts=self._hosts)
        etags: list[str] = []
        async with aclosing(_chunks(path, self._part_bytes)) as parts:
            async for content in parts:
                token = await self._fresh_token()
                request = storage.part_request(token, upload, file, len(etags) + 1, content)
                etags.append(storage.read_part(await self._sender.send(request)))
        end = storage.parted_end_request(await self._fresh_token(), upload, etags)
        storage.read_put(await self._sender.send(end))
        return upload.access_url

    async def _fresh_token(self) -> UploadToken:
        async with self._asking:
            if self._token is None or not self._token.is_fresh(self._now()):
                answer = await self._sender.send(storage.token_request(self._hosts))
                self._token = storage.read_token(answer, self._now())
            return self._token


async def _size(path: Path) -> int:
    try:
        return (await asyncio.to_thread(path.stat)).st_size
    except OSError as error:
        raise _unreadable(error) from error


async def _chunks(path: Path, chunk_bytes: int = _CHUNK_BYTES) -> AsyncGenerator[bytes, None]:
    """The file, a piece at a time; the reading is done in a thread, since disks can be slow."""
    try:
        file = await asyncio.to_thread(path.open, "rb")
    except OSError as error:
        raise _unreadable(error) from error
    with file:
        while True:
            try:
                chunk = await asyncio.to_thread(file.read, chunk_bytes)
            except OSError as error:
                raise _unreadable(error) from error
            if not chunk:
                return
            yield chunk


def _unreadable(error: OSError) -> FalRejected | FalUnavailable:
    if isinstance(error, FileNotFoundError):
        return FalRejected("media_lost", blame=Blame.US, detail="the staged file is gone")
    return FalUnavailable("media_lost", blame=Blame.US, detail=f"the staged file: {error.strerror}")
