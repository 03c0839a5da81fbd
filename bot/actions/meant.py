"""Whom an errand means, where the platform has not said: by an account's id, or by the name they have here."""

import re

from bot.domain.admin import PERSON, Errand
from bot.domain.ask import Account
from bot.domain.errors import Problem, Refused, Slug
from bot.domain.match import shortened
from bot.ports.administration import People

_KEY = re.compile(r"(?:(?P<platform>[a-z]+):)?(?P<id>[0-9]{1,20})")
_NAMESAKES = 20
_HOW = "answer a message of theirs, mention them, or name their account"


class Meant:
    """Finds them."""

    def __init__(self, *, people: People) -> None:
        self._people = people

    async def __call__(self, errand: Errand) -> Account | None:
        """Whom the platform says, or who is typed; None where nobody is. Raises Refused when nobody is known so."""
        typed, here = errand.value(PERSON).removeprefix("@"), errand.account.platform
        if errand.whom is not None or not typed:
            return errand.whom
        by_id = _KEY.fullmatch(typed)
        platform = (by_id["platform"] if by_id else None) or here
        rows = await self._people.people_named(by_id["id"] if by_id else typed, limit=_NAMESAKES)
        known = [one for row in rows for one in row.accounts if one.platform == platform]
        if by_id:
            known = [one for one in known if one.id == by_id["id"]] or [Account(platform=platform, id=by_id["id"])]
        else:
            known = [one for one in known if one.name.casefold() == typed.casefold()]
        if len(known) == 1:
            return known[0]
        who = "several people" if known else "nobody"
        rule = f"I know {who} called “{shortened(typed)}” here; {_HOW}"
        raise Refused([Problem(slug=Slug.RULE_BROKEN, facts={"rule": rule})])
