"""Telegram as a chat platform. A status message is edited, a reel is a new message that answers the request."""

import logging
import re
from collections.abc import AsyncIterator, Awaitable, Callable

from bot.chat.pace import Pace
from bot.chat.telegram.calling import Calling
from bot.chat.telegram.exposing import Exposing
from bot.chat.telegram.files import Files
from bot.chat.telegram.front import FindJob
from bot.chat.telegram.line import Line
from bot.chat.telegram.outbox import Priority
from bot.chat.telegram.owners import Owners
from bot.chat.telegram.place import TELEGRAM, Receipt, Spot, link_of, receipt_of, spot_of
from bot.chat.telegram.posting import Post, Posting
from bot.chat.telegram.refusals import MessageGone
from bot.chat.telegram.writing import Writing, words_of
from bot.domain.after import Exposure
from bot.domain.ask import OWNERS, Attachment, Place, ToldWhere, told_where
from bot.domain.errors import PlaceGone, ReelMayStand
from bot.domain.job import Job, Reason
from bot.domain.notice import Action, Notice, Tone
from bot.ports.chat import Parcel, Stands
from bot.ports.clock import Now

log = logging.getLogger(__name__)

GROUP_PACE = 2
"""A group's messages are edited so much more seldom: it takes twenty a minute, from everybody together."""

_PLACE = re.compile(r"(?P<chat>-?[0-9]{1,20})(?:/(?P<topic>[0-9]{1,10}))?")
"""A chat by its number, and a topic in it."""

MOVING = frozenset({Tone.WAITING, Tone.WORKING})


class TelegramChat:
    """Fits `ports.chat.Chat`.

    `job` finds a Job; `covered` says whose reel is a spoiler; `writing` writes and changes messages.
    """

    def __init__(
        self,
        *,
        line: Line,
        files: Files,
        posting: Posting,
        exposing: Exposing,
        owners: Owners,
        writing: Writing,
        job: FindJob,
        covered: Callable[[Job], bool],
        limit_bytes: int,
        pace_s: float,
        now: Now,
    ) -> None:
        self._line = line
        self._files = files
        self._posting = posting
        self._exposing = exposing
        self._owners = owners
        self._writing = writing
        self._calling = Calling(writing=writing)
        self._job = job
        self._covered = covered
        self._limit_bytes = limit_bytes
        self._pace_s = pace_s
        self._private, self._group = Pace(now, pace_s), Pace(now, pace_s * GROUP_PACE)

    @property
    def platform(self) -> str:
        """The name of this platform."""
        return TELEGRAM

    @property
    def pace_s(self) -> float:
        """The least time between two edits of one status message."""
        return self._pace_s

    def open(self, attachment: Attachment) -> AsyncIterator[bytes]:
        """The bytes of an attachment."""
        return self._files.open(attachment)

    async def say(self, place: Place, notice: Notice, *, key: str) -> None:
        """Answer what became no Job; with the key of something said before, by changing that message."""
        if place.address == OWNERS:
            await self._owners.tell(notice)
            return
        if notice.document is not None:
            await self._writing.hand_over(spot_of(place), notice, notice.document, key=key)
            return
        if notice.chart:
            await self._writing.show(spot_of(place), notice, key=key)
            return
        told = told_where(place)
        if told is not None:
            await self._writing.put(await self._moderators(told), words_of(notice), key=key)
            return
        await self._writing.put(spot_of(place), words_of(notice), key=key)

    async def announce(self, place: Place, notice: Notice, *, job: str, receipt: str) -> str:
        """Write the status message, or edit the one that stands; and call those it asks something of."""
        spot = spot_of(place)
        stands = await self._announce(spot, notice, job=job, receipt=receipt)
        await self._calling.named(spot, notice, job=job)
        return stands

    async def _announce(self, spot: Spot, notice: Notice, *, job: str, receipt: str) -> str:
        """What acknowledged the Ask becomes the status message."""
        known = receipt_of(receipt) or await self._writing.known(job)
        if known is None:
            return (await self._writing.write(spot, words_of(notice), key=job)).text()
        pace = self._private if spot.is_private else self._group
        if _is_progress(notice) and not pace.is_due(known.message, notice):
            return known.text()
        try:
            priority = Priority.PROGRESS if _is_progress(notice) else Priority.ANSWER
            await self._writing.edit(known, words_of(notice), priority)
        except MessageGone:
            if not any(button.action is Action.DELIVER for button in notice.buttons):
                raise
            known = await self._writing.write(spot, words_of(notice), key=job)
        pace.edited(known.message, notice)
        return known.text()

    async def limit_bytes(self, _place: Place) -> int | None:
        """What a bot may upload."""
        return self._limit_bytes

    async def deliver(self, place: Place, parcel: Parcel, *, in_doubt: bool) -> str:
        """Post the reel, once and never again; in doubt ask, and once somebody asked, show it in a message of ours."""
        job = await self._job(parcel.job)
        post = Post(spot=spot_of(place), parcel=parcel, covered=job is not None and self._covered(job))
        if not in_doubt:
            return (await self._posting.post(post)).text()
        if job is None or job.reason is Reason.NONE:
            raise ReelMayStand("Telegram cannot be asked what stands in a chat")
        kept = receipt_of(job.receipt) or await self._writing.known(_shown(job))
        return (await self._posting.show(post, kept, self._keeping(_shown(job)))).text()

    async def expose(self, job: Job, parcel: Parcel | None, *, wanted: Exposure, stands: Exposure) -> Stands:
        """Cover, uncover, take away or bring back a reel that was posted."""
        return await self._exposing.expose(job, parcel, wanted=wanted, stands=stands)

    def link(self, job: Job) -> str:
        """The address of its message, for those in its supergroup."""
        return link_of(job)

    async def acknowledge(self, spot: Spot, notice: Notice, *, key: str) -> None:
        """Say that an Ask was received, by its message, or where there is much going on by a reaction to the request.

        Raises ChatError's subclasses; nothing is lost with it.
        """
        stands = await self._writing.known(key) is not None
        if not stands and self._line.is_busy(spot.chat) and spot.message:
            await self._line.bot.set_message_reaction(spot.chat, spot.message, "👀")
            return
        await self._writing.put(spot, words_of(notice), key=key)

    async def _moderators(self, told: ToldWhere) -> Spot:
        """The chat, or the topic in it; only their own: whoever sets a group's rules reaches no other group by it."""
        found = _PLACE.fullmatch(told.where)
        if found is None or await self._line.group(int(found["chat"])) != told.group:
            raise PlaceGone(f"no place of this group: {told.where}")
        return Spot(chat=int(found["chat"]), topic=int(found["topic"] or 0))

    def _keeping(self, key: str) -> Callable[[Receipt], Awaitable[None]]:
        async def keep(receipt: Receipt) -> None:
            await self._writing.keep(key, receipt)

        return keep


def _is_progress(notice: Notice) -> bool:
    """Whether something newer will be said soon, so that this may be left out."""
    return notice.tone in MOVING and all(button.action is Action.CANCEL for button in notice.buttons)


def _shown(job: Job) -> str:
    """The key of a message that was written to show a reel in."""
    return f"shown:{job.id}"
