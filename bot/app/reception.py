"""The front desk every platform speaks to: understand, receive, press, answer. It decides nothing itself."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from bot.actions.admin import Administration
from bot.actions.buttons import Buttons
from bot.actions.defaults import Defaults
from bot.actions.replies import Replies
from bot.actions.stats import Stats
from bot.domain.admin import ADMIN, Errand
from bot.domain.ask import Account, Ask, Attachment, Place, Wish
from bot.domain.catalogue import Catalogue
from bot.domain.errors import ChatUnavailable, PlaceGone, Problem, Refused, Slug
from bot.domain.models import CUSTOM
from bot.domain.notice import Action, Notice
from bot.domain.order import Draft, draft
from bot.domain.phrases import away_notice
from bot.domain.replies import MENU_COMMANDS, SETTINGS, STATS, Elsewhere
from bot.domain.wish import Reading, read
from bot.ports.chat import Chat
from bot.ports.inbox import Inbox
from bot.ports.jobs import Jobs

log = logging.getLogger(__name__)

TRIES = 5
"""To ask somebody whether they still want what they were told was not received."""


class Reception:
    """Pure checks first, then the inbox; buttons go to the actions."""

    def __init__(
        self,
        *,
        catalogue: Catalogue,
        inbox: Inbox,
        jobs: Jobs,
        buttons: Buttons,
        replies: Replies,
        defaults: Defaults,
        administration: Administration,
        stats: Stats,
        chat: Chat,
        sandbox: bool,
        sleep: Callable[[float], Awaitable[None]],
    ) -> None:
        self._catalogue = catalogue
        self._inbox = inbox
        self._jobs = jobs
        self._buttons = buttons
        self._replies = replies
        self._defaults = defaults
        self._administration = administration
        self._stats = stats
        self._chat = chat
        self._sandbox = sandbox
        self._sleep = sleep

    @property
    def catalogue(self) -> Catalogue:
        """What can be asked for."""
        return self._catalogue

    def is_known(self, command: str) -> bool:
        """Whether this is a command of ours."""
        return command in {*self._catalogue.commands, CUSTOM, *MENU_COMMANDS, ADMIN}

    def read(self, text: str) -> Reading:
        """What a text asks for, and what is wrong with it; pure."""
        return read(text, self._catalogue, others=(*MENU_COMMANDS, ADMIN))

    def draft(self, wish: Wish, attachments: Sequence[Attachment], problems: Sequence[Problem] = ()) -> Draft:
        """What a wish would be; pure. Raises Refused with everything that is wrong."""
        return draft(wish, attachments, self._catalogue, sandbox=self._sandbox, problems=problems)

    async def receive(self, ask: Ask, *, hold_s: float = 0.0) -> bool:
        """Keep an Ask, once per event; it begins after `hold_s`, or when it is acknowledged."""
        return await self._inbox.receive(ask, hold_s=hold_s)

    def acknowledged(self, ask_id: str) -> None:
        """The person saw that it was received: begin."""
        self._inbox.begin(ask_id)

    async def too_late(self, ask: Ask) -> None:
        """Ask whether it is still wanted; only then does the row wait for the answer, so that none is dropped."""
        for _ in range(TRIES):
            try:
                await self._chat.say(ask.place, away_notice(ask), key=ask.id)
            except ChatUnavailable as error:
                log.warning("nobody could be asked yet", extra={"job": ask.id, "error": str(error)})
                await self._sleep(error.retry_after_s)
            except PlaceGone:
                await self._inbox.consume(ask.id)
                return
            else:
                await self._inbox.ask_away(ask.id)
                return

    async def press(
        self, action: Action, subject: str, account: Account, *, place: Place | None = None, group: str | None = None
    ) -> Notice:
        """A button was pressed, `place` being where, in `group` ("" in private, None where the thing itself is)."""
        return await self._buttons.press(action, subject, account, place=place, group=group)

    async def again(self, job_id: str, account: Account, place: Place, *, group: str | None = None) -> Ask:
        """The presser's own Ask for the same thing, here; "" is their latest. Raises Refused."""
        job = await self._jobs.get(job_id) if job_id else await self._replies.latest(account)
        if job is None:
            raise Refused([Problem(slug=Slug.FORGOTTEN if job_id else Slug.NOTHING_YET)])
        await self._buttons.presses.permit(Action.AGAIN, account, job, group)
        return replace(self._buttons.presses.again(job, account), place=place)

    async def reply(
        self, text: str, account: Account, group: str, *, elsewhere: Elsewhere | None = None
    ) -> Notice | None:
        """The answer to a command about one's own things, None when it is none of them."""
        first, _, rest = text.strip().removeprefix("/").partition(" ")
        command = first.casefold()
        if command == SETTINGS:
            return await self._defaults.reply(rest, account)
        if command == STATS:
            return await self._stats.words(account, group)
        if command == "jobs" and elsewhere is not None:
            return await self._replies.jobs(account, elsewhere)
        return await self._replies.reply(command, rest.strip(), account, group)

    async def stats(self, account: Account, group: str, *, dark: bool) -> Notice:
        """What was spent, made and waited for: in a group by all of it, in private by oneself; with a picture."""
        return await self._stats.picture(account, group, dark=dark)

    async def administer(self, errand: Errand) -> Notice:
        """A word behind `/admin`, for those who look after a group."""
        return await self._administration.do(errand)

    async def with_defaults(self, wish: Wish, account: Account) -> Wish:
        """The wish with what its author usually wants where it says nothing."""
        return await self._defaults.apply(wish, account)
