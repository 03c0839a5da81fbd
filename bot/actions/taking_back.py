"""`/consent`: people see what they have said about their own face, and take it back. It is for their eyes alone."""

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence

from bot.actions.demand import Demand
from bot.domain.ask import Account
from bot.domain.consent import PRIVATE, Consent
from bot.domain.consent_words import Names, consents_notice, latest, marked, spelled
from bot.domain.decision import Decision, Ruling
from bot.domain.errors import Problem, Refused, Slug
from bot.domain.notice import Action, Notice
from bot.domain.permission import About
from bot.ports.clock import Now
from bot.ports.moderation import Consents

log = logging.getLogger(__name__)

Called = Callable[[Sequence[str]], Awaitable[Mapping[str, str]]]
"""What people, or groups, are called; those nobody knows are absent."""


class TakingBack:
    """Words count for every account of a Person, and are taken back for every account."""

    def __init__(self, *, consents: Consents, demand: Demand, people: Called, groups: Called, now: Now) -> None:
        self._consents = consents
        self._demand = demand
        self._people = people
        self._groups = groups
        self._now = now

    async def show(self, account: Account) -> Notice:
        """What somebody's answers still say."""
        return await self._notice(await self._consents.all_of(account.key))

    async def take_back(self, mark: str, account: Account) -> Notice:
        """Forget what a button is about: they are asked again. What is left.

        Raises:
            Refused: NOTHING_TO_PRESS when it was taken back already, or is over.
        """
        mine = About(platform=account.platform, group="", asked=frozenset({account.key}))
        await self._demand(Action.TAKE_BACK, account, mine, None)
        said = await self._consents.all_of(account.key)
        gone = marked(said, mark)
        if not gone or not await self._consents.withdraw(gone, self._decision(account, gone)):
            raise Refused([Problem(slug=Slug.NOTHING_TO_PRESS)])
        log.info("somebody took back what they said about their face", extra={"by": account.key, "said": len(gone)})
        return await self._notice([one for one in said if one not in gone], taken=True)

    async def _notice(self, said: Sequence[Consent], *, taken: bool = False) -> Notice:
        held = latest(said, self._now())
        names = Names(
            people=await self._people([one.asker for one in held if one.asker]),
            groups=await self._groups([one.grp for one in held if one.grp and one.grp != PRIVATE]),
        )
        return consents_notice(held, names, taken=taken)

    def _decision(self, account: Account, gone: Sequence[Consent]) -> Decision:
        """Where it was about one group alone, that group's moderators see it among their decisions."""
        places = {one.grp for one in gone} - {PRIVATE}
        platform, _, group = places.pop().partition(":") if len(places) == 1 else ("", "", "")
        detail = "; ".join(dict.fromkeys(spelled(one) for one in gone))
        return Decision(
            who=account.key, what=Ruling.REVOKED, at=self._now(), platform=platform, group=group, detail=detail
        )
