"""Strikes, timeouts and bans, given and lifted: first the permission table, then one transaction."""

import logging
from collections.abc import Mapping, Sequence
from datetime import timedelta

from bot.actions.demand import Demand
from bot.domain.ask import Account, grp_of
from bot.domain.decision import Decision, Ruling, reason_line
from bot.domain.notice import Notice
from bot.domain.permission import About, Deed
from bot.domain.rulings import lifted_notice, sanctioned_notice
from bot.domain.sanction import Kind, Sanction, StrikePolicy
from bot.domain.striking import decision_of, following
from bot.ports.clock import Now
from bot.ports.moderation import Sanctions

log = logging.getLogger(__name__)

EVERY_KIND = tuple(Kind)

DEEDS: Mapping[Kind, Deed] = {Kind.STRIKE: Deed.STRIKE, Kind.TIMEOUT: Deed.TIME_OUT, Kind.BAN: Deed.BAN}


class Sanctioning:
    """What moderators of a group give there, and owners everywhere (`group` "").

    `account` gives it to `whom`; `standing_in` is the group `account` stands in, None where it is meant for. Every
    method raises Refused: MODERATOR_ALONE, OWNER_ALONE.
    """

    def __init__(self, *, sanctions: Sanctions, demand: Demand, policy: StrikePolicy, now: Now) -> None:
        self._sanctions = sanctions
        self._demand = demand
        self._policy = policy
        self._now = now

    async def strike(
        self,
        account: Account,
        whom: Account,
        platform: str,
        group: str,
        *,
        why: str = "",
        standing_in: str | None = None,
    ) -> Notice:
        """A strike, which ends by itself; with so many of them (a setting) comes a timeout."""
        return await self._give(Kind.STRIKE, account, whom, platform, group, why, self._policy.lasts, standing_in)

    async def time_out(
        self,
        account: Account,
        whom: Account,
        platform: str,
        group: str,
        *,
        why: str = "",
        lasts: timedelta | None = None,
        standing_in: str | None = None,
    ) -> Notice:
        """Keep them from asking for a while; without `lasts` for as long as the settings say."""
        span = lasts or self._policy.timeout
        return await self._give(Kind.TIMEOUT, account, whom, platform, group, why, span, standing_in)

    async def ban(
        self,
        account: Account,
        whom: Account,
        platform: str,
        group: str,
        *,
        why: str = "",
        lasts: timedelta | None = None,
        standing_in: str | None = None,
    ) -> Notice:
        """Keep them from asking until it is lifted, or for `lasts`."""
        return await self._give(Kind.BAN, account, whom, platform, group, why, lasts, standing_in)

    async def lift(
        self,
        account: Account,
        whom: Account,
        platform: str,
        group: str,
        *,
        kinds: Sequence[Kind] = EVERY_KIND,
        why: str = "",
        standing_in: str | None = None,
    ) -> Notice:
        """End what holds against them in exactly this group, or everywhere. What holds elsewhere stays."""
        await self._permit(Deed.LIFT, account, platform, group, standing_in)
        decision = Decision(
            who=account.key,
            what=Ruling.LIFTED,
            at=self._now(),
            platform=platform if group else "",
            group=group,
            whom=whom.key,
            why=reason_line(why),
            detail=", ".join(kind.value for kind in kinds),
        )
        number = await self._sanctions.lift(whom, grp_of(platform, group), kinds, decision)
        log.info("sanctions were lifted", extra={"whom": whom.key, "by": account.key, "number": number})
        return lifted_notice(whom.name, number)

    async def _give(
        self,
        kind: Kind,
        account: Account,
        whom: Account,
        platform: str,
        group: str,
        why: str,
        lasts: timedelta | None,
        standing_in: str | None,
    ) -> Notice:
        await self._permit(DEEDS[kind], account, platform, group, standing_in)
        now = self._now()
        given = Sanction(
            kind=kind,
            whom=whom.key,
            grp=grp_of(platform, group),
            by=account.key,
            at=now,
            until=None if lasts is None else now + lasts,
            why=reason_line(why),
        )
        strikes = kind is Kind.STRIKE
        held = await self._sanctions.give(
            whom,
            given,
            decision_of(given),
            then=lambda holding: following(self._policy, given, holding, now) if strikes else None,
        )
        log.info("a sanction was given", extra={"whom": whom.key, "by": account.key, "as": kind.value})
        return sanctioned_notice(whom.name, given, held, self._policy.strikes, now)

    async def _permit(self, deed: Deed, account: Account, platform: str, group: str, standing_in: str | None) -> None:
        """What holds everywhere is the owners' to give and to lift."""
        asked = deed if group else Deed.BAN_EVERYWHERE
        await self._demand(asked, account, About(platform=platform, group=group), standing_in)
