"""A chat, a media store and a disk made for tests: they keep what they are given, and fail when they are told to."""
# ruff: noqa: ARG002  a fake takes all that its port gives, and looks at what it needs

import asyncio
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from typing_extensions import override

from bot.domain.after import Exposure
from bot.domain.ask import Attachment, Place
from bot.domain.catalogue import Kind, Option
from bot.domain.errors import Problem, Refused, Slug, StoreUnavailable
from bot.domain.job import Job, Reel
from bot.domain.media import MediaFacts, MediaKind
from bot.domain.notice import Notice
from bot.ports.chat import Parcel, Stands
from bot.ports.wakeups import Tx as Transaction
from bot.store.database import Database, Row, Tx

T = TypeVar("T")

EXAMPLE = "example"
REEL_BYTES = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One call of `deliver`; `posted`: the message then stood in the thread."""

    parcel: Parcel
    in_doubt: bool
    posted: bool


@dataclass(slots=True)
class Example:
    """Fits `ports.chat.Chat`. `heard` is what was said elsewhere than in the thread.

    `fails` and `delivering` are raised by the next calls, in order; `files` can be opened.

    `meanwhile` happens while a status message is being written, or a reel covered.

    In doubt it looks in the thread, as Discord's adapter would; not in doubt it posts, so that a double is seen.
    """

    pace_s: float = 1.0
    limit: int | None = None
    files: dict[str, Sequence[bytes]] = field(default_factory=dict)
    said: dict[str, Notice] = field(default_factory=dict)
    heard: list[tuple[str, str, Notice]] = field(default_factory=list)
    statuses: list[tuple[str, Notice]] = field(default_factory=list)
    thread: list[str] = field(default_factory=list)
    deliveries: list[Delivery] = field(default_factory=list)
    fails: list[Exception | None] = field(default_factory=list)
    delivering: list[Exception | None] = field(default_factory=list)
    exposed: list[tuple[Exposure, Exposure, bool]] = field(default_factory=list)
    meanwhile: Callable[[], Awaitable[object]] | None = None
    posts_all_the_same: bool = False

    @property
    def platform(self) -> str:
        return EXAMPLE

    async def open(self, attachment: Attachment) -> AsyncIterator[bytes]:
        self._fail()
        if attachment.handle not in self.files:
            raise Refused([Problem(slug=Slug.FILE_GONE, about=attachment.name)])
        for piece in self.files[attachment.handle]:
            yield piece

    async def say(self, place: Place, notice: Notice, *, key: str) -> None:
        self._fail()
        self.said[key] = notice
        if place.address != "thread":
            self.heard.append((place.address, key, notice))

    async def announce(self, place: Place, notice: Notice, *, job: str, receipt: str) -> str:
        self._fail()
        self.statuses.append((job, notice))
        if self.meanwhile is not None:
            await self.meanwhile()
        return receipt or f"status-{len(self.statuses)}"

    async def limit_bytes(self, place: Place) -> int | None:
        return self.limit

    async def deliver(self, place: Place, parcel: Parcel, *, in_doubt: bool) -> str:
        error = self.delivering.pop(0) if self.delivering else None
        stands = in_doubt and parcel.file_name in self.thread
        posted = not stands and (error is None or self.posts_all_the_same)
        if posted:
            self.thread.append(parcel.file_name)
        self.deliveries.append(Delivery(parcel=parcel, in_doubt=in_doubt, posted=posted))
        if error is not None:
            raise error
        return f"message-{self.thread.index(parcel.file_name)}"

    async def expose(self, job: Job, parcel: Parcel | None, *, wanted: Exposure, stands: Exposure) -> Stands:
        self._fail()
        self.exposed.append((wanted, stands, parcel is not None))
        if self.meanwhile is not None:
            await self.meanwhile()
        name = f"reel-{job.id}.mp4"
        if wanted is Exposure.OPEN and stands is Exposure.GONE and name not in self.thread:
            self.thread.append(name)
        if wanted is Exposure.GONE and name in self.thread:
            self.thread.remove(name)
        return Stands(receipt=job.reel_receipt, exposure=wanted)

    def link(self, job: Job) -> str:
        return f"example:{job.reel_receipt}"

    def last(self, job: str) -> Notice:
        """What the status message of a Job says now."""
        return [notice for about, notice in self.statuses if about == job][-1]

    def _fail(self) -> None:
        error = self.fails.pop(0) if self.fails else None
        if error is not None:
            raise error


class Files:
    """Fits `ports.media`: nothing is looked into. `reels` are raised instead of fetching."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.reels: list[Exception] = []
        self.fetched = 0
        self.smallest_bytes = 10
        folder.mkdir()

    async def receive(self, stream: AsyncIterator[bytes], *, option: Option, name: str) -> tuple[str, MediaFacts]:
        data = b"".join([piece async for piece in stream])
        sha256 = await self._keep(data)
        kinds = {Kind.VIDEO: (MediaKind.VIDEO, "mp4"), Kind.AUDIO: (MediaKind.AUDIO, "wav")}
        kind, format_ = kinds.get(option.kind, (MediaKind.IMAGE, "jpeg"))
        return sha256, MediaFacts(kind=kind, format=format_, size_bytes=len(data))

    async def receive_url(self, url: str, *, option: Option) -> tuple[str, MediaFacts]:
        raise Refused([Problem(slug=Slug.URL_REFUSED, about=option.name)])

    async def facts(self, sha256: str) -> MediaFacts:
        if not self.path(sha256).exists():
            raise Refused([Problem(slug=Slug.FILE_GONE)])
        return MediaFacts(kind=MediaKind.IMAGE, format="jpeg", size_bytes=1)

    async def join(self, left: str, right: str, *, option: Option | None = None) -> str:
        return await self._keep(self.path(left).read_bytes() + self.path(right).read_bytes())

    async def open(self, sha256: str) -> AsyncIterator[bytes]:
        if not self.path(sha256).exists():
            raise Refused([Problem(slug=Slug.FILE_GONE)])
        yield self.path(sha256).read_bytes()

    def path(self, sha256: str) -> Path:
        return self._folder / sha256

    def reel_path(self, sha256: str) -> Path:
        return self._folder / f"{sha256}.mp4"

    def thumbnail_path(self, sha256: str) -> Path:
        return self._folder / f"{sha256}.jpg"

    async def keep_reel(self, url: str, *, expected_bytes: int | None) -> Reel:
        self.fetched += 1
        if self.reels:
            raise self.reels.pop(0)
        sha256 = hashlib.sha256(url.encode()).hexdigest()
        self.reel_path(sha256).write_bytes(b"reel")
        return Reel(sha256=sha256, size_bytes=REEL_BYTES, width_px=640, height_px=360, seconds=5.0)

    async def still(self, sha256: str) -> str:
        return await self._keep(f"a frame of {sha256}".encode())

    async def fit(self, sha256: str, limit_bytes: int) -> Reel | None:
        if limit_bytes < self.smallest_bytes:
            return None
        smaller = hashlib.sha256(f"{sha256}{limit_bytes}".encode()).hexdigest()
        self.reel_path(smaller).write_bytes(b"small")
        original = Reel(sha256=sha256, size_bytes=REEL_BYTES, width_px=640, height_px=360, seconds=5.0)
        return replace(original, sha256=smaller, size_bytes=limit_bytes)

    async def forget_reel(self, sha256: str) -> None:
        for path in (self.reel_path(sha256), self.thumbnail_path(sha256)):
            path.unlink(missing_ok=True)

    async def _keep(self, data: bytes) -> str:
        sha256 = hashlib.sha256(data).hexdigest()
        await asyncio.to_thread(self.path(sha256).write_bytes, data)
        return sha256


