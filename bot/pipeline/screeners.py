"""Who judges the pictures of a request in this group now."""

import dataclasses

from bot.domain.ask import Account
from bot.domain.group_rules import GroupRules
from bot.domain.house_rules import Rules
from bot.domain.screener import PAUSED, Screener, is_judged, lenient
from bot.domain.screening import Part
from bot.ports.people import Standings


class Screeners:
    """Finds the Screener. `rules` are the owner's; a group adds to them, and may say what follows without judgement."""

    def __init__(self, *, screener: Screener, rules: Rules, standings: Standings) -> None:
        self._screener = screener
        self._rules = rules
        self._standings = standings

    async def of(self, account: Account, own: GroupRules, part: Part) -> Screener | None:
        """Who judges this for somebody, None where it is not judged. `own` is what the group has set."""
        if not is_judged(part, (self._rules, own.rules)):
            return None
        found, bounds = self._screener, self._screener.bounds
        if own.screening_missing is not None:
            bounds = dataclasses.replace(bounds, missing=own.screening_missing)
        paused = found.endpoint is not None and await self._standings.paused(found.endpoint.slug)
        return dataclasses.replace(
            found, bounds=lenient(bounds, account), away=found.away or (PAUSED if paused else "")
        )
