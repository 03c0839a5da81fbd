"""One cell of the matrix: a scenario, one death, as many further lives as it takes, and the verdict."""

import asyncio
import dataclasses
import signal
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.domain.catalogue import Catalogue
from bot.sandbox.runs import Changes
from bot.settings.endpoints import load_catalogue
from tests.crash.child import KILLED, ROOT, Birth
from tests.crash.doom import Doom
from tests.crash.executioner import Executioner
from tests.crash.fal import Fal, serving
from tests.crash.judge import Verdict, gathered, judged
from tests.crash.later import look_again
from tests.crash.life import Life, living
from tests.crash.platform import Gone, Platform, Setting
from tests.crash.platforms import OPENINGS
from tests.crash.rest import looking_on
from tests.crash.scenario import Scenario
from tests.rendering import RenderOnce

LIFE_S = 45.0
"""A life that takes longer has come to a halt; a usual one takes three seconds."""

LAST_LINES = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """What one cell came to. `commits` and `calls` are the names of those of the life in question.

    `decisive` are the platform's calls that a small sample strikes at.
    """

    scenario: Scenario
    doom: Doom | None
    killed: bool
    verdict: Verdict
    commits: tuple[str, ...]
    calls: tuple[str, ...]
    decisive: frozenset[str]

    @property
    def differences(self) -> list[str]:
        """Everything that is not as it should be, with the cell's name."""
        return [f"{self.scenario.name}, {self.doom}: {one}" for one in self.verdict.differences]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What all cells share, because it is dear to make, and the name of the platform they stand on."""

    catalogue: Catalogue
    pool: RenderOnce
    platform: str = "room"

    def on(self, platform: str) -> "Ground":
        """The same for another platform."""
        return dataclasses.replace(self, platform=platform)


@contextmanager
def ground() -> Iterator[Ground]:
    """The shipped catalogue, and a pool that renders each video once."""
    with RenderOnce() as pool:
        yield Ground(catalogue=load_catalogue(ROOT / "config" / "endpoints"), pool=pool)


async def cell(scenario: Scenario, doom: Doom | None, on: Ground) -> Cell:
    """Live, die, live on, and be judged; who is in honest doubt is judged again when a day has passed."""
    async with begun(scenario, on) as run:
        past = run.platform.posted if scenario.posted_before else scenario.past
        if past is not None and not (await run.live(past))[1]:
            run.troubles.append(f"lived through {past}")
        life, killed = await run.live(doom)
        commits, calls = tuple(life.commits), tuple(run.executioner.calls)
        if killed:
            await run.live(None)
        verdict = await run.verdict()
        if verdict.doubtful and not verdict.differences:
            await look_again(run.birth(None), verdict.doubtful)
            await run.live(None)
            verdict = await run.verdict()
        verdict = dataclasses.replace(verdict, differences=(*run.troubles, *verdict.differences))
        decisive = run.platform.decisive
    return Cell(
        scenario=scenario,
        doom=doom,
        killed=killed,
        verdict=verdict,
        commits=commits,
        calls=calls,
        decisive=decisive,
    )


@asynccontextmanager
async def begun(scenario: Scenario, on: Ground) -> "AsyncIterator[Run]":
    """A fal, a platform and an empty data folder."""
    ticks, executioner = Changes(), Executioner()
    with tempfile.TemporaryDirectory(prefix="reelroom-") as folder:
        setting = Setting(scenario=scenario, data=Path(folder), executioner=executioner, ticks=ticks)
        async with (
            serving(on.catalogue, on.pool, executioner, ticks) as fal,
            OPENINGS[on.platform](setting) as platform,
        ):
            yield Run(setting, fal, platform)


class Run:
    """Data folder, fal and platform, which outlive the programs. `troubles` are what should not happen to any."""

    def __init__(self, setting: Setting, fal: Fal, platform: Platform) -> None:
        self.troubles: list[str] = []
        self.data = setting.data
        self.executioner = setting.executioner
        self.fal = fal
        self.platform = platform
        self.scenario = setting.scenario
        self.ticks = setting.ticks

    def want(self, scenario: Scenario) -> None:
        """From now on people want what this says; it begins with all that was wanted before."""
        self.scenario = scenario
        self.platform.wants(scenario)

    def birth(self, doom: Doom | None) -> Birth:
        """What the next program is started with."""
        return Birth(
            data=self.data,
            log=self.data / "log",
            fal_url=self.fal.url,
            day_dollars=self.scenario.day_dollars,
            told=self.platform.told,
            doom=doom,
            judged=self.scenario.judged,
        )

    async def live(
        self, doom: Doom | None, *, after_s: float | None = None, lasts_s: float = LIFE_S
    ) -> tuple[Life, bool]:
        """One life, until everything is at rest and it is told to stop, or until its doom: then True.

        `after_s`: or until it is killed so many seconds after its birth, whatever it does. `lasts_s` is the longest.
        """
        async with living(self.birth(doom if doom and doom.when.is_commit else None), self.ticks) as life:
            self.executioner.expect(doom, life.kill)
            if after_s is not None:
                asyncio.get_running_loop().call_later(after_s, life.send, signal.SIGKILL)
            try:
                async with asyncio.timeout(lasts_s):
                    await self._spend(life)
                    life.send(signal.SIGTERM)
                    await life.over.wait()
            except TimeoutError:
                self.trouble("came to a halt")
                return life, False
            killed = (doom or after_s) is not None and life.exit_code in {KILLED, -signal.SIGKILL}
            if life.exit_code and not killed:
                self.trouble(f"ended with {life.exit_code}")
            if killed:
                self.platform.after_death()
            return life, killed

    async def stopped_at(self, call: str, how: signal.Signals) -> tuple[Life, float]:
        """A life that is told to stop when a call of this name was first answered; and how many seconds it took."""
        loop = asyncio.get_running_loop()
        async with living(self.birth(None), self.ticks) as life:
            self.executioner.expect(None, life.kill)
            person = asyncio.ensure_future(self._visit(life))
            try:
                async with asyncio.timeout(LIFE_S):
                    while not self.executioner.answered[call]:
                        await self.ticks.wait()
                    told_at = loop.time()
                    life.send(how)
                    await life.over.wait()
            finally:
                person.cancel()
                await asyncio.gather(person, return_exceptions=True)
            return life, loop.time() - told_at

    async def _spend(self, life: Life) -> None:
        """The person's time with it, unless death comes first."""
        person = asyncio.ensure_future(self._visit(life))
        over = asyncio.ensure_future(life.over.wait())
        try:
            await asyncio.wait({person, over}, return_when=asyncio.FIRST_COMPLETED)
            if person.done():
                person.result()
        finally:
            person.cancel()
            over.cancel()
            await asyncio.gather(person, over, return_exceptions=True)

    async def _visit(self, life: Life) -> None:
        await life.ready.wait()
        if life.over.is_set():
            return
        try:
            async with looking_on(self.data, self.fal, self.ticks, asks=len(self.scenario.asks)) as onlooker:
                await self.platform.live_with(onlooker)
        except Gone:
            await life.over.wait()

    def trouble(self, what: str) -> None:
        """Take down what should not happen to any program, with the last of what it logged."""
        log = (self.data / "log").read_text(encoding="utf-8", errors="replace").splitlines()
        self.troubles.append("\n    ".join([what, *log[-LAST_LINES:]]))

    async def verdict(self) -> Verdict:
        """What is found now."""
        return judged(self.scenario, await gathered(self.data, await self.fal.account(), self.platform))
