"""Room, Discord and Telegram beside one program, with somebody on each; they ask in turn."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace

from bot.settings.bot import FalSection
from bot.store.codec import ASK
from bot.store.database import Row
from tests.crash import discord, room, telegram
from tests.crash.doom import Doom
from tests.crash.platform import Opening, Platform, Seen, Setting
from tests.crash.rest import Onlooker
from tests.crash.scenario import Scenario

EACH: Mapping[str, Opening] = {"room": room.opened, "discord": discord.opened, "telegram": telegram.opened}


PLACES = 8


class Together:
    """Fits `platform.Platform`: all of them. The n-th ask is asked on the n-th of them, round and round."""

    decisive: frozenset[str] = frozenset()

    def __init__(self, platforms: Mapping[str, Platform]) -> None:
        self._platforms = platforms

    @property
    def told(self) -> Mapping[str, object]:
        """What each needs, and places enough at fal."""
        return {"fal": FalSection(concurrency=PLACES)} | {
            field: value for one in self._platforms.values() for field, value in one.told.items()
        }

    @property
    def posted(self) -> Doom:
        """There is no such moment for all of them."""
        raise NotImplementedError

    def wants(self, scenario: Scenario) -> None:
        """Everybody their share."""
        for each, share in zip(self._platforms.values(), shares(scenario), strict=True):
            each.wants(share)

    async def ask(self, number: int) -> None:
        """Where its turn is. Raises Gone."""
        share, which = divmod(number, len(self._platforms))
        await list(self._platforms.values())[which].ask(share)

    async def live_with(self, onlooker: Onlooker) -> None:
        """Each at the same time. Raises Gone."""
        people = [asyncio.ensure_future(each.live_with(onlooker)) for each in self._platforms.values()]
        try:
            await asyncio.gather(*people)
        finally:
            for one in people:
                one.cancel()
            await asyncio.gather(*people, return_exceptions=True)

    def after_death(self) -> None:
        """Time passes for each."""
        for each in self._platforms.values():
            each.after_death()

    async def seen(self, jobs: Sequence[Row], /) -> Seen:
        """What stands on all of them; each judges its own Jobs."""
        reels: Counter[str] = Counter()
        statuses: Counter[str] = Counter()
        amiss: list[str] = []
        for name, each in self._platforms.items():
            found = await each.seen([row for row in jobs if ASK.validate_json(row["ask"]).place.platform == name])
            reels += found.reels
            statuses += found.statuses
            amiss += [f"{name}: {one}" for one in found.amiss]
        return Seen(reels=reels, statuses=statuses, amiss=tuple(amiss))


def shares(scenario: Scenario) -> Iterator[Scenario]:
    """What is asked on each of the platforms; more asks at the end change nobody's first ones."""
    for number in range(len(EACH)):
        yield replace(scenario, asks=scenario.asks[number :: len(EACH)])


@asynccontextmanager
async def opened(setting: Setting) -> AsyncIterator[Platform]:
    """An emulator for each that needs one."""
    mine = [replace(setting, scenario=share) for share in shares(setting.scenario)]
    rooms, servers, groups = (opening(one) for opening, one in zip(EACH.values(), mine, strict=True))
    async with rooms as in_room, servers as on_discord, groups as on_telegram:
        yield Together({"room": in_room, "discord": on_discord, "telegram": on_telegram})