class Wakes:
    """Fits `ports.wakeups` and only remembers who was to be woken, and when."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, datetime | None]] = []

    def wake(self, tx: Transaction, key: str, *, at: datetime | None = None) -> None:
        tx.after_commit(lambda: self.nudge(key, at=at))

    def nudge(self, key: str, *, at: datetime | None = None) -> None:
        self.asked.append((key, at))

    async def run(self, advance: Callable[[str], object], *, concurrency: int) -> None:
        raise AssertionError("nobody runs these")

    async def close(self) -> None:
        return

    def keys(self) -> list[str]:
        """Who was to be woken, in order; forgotten with this call."""
        keys = [key for key, _ in self.asked]
        self.asked.clear()
        return keys


class Faulty(Database):
    """A store that refuses its next `refuses` transactions, as one does whose disk is full for a moment."""

    def __init__(self, inner: Database) -> None:
        self._inner = inner
        self.refuses = 0

    @override
    async def transact(self, work: Callable[[Tx], Awaitable[T]]) -> T:
        if self.refuses:
            self.refuses -= 1
            raise StoreUnavailable("the disk is full")
        return await self._inner.transact(work)

    @override
    async def read(self, sql: str, *args: object) -> list[Row]:
        return await self._inner.read(sql, *args)

    @override
    async def close(self) -> None:
        await self._inner.close()
