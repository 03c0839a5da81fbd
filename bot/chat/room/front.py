"""What the Room needs of the rest: a front that understands and takes asks, and rows to keep what was said.

Both fit structurally; the composition root hands them in.
"""

from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Protocol

from bot.domain.ask import Account, Ask, Attachment, Place, Wish
from bot.domain.catalogue import Catalogue
from bot.domain.errors import Problem
from bot.domain.notice import Action, Notice
from bot.domain.order import Draft
from bot.domain.room import Line, Opening, Thread


class Front(Protocol):
    """The flow's front desk."""

    @property
    def catalogue(self) -> Catalogue:
        """What can be asked for."""
        ...

    def understand(self, text: str, attachments: Sequence[Attachment]) -> tuple[Wish, Draft]:
        """What a text asks for and what it would cost; pure. Raises Refused with the problems of text and wish."""
        ...

    def draft(self, wish: Wish, attachments: Sequence[Attachment]) -> Draft:
        """The same for a wish that is no text. Raises Refused."""
        ...

    async def reply(self, text: str, account: Account, group: str) -> Notice | None:
        """The answer to a command about one's own things, None when the text is none. Raises Refused."""
        ...

    def own_command(self, text: str) -> str:
        """What such a command does, "" when the text is none of them."""
        ...

    async def receive(self, ask: Ask) -> None:
        """Keep an ask, once per event id. Raises Refused, StoreUnavailable."""
        ...

    async def press(self, action: Action, subject: str, account: Account, *, place: Place | None = None) -> Notice:
        """A button was pressed, `place` being where; the answer is for the presser only.

        Raises Refused, StoreUnavailable.
        """
        ...

    async def again(self, job_id: str, account: Account, place: Place) -> Ask:
        """The presser's own Ask for the same thing; "" is their latest. Raises Refused."""
        ...

    async def stage(self, stream: AsyncIterator[bytes], name: str) -> Attachment:
        """Keep an upload on disk at once; the attachment's handle is its hash. Raises Refused, StoreUnavailable."""
        ...

    def problems_text(self, problems: Sequence[Problem]) -> Notice:
        """The sentences for what is wrong."""
        ...

    def staged_file(self, sha256: str) -> Path:
        """Where an upload lies (it may be gone)."""
        ...

    def reel_file(self, sha256: str) -> Path:
        """Where a reel lies (it may be gone)."""
        ...

    def thumbnail_file(self, sha256: str) -> Path:
        """Where its thumbnail (JPEG) lies (it may be gone)."""
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
