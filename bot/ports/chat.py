"""One chat platform, as the pipeline sees it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from bot.domain.after import Exposure
from bot.domain.ask import Attachment, Place
from bot.domain.job import Job, Reel
from bot.domain.notice import Notice


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """A reel ready to post: the file, its thumbnail (JPEG) and what to say with it."""

    job: str
    path: Path
    thumbnail: Path
    reel: Reel
    notice: Notice

    @property
    def file_name(self) -> str:
        """The name the file has in the thread; a later look finds it by this."""
        return f"reel-{self.job}.mp4"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stands:
    """How a posted reel stands, and the receipt of its message."""

    receipt: str
    exposure: Exposure


class Chat(Protocol):
    """One platform, as the pipeline sees it.

    Raises of every method: ChatUnavailable (later), PlaceGone (never again in this place).
    """

    @property
    def platform(self) -> str:
        """The name Places and Accounts of this platform carry."""

    @property
    def pace_s(self) -> float:
        """The least time between two edits of one status message."""

    def open(self, attachment: Attachment) -> AsyncIterator[bytes]:
        """The bytes of an attachment; raises Refused(FILE_GONE) when it is gone for good."""

    async def say(self, place: Place, notice: Notice, *, key: str) -> None:
        """Say something that belongs to no Job; saying it again with the same key replaces it where possible."""

    async def announce(self, place: Place, notice: Notice, *, job: str, receipt: str) -> str:
        """Post the status message of a Job, or edit the one `receipt` names; returns its receipt."""

    async def limit_bytes(self, place: Place) -> int | None:
        """The largest file this place takes, None when there is no limit."""

    async def deliver(self, place: Place, parcel: Parcel, *, in_doubt: bool) -> str:
        """Post the reel as a new message and return its receipt.

        `in_doubt`: an earlier attempt may have posted it; the platform finds out, or asks, before it posts again.

        Raises:
            ReelTooLarge: the file does not fit; it was not posted.
            DeliveryUncertain: it was sent and the answer lost.
        """

    async def expose(self, job: Job, parcel: Parcel | None, *, wanted: Exposure, stands: Exposure) -> Stands:
        """Change a posted reel's message so that it is seen as it is wanted; one that is gone counts as removed.

        It can be made again after any of it. `parcel` is what to post, None when its file is no longer kept: what
        cannot be covered then is removed, and what is gone stays so.

        Raises:
            ReelTooLarge: the file does not fit.
            DeliveryUncertain: it was sent and the answer lost.
        """

    def link(self, job: Job) -> str:
        """Where a Job's reel stands, for those who may go there; "" when nobody can say."""
