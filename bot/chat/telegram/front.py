"""What Telegram needs of the rest: a front desk and the Jobs it speaks of. All fit structurally."""

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
from bot.domain.wish import Reading

FindJob = Callable[[str], Awaitable[Job | None]]
"""The Job of an id."""


class Front(Protocol):
    """The flow's front desk."""

    @property
    def catalogue(self) -> Catalogue:
        """What can be asked for."""
        ...

    def is_known(self, command: str) -> bool:
        """Whether this is a command of ours."""
        ...

    def read(self, text: str) -> Reading:
        """What a text asks for, and what is wrong with it; pure."""
        ...

    def draft(self, wish: Wish, attachments: Sequence[Attachment], problems: Sequence[Problem] = ()) -> Draft:
        """What a wish would be; pure. Raises Refused with everything that is wrong."""
        ...

    def acknowledged(self, ask_id: str) -> None:
        """The person saw that it was received: begin."""
        ...

    async def press(
        self, action: Action, subject: str, account: Account, *, place: Place | None = None, group: str | None = None
    ) -> Notice:
        """A button was pressed, `place` being where, in `group` ("" in private). Raises Refused, StoreUnavailable."""
        ...

    async def again(self, job_id: str, account: Account, place: Place, *, group: str | None = None) -> Ask:
        """The presser's own Ask for the same thing; "" is their latest. Raises Refused."""
        ...

    async def reply(
        self, text: str, account: Account, group: str, *, elsewhere: Elsewhere | None = None
    ) -> Notice | None:
        """The answer to a command about one's own things, None when it is none of them. Raises Refused."""
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
