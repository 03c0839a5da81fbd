"""The front desk every platform speaks to: understand, receive, press. It decides nothing itself."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from pathlib import Path

from bot.actions.press import Presses
from bot.actions.replies import Replies
from bot.domain.ask import Account, Ask, Attachment, Place, Wish
from bot.domain.catalogue import Catalogue
from bot.domain.errors import Problem, Refused, Slug
from bot.domain.notice import Action, Notice
from bot.domain.order import Draft, draft
from bot.domain.phrases import refusal_notice
from bot.domain.replies import OWN_COMMANDS
from bot.domain.wish import read
from bot.media.studio import Studio
from bot.media.uploads import Uploads
from bot.ports.inbox import Inbox
from bot.ports.jobs import Jobs


class Front:
    """Pure checks first, then the inbox; buttons go to the actions."""

    def __init__(
        self,
        *,
        catalogue: Catalogue,
        inbox: Inbox,
        jobs: Jobs,
        presses: Presses,
        replies: Replies,
        studio: Studio,
        uploads: Uploads,
        sandbox: bool,
    ) -> None:
        self._catalogue = catalogue
        self._inbox = inbox
        self._jobs = jobs
        self._presses = presses
        self._replies = replies
        self._studio = studio
        self._uploads = uploads
        self._sandbox = sandbox

    @property
    def catalogue(self) -> Catalogue:
        """What can be asked for."""
        return self._catalogue

    def understand(self, text: str, attachments: Sequence[Attachment]) -> tuple[Wish, Draft]:
        """What a text asks for and what it would cost. Raises Refused with everything that is wrong."""
        reading = read(text, self._catalogue, others=OWN_COMMANDS)
        sketch = draft(reading.wish, attachments, self._catalogue, sandbox=self._sandbox, problems=reading.problems)
        return reading.wish, sketch

    def draft(self, wish: Wish, attachments: Sequence[Attachment]) -> Draft:
        """The same for a wish that is no text."""
        return draft(wish, attachments, self._catalogue, sandbox=self._sandbox)

    async def receive(self, ask: Ask) -> None:
        """Keep an Ask that passes the pure checks; an event seen before changes nothing."""
        draft(ask.wish, ask.attachments, self._catalogue, sandbox=self._sandbox)
        await self._inbox.receive(ask)

    async def reply(self, text: str, account: Account, group: str) -> Notice | None:
        """The answer to a command about one's own things ("/quota"), None when the text is none of them."""
        command, rest = _split(text)
        return await self._replies.reply(command, rest, account, group)

    def own_command(self, text: str) -> str:
        """What a command about one's own things does, "" when the text is none of them."""
        return OWN_COMMANDS.get(_split(text)[0], "") if text.lstrip().startswith("/") else ""

    async def press(self, action: Action, subject: str, account: Account, *, place: Place | None = None) -> Notice:
        """A button was pressed, `place` being where."""
        return await self._presses.press(action, subject, account, place=place)

    async def again(self, job_id: str, account: Account, place: Place) -> Ask:
        """The presser's own Ask for the same thing, here; "" is their latest. Raises Refused."""
        job = await self._jobs.get(job_id) if job_id else await self._replies.latest(account)
        if job is None:
            raise Refused([Problem(slug=Slug.FORGOTTEN if job_id else Slug.NOTHING_YET)])
        return replace(self._presses.again(job, account), place=place)

    async def stage(self, stream: AsyncIterator[bytes], name: str) -> Attachment:
        """Keep an upload on disk at once."""
        return await self._uploads.keep(stream, name=name)

    def problems_text(self, problems: Sequence[Problem]) -> Notice:
        """The sentences for what is wrong."""
        return refusal_notice(problems)

    def staged_file(self, sha256: str) -> Path:
        """Where an upload lies."""
        return self._studio.path(sha256)

    def reel_file(self, sha256: str) -> Path:
        """Where a reel lies."""
        return self._studio.reel_path(sha256)

    def thumbnail_file(self, sha256: str) -> Path:
        """Where its thumbnail lies."""
        return self._studio.thumbnail_path(sha256)


def _split(text: str) -> tuple[str, str]:
    """The command without its slash, and what stands behind it."""
    command, _, rest = text.strip().removeprefix("/").partition(" ")
    return command.casefold(), rest.strip()
