"""What the Room needs of the rest: the front desk, a place for files, and rows to keep what was said.

All fit structurally; the composition root hands them in.
"""

from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Protocol

from bot.domain.admin import Errand
from bot.domain.ask import Account, Ask, Attachment, Place, Wish
from bot.domain.catalogue import Catalogue
from bot.domain.errors import Problem
from bot.domain.notice import Action, Notice
from bot.domain.order import Draft
from bot.domain.room import Line, Opening, Thread
from bot.domain.wish import Reading


class Front(Protocol):
    """The flow's front desk."""

    @property
    def catalogue(self) -> Catalogue:
        """What can be asked for."""
        ...

    def read(self, text: str) -> Reading:
        """What a text asks for, and what is wrong with it; pure."""
        ...

    def draft(self, wish: Wish, attachments: Sequence[Attachment], problems: Sequence[Problem] = ()) -> Draft:
        """What a wish would be; pure. Raises Refused with everything that is wrong."""
        ...

    async def with_defaults(self, wish: Wish, account: Account) -> Wish:
        """The wish with what its author usually wants where it says nothing."""
        ...

    async def reply(self, text: str, account: Account, group: str) -> Notice | None:
        """The answer to a command about one's own things, None when the text is none. Raises Refused."""
        ...

    async def administer(self, errand: Errand) -> Notice:
        """A word behind `/admin`. Raises Refused, StoreUnavailable."""
        ...

    async def receive(self, ask: Ask) -> bool:
        """Keep an ask that can be drafted, once per event id (False: seen before). Raises StoreUnavailable."""
        ...

    async def press(self, action: Action, subject: str, account: Account, *, place: Place | None = None) -> Notice:
        """A button was pressed, `place` being where; the answer is for the presser only.

        Raises Refused, StoreUnavailable.
        """
        ...

    async def again(self, job_id: str, account: Account, place: Place) -> Ask:
        """The presser's own Ask for the same thing; "" is their latest. Raises Refused."""
        ...


class Keep(Protocol):
    """Keeps an upload on disk at once; the attachment's handle is its hash. Raises Refused, StoreUnavailable."""

    async def __call__(self, stream: AsyncIterator[bytes], *, name: str) -> Attachment:
        """Keep it."""
        ...


class Files(Protocol):
    """Where files lie; what is named here may be gone."""

    def path(self, sha256: str) -> Path:
        """An upload."""
        ...

    def reel_path(self, sha256: str) -> Path:
        """A reel."""
        ...

    def thumbnail_path(self, sha256: str) -> Path:
        """Its thumbnail, a JPEG."""
        ...


class Rows(Protocol):
    """The Room's own rows; each method one transaction or one read. Raises StoreUnavailable."""

    async def open_ask(self, event_id: str, ask: str, thread: str, title: str, body: str) -> Opening | None:
        """Write what was asked, in `thread` or a new one; None when the thread is not there. Once per event."""
        ...

    async def withdraw_ask(self, ask: str) -> None:
        """Take back an ask that was refused after all."""
        ...

    async def put(self, key: str, thread: str, kind: str, subject: str, body: str, *, tone: str = "") -> bool:
        """Write or replace a line; False when the thread is not there."""
        ...

    async def put_reel(self, key: str, thread: str, subject: str, body: str, poster: str) -> bool:
        """Write a reel once; False when the thread is not there."""
        ...

    async def seq(self) -> int:
        """The latest change."""
        ...

    async def lines_after(self, seq: int, *, thread: str = "", limit: int = 200) -> Sequence[Line]:
        """Lines changed after `seq`, oldest change first."""
        ...

    async def lines_of(self, thread: str) -> Sequence[Line]:
        """Everything in a thread, in order."""
        ...

    async def threads(self, *, before: int | None, limit: int) -> Sequence[Thread]:
        """Threads, newest first."""
        ...

    async def thread(self, thread: str) -> Thread | None:
        """One thread."""
        ...
