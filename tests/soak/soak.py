"""The real program under load for a set time, in the world of the crash tests, and judged as they judge.

Load is kept level: as soon as fewer than `AT_ONCE` asks are under way, somebody asks for more.
"""

import asyncio
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from bot.app import clock
from bot.settings.bot import FalSection, WebSection
from bot.web.listener import open_port
from tests.crash.cell import Ground, Run, begun
from tests.crash.child import ROOT, Birth
from tests.crash.life import Life, living
from tests.crash.platform import Gone
from tests.crash.rest import looking_on
from tests.crash.scenario import ANYTIME, EFFECT, WORDS, Scenario
from tests.soak.gauge import Gauge, stopped
from tests.soak.report import Report

AT_ONCE = 12
PLACES = 8
"""Asks under way at the same time, and how many of them may be at fal."""

BEAT_S = 0.1
"""The load is looked after so often; it is a pace, and nothing waits for it."""

WORDS_EVERY = 12
"""Every so manieth ask is of words: its video is rendered anew, and rendering is the sandbox's work and not ours."""

REST_S = 120.0


async def soak(lasts_s: float, ground: Ground, *, platform: str = "room") -> Report:
    """Let people ask for so many seconds, let everything come to its end, and judge."""
    async with begun(replace(ANYTIME, name="soak"), ground.on(platform)) as run:
        birth, port = _birth(run)
        gauge = Gauge(f"http://127.0.0.1:{port}")
        async with living(birth, run.ticks) as life:
            await life.ready.wait()
            looking = asyncio.create_task(gauge.watch(_since_now()))
            ticking = asyncio.create_task(_tick(run))
            try:
                await _busy(run, life, lasts_s)
                await _at_rest(run, life)
            finally:
                await stopped(looking)
                await stopped(ticking)
            if not life.over.is_set():
                life.send(signal.SIGTERM)
                await life.over.wait()
            if life.exit_code:
                run.trouble(f"ended with {life.exit_code}")
        return await _judged(run, gauge, lasts_s)


def _birth(run: Run) -> tuple[Birth, int]:
    """A program that listens where its figures can be read, and the port of it."""
    with open_port("127.0.0.1", 0) as free:
        port: int = free.getsockname()[1]
    told = {"fal": FalSection(concurrency=PLACES)} | dict(run.platform.told) | {"web": WebSection(port=port)}
    return replace(run.birth(None), told=told, counted=False), port


def _since_now() -> Callable[[], float]:
    """A watch that shows the seconds."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    return lambda: loop.time() - began


async def _tick(run: Run) -> None:
    """Commits are not told here, so whoever waits for one looks again at every beat."""
    while True:
        await clock.sleep(BEAT_S)
        run.ticks.announce()


async def _busy(run: Run, life: Life, lasts_s: float) -> None:
    """Asks, until the time is over or the program is."""
    loop = asyncio.get_running_loop()
    ends = loop.time() + lasts_s
    async with looking_on(run.data, run.fal, run.ticks, asks=0) as onlooker, asyncio.TaskGroup() as asking:
        while loop.time() < ends and not life.over.is_set():
            for _ in range(AT_ONCE - await onlooker.unfinished()):
                number = len(run.scenario.asks)
                run.want(_more(run.scenario))
                asking.create_task(_ask(run, number))
            await clock.sleep(BEAT_S)


async def _ask(run: Run, number: int) -> None:
    """Whoever is not answered asks again when all is over."""
    with suppress(Gone):
        await run.platform.ask(number)


async def _at_rest(run: Run, life: Life) -> None:
    """Everything asked comes to its end."""
    asks = len(run.scenario.asks)
    async with looking_on(run.data, run.fal, run.ticks, asks=asks) as onlooker:
        try:
            async with asyncio.timeout(REST_S):
                await run.platform.live_with(onlooker)
        except Gone:
            await life.over.wait()
        except TimeoutError:
            run.trouble("came to no rest")


def _more(scenario: Scenario) -> Scenario:
    number = len(scenario.asks)
    ask = EFFECT if (number + 1) % WORDS_EVERY else WORDS.format(f"a paper boat, number {number}")
    return replace(scenario, asks=(*scenario.asks, ask))


async def _judged(run: Run, gauge: Gauge, lasts_s: float) -> Report:
    verdict = await run.verdict()
    is_exact, words = await _audited(run.data)
    return Report(
        lasted_s=lasts_s,
        asks=len(run.scenario.asks),
        jobs=verdict.jobs,
        reels=verdict.reels,
        submits=verdict.submits,
        charged=verdict.charged,
        differences=(*run.troubles, *verdict.differences),
        is_exact=is_exact,
        audit=words,
        memory_then=gauge.memory_about(lasts_s / 4),
        memory_now=gauge.memory_about(lasts_s),
        lag_p99_s=gauge.lag_s(0.99),
    )


async def _audited(data: Path) -> tuple[bool, str]:
    """What `reelroom audit` says of it."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "audit", "--config", str(ROOT / "config"), "--data", str(data)),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    said, _ = await process.communicate()
    return process.returncode == 0, said.decode().strip().splitlines()[-1]
