"""The Room as a chat platform: everything said is one row with a unique key, so that saying it twice is saying it once.

A Place's address is the thread's id. There is no doubt about a delivery: the row is there or it is not.
"""

from collections.abc import AsyncIterator

from bot.chat.room.front import Rows
from bot.chat.room.wire import notice_body, reel_body
from bot.domain.after import Exposure
from bot.domain.aftermath import gone_reel_notice
from bot.domain.ask import OWNERS, Account, Attachment, Place, told_where
from bot.domain.errors import ChatUnavailable, PlaceGone, Problem, Refused, Slug, StoreUnavailable
from bot.domain.job import Job
from bot.domain.notice import Notice
from bot.ports.chat import Parcel, Stands

ROOM = "room"

OWNER = Account(platform=ROOM, id="owner", name="you", is_owner=True)
"""Who speaks in the Room and from the terminal: whoever can open the data folder."""


class RoomChat:
    """Fits `ports.chat.Chat`."""

    def __init__(self, rows: Rows, *, pace_s: float = 1.0) -> None:
        self._rows = rows
        self._pace_s = pace_s

    @property
    def platform(self) -> str:
        """The name of this platform."""
        return ROOM

    @property
    def pace_s(self) -> float:
        """The least time between two edits; the page moves the bar smoothly in between."""
        return self._pace_s

    def open(self, attachment: Attachment) -> AsyncIterator[bytes]:
        """Nothing: what is uploaded to the Room is staged at once and never opened through it."""
        raise Refused([Problem(slug=Slug.FILE_GONE, about=attachment.name)])

    async def say(self, place: Place, notice: Notice, *, key: str) -> None:
        """Write or replace the line of this key; nobody here needs to be told as an owner or moderator."""
        if place.address == OWNERS or told_where(place) is not None:
            return
        await self._put(place, f"say:{key}", "say", key, notice)

    async def announce(self, place: Place, notice: Notice, *, job: str, receipt: str) -> str:  # noqa: ARG002 - the key says it
        """Write or replace the Job's status line."""
        key = f"status:{job}"
        await self._put(place, key, "status", job, notice)
        return key

    async def limit_bytes(self, place: Place) -> int | None:  # noqa: ARG002 - the same everywhere
        """No limit: the file stays where it is."""
        return None

    async def deliver(self, place: Place, parcel: Parcel, *, in_doubt: bool) -> str:  # noqa: ARG002 - the key decides
        """Write the reel's line, once."""
        key = f"reel:{parcel.job}"
        body = reel_body(parcel.notice, parcel.reel, parcel.file_name)
        try:
            written = await self._rows.put_reel(key, place.address, parcel.job, body, parcel.reel.sha256)
        except StoreUnavailable as error:
            raise ChatUnavailable("the Room's rows cannot be written") from error
        if not written:
            raise PlaceGone(place.address)
        return key

    async def expose(self, job: Job, parcel: Parcel | None, *, wanted: Exposure, stands: Exposure) -> Stands:  # noqa: ARG002 - the key decides
        """Take the reel's line away, or put it back. Nobody but the owner is here, and a cover would hide nothing."""
        key, thread = f"reel:{job.id}", job.place.address
        try:
            if wanted is Exposure.OPEN and parcel is not None:
                body = reel_body(parcel.notice, parcel.reel, parcel.file_name)
                await self._rows.put(key, thread, "reel", job.id, body)
                return Stands(receipt=key, exposure=Exposure.OPEN)
            await self._rows.put(key, thread, "say", job.id, notice_body(gone_reel_notice()))
        except StoreUnavailable as error:
            raise ChatUnavailable("the Room's rows cannot be written") from error
        return Stands(receipt=key, exposure=Exposure.GONE)

    def link(self, job: Job) -> str:  # noqa: ARG002 - it stands where it is spoken of
        """None: the Room is one page."""
        return ""

    async def _put(self, place: Place, key: str, kind: str, subject: str, notice: Notice) -> None:
        tone = notice.tone.value if kind == "status" else ""
        try:
            written = await self._rows.put(key, place.address, kind, subject, notice_body(notice), tone=tone)
        except StoreUnavailable as error:
            raise ChatUnavailable("the Room's rows cannot be written") from error
        if not written:
            raise PlaceGone(place.address)
