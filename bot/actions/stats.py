"""`/stats` and `/admin stats`: figures in words, and as a picture where one is wanted."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.actions.counting import Counting
from bot.domain.admin import Errand
from bot.domain.ask import Account, grp_of
from bot.domain.errors import Refused
from bot.domain.notice import Notice
from bot.domain.statistics import Statistics
from bot.domain.summary import statistics_notice
from bot.ports.administration import Names, Pictures
from bot.ports.clock import NewId, Now
from bot.ports.people import Meeting

FRESH = timedelta(minutes=1)
"""So long a picture is good: who asks again and again has nothing drawn anew."""

KEPT = 50
"""As many pictures are kept, a hundred kilobytes each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Drawn:
    at: datetime
    notice: Notice


class Stats:
    """A group's figures in a group; in private one's own, or by `/admin` the whole bot's."""

    def __init__(
        self, *, counting: Counting, names: Names, meeting: Meeting, pictures: Pictures, now: Now, new_id: NewId
    ) -> None:
        self._counting = counting
        self._names = names
        self._meeting = meeting
        self._pictures = pictures
        self._now = now
        self._new_id = new_id
        self._drawn: dict[tuple[str, bool], _Drawn] = {}

    async def words(self, account: Account, group: str) -> Notice:
        """The figures without a picture."""
        return statistics_notice(await self._statistics(account, group))

    async def picture(self, account: Account, group: str, *, dark: bool) -> Notice:
        """The figures with their picture, or without it where it cannot be drawn."""
        key = (grp_of(account.platform, group) or account.key, dark)
        return self._kept(key) or await self._draw(key, await self._statistics(account, group))

    async def said(self, errand: Errand) -> Notice:
        """What stands behind `/admin stats`: the group's, in private the whole bot's."""
        if errand.group:
            return await self.picture(errand.account, errand.group, dark=errand.dark)
        key = ("", errand.dark)
        return self._kept(key) or await self._draw(key, await self._counting.of())

    async def _statistics(self, account: Account, group: str) -> Statistics:
        grp = grp_of(account.platform, group)
        if not grp:
            return await self._counting.of_person(await self._meeting.meet(account, self._new_id()), account)
        return await self._counting.of(grp, name=(await self._names.group_names([grp])).get(grp, "this group"))

    def _kept(self, key: tuple[str, bool]) -> Notice | None:
        drawn = self._drawn.get(key)
        return drawn.notice if drawn is not None and self._now() - drawn.at < FRESH else None

    async def _draw(self, key: tuple[str, bool], statistics: Statistics) -> Notice:
        notice = replace(statistics_notice(statistics), private=True)
        try:
            notice = replace(notice, chart=await self._pictures.picture(statistics, dark=key[1]))
        except Refused:  # the words say the same
            return notice
        self._drawn.pop(key, None)
        while len(self._drawn) >= KEPT:
            del self._drawn[next(iter(self._drawn))]
        self._drawn[key] = _Drawn(at=self._now(), notice=notice)
        return notice
