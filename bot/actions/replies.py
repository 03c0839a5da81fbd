"""Commands about one's own things: read, and answer; only `cancel`, `link` and `privacy` do something."""

from collections.abc import Awaitable, Callable, Mapping

from bot.actions.link import Link
from bot.actions.policies import Policies
from bot.actions.press import Presses, is_cancellable
from bot.actions.privacy import Privacy
from bot.actions.taking_back import TakingBack
from bot.domain.ask import Account, grp_of
from bot.domain.catalogue import Catalogue
from bot.domain.consent_words import CONSENT
from bot.domain.errors import Problem, Refused, Slug
from bot.domain.job import Job
from bot.domain.ledger import periods_of
from bot.domain.linking import LINK
from bot.domain.notice import Action, Notice
from bot.domain.privacy import PRIVACY
from bot.domain.replies import SHOWN_JOBS, Elsewhere, help_notice, jobs_notice, models_notice, quota_notice
from bot.ports.clock import Now
from bot.ports.people import Books

_Reply = Callable[[str, Account, str], Awaitable[Notice]]


class Replies:
    """`text` is what stands behind the command; `group` is where it was asked."""

    def __init__(
        self,
        *,
        books: Books,
        presses: Presses,
        link: Link,
        privacy: Privacy,
        policies: Policies,
        taking_back: TakingBack,
        catalogue: Catalogue,
        now: Now,
    ) -> None:
        self._books = books
        self._presses = presses
        self._link = link
        self._privacy = privacy
        self._policies = policies
        self._taking_back = taking_back
        self._catalogue = catalogue
        self._now = now
        self._replies: Mapping[str, _Reply] = {
            "help": self._help,
            "models": self._models,
            "quota": self._quota,
            "jobs": self._jobs,
            "cancel": self._cancel,
            CONSENT: self._said,
            LINK: self._linked,
            PRIVACY: self._private,
        }

    async def jobs(self, account: Account, elsewhere: Elsewhere) -> Notice:
        """A person's latest Jobs, with where each stands."""
        return jobs_notice(await self._books.jobs_of(account, limit=SHOWN_JOBS), self._catalogue, elsewhere)

    async def latest(self, account: Account) -> Job | None:
        """A person's latest Job."""
        return next(iter(await self._books.jobs_of(account, limit=1)), None)

    async def reply(self, command: str, text: str, account: Account, group: str) -> Notice | None:
        """The answer to one of these commands, None when it is another.

        Raises:
            Refused: there is nothing to cancel.
        """
        reply = self._replies.get(command)
        return None if reply is None else await reply(text, account, group)

    async def _help(self, _text: str, _account: Account, _group: str) -> Notice:
        return help_notice(self._catalogue)

    async def _models(self, text: str, _account: Account, _group: str) -> Notice:
        return models_notice(self._catalogue, text.strip().lstrip("/").casefold())

    async def _quota(self, _text: str, account: Account, group: str) -> Notice:
        now = self._now()
        policy = await self._policies.of(grp_of(account.platform, group))
        periods = periods_of(now, policy.zone)
        person = await self._books.person(account) or ""
        layers = policy.layers(account, person, group, await self._books.bond(person, periods))
        balances = await self._books.balances([layer.account for layer in layers], periods)
        return quota_notice(layers, balances, now, policy.zone)

    async def _jobs(self, _text: str, account: Account, _group: str) -> Notice:
        return jobs_notice(await self._books.jobs_of(account, limit=SHOWN_JOBS), self._catalogue)

    async def _cancel(self, _text: str, account: Account, _group: str) -> Notice:
        """The newest that can still be stopped: what came after it may have ended long ago."""
        latest = await self._books.jobs_of(account, limit=SHOWN_JOBS)
        wanted = next((job for job in latest if is_cancellable(job)), None)
        if wanted is None:
            raise Refused([Problem(slug=Slug.NOTHING_TO_CANCEL)])
        return await self._presses.press(Action.CANCEL, wanted.id, account)

    async def _said(self, _text: str, account: Account, _group: str) -> Notice:
        return await self._taking_back.show(account)

    async def _linked(self, text: str, account: Account, _group: str) -> Notice:
        return await self._link.reply(text, account)

    async def _private(self, text: str, account: Account, _group: str) -> Notice:
        return await self._privacy.reply(text, account)
