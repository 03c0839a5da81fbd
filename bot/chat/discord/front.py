"""What Discord needs of the rest: a front desk, the Jobs it speaks of, and a few settings kept in the store.

All fit structurally; the composition root hands them in.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from bot.domain.admin import Errand
from bot.domain.ask import Account, Ask, Attachment, Place, Wish
from bot.domain.catalogue import Catalogue
from bot.domain.errors import Problem
from bot.domain.job import Job
from bot.domain.notice import Action, Notice
from bot.domain.order import Draft
from bot.domain.replies import Elsewhere

FindJob = Callable[[str], Awaitable[Job | None]]
"""The Job of an id."""


class Front(Protocol):
    """The flow's front desk."""

    @property
    def catalogue(self) -> Catalogue:
        """What can be asked for."""
        ...

    def draft(self, wish: Wish, attachments: Sequence[Attachment], problems: Sequence[Problem] = ()) -> Draft:
        """What a wish would be; pure. Raises Refused with everything that is wrong."""
        ...

    async def receive(self, ask: Ask, *, hold_s: float = 0.0) -> bool:
        """Keep an Ask, once per event id (False: seen before), and begin after `hold_s`, or at `acknowledged`.

        Raises Refused, StoreUnavailable.
        """
        ...

    def acknowledged(self, ask_id: str) -> None:
        """The person saw that it was received: begin."""
        ...

    async def too_late(self, ask: Ask) -> None:
        """The person was told, or saw, that it was not received: ask them whether it is still wanted."""
        ...

    async def press(
        self, action: Action, subject: str, account: Account, *, place: Place | None = None, group: str | None = None
    ) -> Notice:
        """A button was pressed, `place` being where, in `group` ("" in private). Raises Refused, StoreUnavailable."""
        ...

    async def again(self, job_id: str, account: Account, place: Place, *, group: str | None = None) -> Ask:
        """The presser's own Ask for the same thing. Raises Refused."""
        ...

    async def reply(
        self, text: str, account: Account, group: str, *, elsewhere: Elsewhere | None = None
    ) -> Notice | None:
        """The answer to a command about one's own things, None when it is none of them. Raises Refused.

        `elsewhere` says where a Job's reel stands.
        """
        ...

    async def stats(self, account: Account, group: str, *, dark: bool) -> Notice:
        """What was spent, made and waited for, in words and as a picture. Raises StoreUnavailable."""
        ...

    async def administer(self, errand: Errand) -> Notice:
        """A word behind `/admin`. Raises Refused, StoreUnavailable."""
        ...

    async def with_defaults(self, wish: Wish, account: Account) -> Wish:
        """The wish with what its author usually wants where it says nothing."""
        ...
