"""How every part is, kept in memory: what was heard since the start."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from typing_extensions import override

from bot.domain.errors import StoreUnavailable
from bot.domain.health import Condition, Health, heard
from bot.ports.clock import Now
from bot.ports.vitals import Vital
from bot.store.database import Database, Row, Tx

T = TypeVar("T")


class Vitals:
    """A Vital for each part that asks for one, in the order they ask."""

    def __init__(self, *, now: Now) -> None:
        self._now = now
        self._health: dict[str, Health] = {}

    def of(self, part: str) -> Vital:
        """The Vital of a part ("fal", "Discord"); nothing was heard of it so far."""
        self._health[part] = Health(part=part, since=self._now())
        return _Vital(self, part)

    def all(self) -> Sequence[Health]:
        """How every part is."""
        return list(self._health.values())

    def hear(self, part: str, condition: Condition, why: str = "") -> None:
        """A word about a part."""
        before = self._health[part]
        if condition is not Condition.WORKS or before.condition is not condition:
            self._health[part] = heard(before, condition, self._now(), why)


class _Vital(Vital):
    def __init__(self, vitals: Vitals, part: str) -> None:
        self._vitals = vitals
        self._part = part

    @override
    def works(self) -> None:
        self._vitals.hear(self._part, Condition.WORKS)

    @override
    def away(self, why: str) -> None:
        self._vitals.hear(self._part, Condition.AWAY, why)

    @override
    def off(self, why: str) -> None:
        self._vitals.hear(self._part, Condition.OFF, why)


class WatchedDatabase:
    """A Database that tells after every commit, and every one that failed, how the store is."""

    def __init__(self, database: Database, vital: Vital) -> None:
        self._database = database
        self._vital = vital

    async def transact(self, work: Callable[[Tx], Awaitable[T]]) -> T:
        """See `Database.transact`."""
        try:
            result = await self._database.transact(work)
        except StoreUnavailable as error:
            self._vital.away(str(error))
            raise
        self._vital.works()
        return result

    async def read(self, sql: str, *args: object) -> list[Row]:
        """See `Database.read`."""
        return await self._database.read(sql, *args)

    async def close(self) -> None:
        """See `Database.close`."""
        await self._database.close()
