"""A posted reel is covered, uncovered, taken away or brought back. Discord keeps a spoiler in the name of the file.

Covering is an edit with the file once more, which can be repeated; what was taken away is looked for before it is
posted anew.
"""

import logging
from collections.abc import Awaitable, Callable

import discord

from bot.chat.discord.line import Line
from bot.chat.discord.place import DISCORD, Receipt, Spot, receipt_of, spot_of
from bot.chat.discord.posting import Post, Posting, file_of
from bot.chat.discord.refusals import translated
from bot.domain.after import Exposure
from bot.domain.errors import PlaceGone
from bot.domain.job import Job
from bot.ports.chat import Parcel, Stands

log = logging.getLogger(__name__)

NO_MESSAGE, NO_CHANNEL = 10008, 10003
"""Whatever was to be taken away is gone; where the bot is no member, every channel seems to be."""

IsCovered = Callable[[Job], bool]


class Exposing:
    """Raises of every method: ChatError's subclasses. `covered` says whose reel is a spoiler in any case."""

    def __init__(self, *, line: Line, posting: Posting, covered: IsCovered) -> None:
        self._line = line
        self._posting = posting
        self._covered = covered

    async def expose(self, job: Job, parcel: Parcel | None, *, wanted: Exposure, stands: Exposure) -> Stands:
        """See `ports.chat.Chat.expose`."""
        known = receipt_of(job.reel_receipt)
        spot = spot_of(job.place) if job.place.address else Spot(channel=known.channel if known else 0, author=0)
        if wanted is Exposure.OPEN and stands is Exposure.GONE:
            return await self._again(job, parcel, spot)
        if wanted is Exposure.GONE or known is None or parcel is None:
            if known is not None:
                await self._remove(spot, known)
            return Stands(receipt=job.reel_receipt, exposure=Exposure.GONE)
        await self._cover(spot, known, parcel, covered=wanted is Exposure.COVERED or self._covered(job))
        return Stands(receipt=job.reel_receipt, exposure=wanted)

    async def _remove(self, spot: Spot, known: Receipt) -> None:
        async def by_bot() -> None:
            await self._line.channel(known.channel, spot.guild).get_partial_message(known.message).delete()

        async def by_token() -> None:
            await self._line.by_token(spot).delete_message(known.message)

        done = frozenset({NO_MESSAGE, NO_CHANNEL} if spot.by_bot else {NO_MESSAGE})
        await self._either(spot, _gone_is_done(by_bot, done), _gone_is_done(by_token, done))

    async def _cover(self, spot: Spot, known: Receipt, parcel: Parcel, *, covered: bool) -> None:
        async def by_bot() -> None:
            message = self._line.channel(known.channel, spot.guild).get_partial_message(known.message)
            await message.edit(attachments=[file_of(parcel, covered=covered)])

        async def by_token() -> None:
            webhook = self._line.by_token(spot)
            await webhook.edit_message(known.message, attachments=[file_of(parcel, covered=covered)])

        await self._either(spot, by_bot, by_token)

    async def _again(self, job: Job, parcel: Parcel | None, spot: Spot) -> Stands:
        """As a new message; one that an earlier attempt posted is found by its file."""
        if parcel is None or not job.place.address:
            return Stands(receipt=job.reel_receipt, exposure=Exposure.GONE)
        post = Post(spot=spot, parcel=parcel, covered=self._covered(job), anew=True)
        status = receipt_of(job.receipt) if job.place.platform == DISCORD else None
        posted = await self._posting.post(post, status, in_doubt=True)
        return Stands(receipt=posted.text(), exposure=Exposure.OPEN)

    async def _either(
        self, spot: Spot, by_bot: Callable[[], Awaitable[None]], by_token: Callable[[], Awaitable[None]]
    ) -> None:
        """By the bot, which reaches its own messages for years; else by the interaction's token while it lives."""
        try:
            with translated():
                await by_bot()
        except PlaceGone:
            if not spot.token_lives(self._line.now()):
                raise
            with translated(with_token=True):
                await by_token()


def _gone_is_done(call: Callable[[], Awaitable[None]], done: frozenset[int]) -> Callable[[], Awaitable[None]]:
    async def run() -> None:
        try:
            await call()
        except discord.NotFound as error:
            if error.code not in done:
                raise
            log.info("a reel that was to be taken away is gone already", extra={"error": str(error)})

    return run
