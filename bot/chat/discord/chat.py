"""Discord as a chat platform. A status message is edited, a reel is a new message in the thread opened on it."""

import logging
from collections.abc import AsyncIterator, Callable
from dataclasses import replace

from bot.chat.discord.calling import Calling
from bot.chat.discord.exposing import Exposing
from bot.chat.discord.files import Files
from bot.chat.discord.front import FindJob
from bot.chat.discord.line import Line
from bot.chat.discord.owners import Owners
from bot.chat.discord.place import DISCORD, Receipt, Spot, link_of, receipt_of, spot_of
from bot.chat.discord.posting import Post, Posting
from bot.chat.discord.refusals import SMALLEST_LIMIT, translated
from bot.chat.discord.speaking import Speaking
from bot.chat.discord.threads import Threads
from bot.chat.pace import Pace
from bot.domain.after import Exposure
from bot.domain.ask import OWNERS, Attachment, Place, told_where
from bot.domain.errors import ChatUnavailable, PlaceGone
from bot.domain.job import Job
from bot.domain.notice import Notice
from bot.ports.chat import Parcel, Stands

log = logging.getLogger(__name__)

STATUS_WAIT_S = 0.5
"""How soon a reel asks again whether its status message, and with it the thread, is there."""


class DiscordChat:
    """Fits `ports.chat.Chat`.

    `job` finds a Job, for the receipt of its status message; `covered` says whose reel is a spoiler.
    """

    def __init__(
        self,
        *,
        line: Line,
        files: Files,
        threads: Threads,
        posting: Posting,
        exposing: Exposing,
        owners: Owners,
        calling: Calling,
        job: FindJob,
        covered: Callable[[Job], bool],
        pace_s: float,
    ) -> None:
        self._line = line
        self._speaking = Speaking(line)
        self._files = files
        self._threads = threads
        self._posting = posting
        self._exposing = exposing
        self._owners = owners
        self._calling = calling
        self._job = job
        self._covered = covered
        self._pace_s = pace_s
        self._pace = Pace(line.now, pace_s)

    @property
    def platform(self) -> str:
        """The name of this platform."""
        return DISCORD

    @property
    def pace_s(self) -> float:
        """The least time between two edits of one status message."""
        return self._pace_s

    def open(self, attachment: Attachment) -> AsyncIterator[bytes]:
        """The bytes of an attachment."""
        return self._files.open(attachment)

    async def say(self, place: Place, notice: Notice, *, key: str) -> None:
        """Answer what became no Job. Something private takes the public placeholder away."""
        if place.address == OWNERS:
            await self._owners.tell(notice, key=key)
            return
        told = told_where(place)
        if told is not None:
            await self._calling.moderators(told, notice, key=key)
            return
        spot = spot_of(place)
        try:
            if notice.private:
                await self._speaking.between_us(spot, notice)
            else:
                await self._speaking.into_answer(spot, notice)
        except PlaceGone:
            if not spot.by_bot:
                raise
            await self._speaking.to_person(spot, notice, nonce=f"y{key}")

    async def announce(self, place: Place, notice: Notice, *, job: str, receipt: str) -> str:
        """Write the status message: at first into the interaction's own answer, then by editing it."""
        spot, known = spot_of(place), receipt_of(receipt)
        if known is not None:
            await self._edit(spot, known, notice)
            await self._calling.named(spot, known.thread, notice, job=job)
            return receipt
        status = await self._first_status(spot, notice, job)
        thread = await self._threads.open(spot, status.message)
        await self._calling.named(spot, thread, notice, job=job)
        return replace(status, thread=thread).text()

    async def limit_bytes(self, place: Place) -> int | None:
        """What the bot, or where it is no member the interaction, may post there."""
        spot = spot_of(place)
        if not spot.by_bot:
            return spot.limit_bytes if spot.token_lives(self._line.now()) else SMALLEST_LIMIT
        if not spot.guild:
            return SMALLEST_LIMIT
        try:
            with translated():
                return await self._line.upload_bytes(spot.guild)
        except PlaceGone:
            return SMALLEST_LIMIT

    async def deliver(self, place: Place, parcel: Parcel, *, in_doubt: bool) -> str:
        """Post the reel once the thread is there."""
        job = await self._job(parcel.job)
        status = receipt_of(job.receipt) if job and job.place == place else None
        if job is not None and status is None and _will_be_announced(job):
            raise ChatUnavailable("its thread is not open yet", retry_after_s=STATUS_WAIT_S)
        post = Post(spot=spot_of(place), parcel=parcel, covered=job is not None and self._covered(job))
        posted = await self._posting.post(post, status, in_doubt=in_doubt)
        return posted.text()

    async def expose(self, job: Job, parcel: Parcel | None, *, wanted: Exposure, stands: Exposure) -> Stands:
        """Cover, uncover, take away or bring back a reel that was posted."""
        return await self._exposing.expose(job, parcel, wanted=wanted, stands=stands)

    def link(self, job: Job) -> str:
        """The address of its message."""
        return link_of(job)

    async def _first_status(self, spot: Spot, notice: Notice, job: str) -> Receipt:
        try:
            message = await self._speaking.into_answer(spot, notice)
        except PlaceGone:
            if not spot.by_bot:
                raise
            return await self._speaking.to_person(spot, notice, nonce=f"s{job}")
        return Receipt(channel=spot.channel, message=message)

    async def _edit(self, spot: Spot, known: Receipt, notice: Notice) -> None:
        if self._pace.is_due(known.message, notice):
            await self._speaking.into(spot, known, notice)
            self._pace.edited(known.message, notice)


def _will_be_announced(job: Job) -> bool:
    """Whether a status message is still to come: nothing was said yet, and nobody found that nothing can be."""
    return not job.said and not job.receipt
