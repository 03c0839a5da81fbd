"""What machines read: how every part is, and what was counted; on the running program, over real sockets."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.app import clock
from bot.app.local_fal import at_sandbox, local_fal, quickened
from bot.app.metrics import Metrics, counting_faults
from bot.app.parts import FAL, STORE, Plan
from bot.app.probes import TRIED_EVERY, Readiness
from bot.app.program import Program, started
from bot.chat.terminal.client import Terminal
from bot.domain.errors import FalUnavailable
from bot.domain.health import Condition
from bot.domain.job import State
from bot.sandbox.settings import SandboxSettings
from bot.settings.bot import WebSection
from bot.settings.environment import Settings
from bot.store.database import Database, open_database
from tests.builders import Clock, a_job
from tests.chat.discord.harness import CATALOGUE, running
from tests.emulators.discord.emulator import emulated
from tests.pipeline.example import Faulty

SPEED = 100.0


@asynccontextmanager
async def program_at(
    fal_url: str,
    data: Path,
    open_store: Callable[[Path], Awaitable[Database]] = open_database,
    web: WebSection | None = None,
) -> AsyncIterator[Program]:
    """The program without a chat network."""
    settings = at_sandbox(Settings(web=web or WebSection(port=0)), fal_url)
    plan = Plan(settings=settings, catalogue=quickened(CATALOGUE, SPEED), data=data, open_store=open_store)
    async with started(plan) as program:
        yield program


async def got(program: Program, path: str, method: str = "GET", **headers: str) -> httpx.Response:
    """What somebody without a session is answered."""
    async with httpx.AsyncClient(
        base_url=f"http://127.0.0.1:{program.port}", trust_env=False, headers=headers
    ) as client:
        return await client.request(method, path)


def figures(page: str) -> dict[tuple[str, frozenset[str]], float]:
    """Samples by name and the values of their labels."""
    return {
        (sample.name, frozenset(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(page)
        for sample in family.samples
    }


def of(found: dict[tuple[str, frozenset[str]], float], name: str, *labels: str) -> float:
    return found[name, frozenset(labels)]


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    """Ask again until it is so; every question is a real request."""
    async with asyncio.timeout(20):
        while not await condition():
            pass


async def test_a_fresh_program_is_alive_and_ready(tmp_path: Path) -> None:
    async with program_at("http://127.0.0.1:9", tmp_path) as program:
        assert (await got(program, "/healthz")).text == "ok\n"
        answer = await got(program, "/readyz")
    assert (answer.status_code, answer.json()) == (
        200,
        {"ready": True, "parts": {"store": "works", "fal": "unheard", "discord": "off", "telegram": "off"}},
    )


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
async def test_they_are_read_without_a_session_under_a_name_of_ours_and_nothing_is_sent_to_them(
    path: str, tmp_path: Path
) -> None:
    async with program_at("http://127.0.0.1:9", tmp_path) as program:
        answer = await got(program, path)
        assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
        assert (await got(program, path, host="evil.example")).status_code == 421
        for method in ("POST", "PUT", "DELETE", "PATCH"):
            assert (await got(program, path, method)).status_code in {403, 405}
            ours = {"origin": program.url, "x-reelroom": "1"}
            assert (await got(program, path, method, **ours)).status_code == 405


@pytest.mark.parametrize("path", ["/readyz", "/metrics"])
async def test_they_are_not_for_the_world_where_the_pages_are(path: str, tmp_path: Path) -> None:
    web = WebSection(port=0, public_url="https://reelroom.example.org")
    async with program_at("http://127.0.0.1:9", tmp_path, web=web) as program:
        assert (await got(program, "/healthz", host="reelroom.example.org")).status_code == 200
        assert (await got(program, path, host="reelroom.example.org")).status_code == 404
        assert (await got(program, path, host=f"localhost:{program.port}")).status_code == 200


async def test_a_store_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    stores: list[Faulty] = []

    async def open_store(path: Path) -> Database:
        stores.append(Faulty(await open_database(path)))
        return stores[0]

    async with program_at("http://127.0.0.1:9", tmp_path, open_store) as program:
        stores[0].refuses = 1
        answer = await got(program, "/readyz")
    assert (answer.status_code, answer.json()["parts"]["store"]) == (503, "away")


async def test_fal_is_tried_again_when_it_was_away_but_not_for_every_look(tmp_path: Path) -> None:
    now = Clock()
    async with program_at("http://127.0.0.1:9", tmp_path) as program:
        ready = Readiness(program.kept, program.world, [], now=now)
        with pytest.raises(FalUnavailable):
            await program.world.fal.jwks()
        assert json.loads((await ready.look()).body)["parts"]["fal"] == "away"
        program.kept.vitals.hear(FAL, Condition.WORKS)
        now.forward(TRIED_EVERY.total_seconds())
        assert json.loads((await ready.look()).body)["ready"] is True
    async with local_fal(CATALOGUE, SandboxSettings()) as url, program_at(url, tmp_path) as program:
        ready = Readiness(program.kept, program.world, [], now=now)
        program.kept.vitals.hear(FAL, Condition.AWAY, "it was")
        assert json.loads((await ready.look()).body)["parts"]["fal"] == "works"
        program.kept.vitals.hear(FAL, Condition.AWAY, "it was")
        now.forward(TRIED_EVERY.total_seconds() - 1)
        assert json.loads((await ready.look()).body)["parts"]["fal"] == "away"


async def test_what_was_wrong_is_not_told_to_everybody(tmp_path: Path) -> None:
    async with program_at("http://127.0.0.1:9", tmp_path) as program:
        program.kept.vitals.hear(FAL, Condition.AWAY, "a reason for owners")
        assert "reason" not in (await got(program, "/readyz")).text


async def test_each_platform_is_named_and_one_that_is_not_here_is_not_ready(tmp_path: Path) -> None:
    async with (
        emulated(clock.now) as discord,
        local_fal(CATALOGUE, SandboxSettings(speed=SPEED)) as url,
        running(discord, tmp_path, url) as program,
    ):

        async def is_here() -> bool:
            return bool((await got(program, "/readyz")).json()["ready"])

        await until(is_here)
        assert (await got(program, "/readyz")).json()["parts"]["discord"] == "works"
        program.kept.vitals.hear("Discord", Condition.OFF, "the token is refused")
        answer = await got(program, "/readyz")
        assert (answer.status_code, answer.json()["parts"]["discord"]) == (503, "off")


async def test_a_reel_is_counted(tmp_path: Path) -> None:
    async with local_fal(CATALOGUE, SandboxSettings(speed=SPEED)) as url, program_at(url, tmp_path) as program:
        async with Terminal(program.door, new_id=clock.new_id, sleep=clock.sleep) as terminal:
            words = "/video a paper boat --model pixverse-4.5 --resolution 360p"
            await terminal.render(words, [], tmp_path / "boat.mp4", on_progress=lambda _: None)

        async def is_counted() -> bool:
            return ("reelroom_reel_seconds_count", frozenset()) in figures((await got(program, "/metrics")).text)

        await until(is_counted)
        answer = await got(program, "/metrics")
        found = figures(answer.text)
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    slug = "pixverse-v4.5-text-to-video"
    for state in ("submitting", "submitted", "completed", "delivering", "delivered"):
        assert of(found, "reelroom_steps_total", state) == 1
    assert of(found, "reelroom_state_seconds_count", "submitted") == 1
    assert of(found, "reelroom_reel_seconds_count") == 1
    assert of(found, "reelroom_spent_dollars_total", slug) == of(found, "reelroom_bot_dollars", "day", "spent") > 0
    assert of(found, "reelroom_jobs", "submitted") == 0
    assert of(found, "reelroom_asks_waiting") == 0
    assert of(found, "reelroom_part_works", STORE) == of(found, "reelroom_part_works", FAL) == 1
    assert of(found, "reelroom_loop_lag_seconds_count") > 0
    assert "paper boat" not in answer.text


async def test_jobs_that_wait_and_faults_are_counted(tmp_path: Path) -> None:
    async with (
        program_at("http://127.0.0.1:9", tmp_path) as program,
        Terminal(program.door, new_id=clock.new_id, sleep=clock.sleep) as terminal,
    ):
        words = "/video a boat --model pixverse-4.5"
        rendering = asyncio.ensure_future(terminal.render(words, [], tmp_path / "x", on_progress=lambda _: None))

        pages: list[str] = []

        async def is_told() -> bool:
            pages.append((await got(program, "/metrics")).text)
            found = figures(pages[-1])
            faults = found.get(("reelroom_faults_total", frozenset({"bot.pipeline.submit", "not_connected"})), 0)
            return faults >= 1 and of(found, "reelroom_jobs", "admitted") == 1

        await until(is_told)
        rendering.cancel()
    found = figures(pages[-1])
    assert of(found, "reelroom_bot_dollars", "day", "held") > 0
    assert of(found, "reelroom_part_works", FAL) == 0


def test_a_stranger_cannot_make_new_series() -> None:
    import logging  # noqa: PLC0415

    metrics = Metrics()
    with counting_faults(metrics):
        for number in range(50):
            logging.getLogger(f"somebody.else.{number}").warning("x", extra={"kind": f"{number}"})
    found = figures(metrics.page(open_jobs={}, asks=0, money={}, health=[]).decode())
    assert [value for (name, _), value in found.items() if name == "reelroom_faults_total"] == [50]


def test_money_is_counted_once_however_often_its_job_steps() -> None:
    metrics = Metrics()
    at = datetime(2026, 11, 20, tzinfo=UTC)
    steps: list[dict[str, Any]] = [
        {"state": State.SUBMITTED},
        {"state": State.COMPLETED, "cost_microusd": 200_000},
        {"state": State.DELIVERING, "cost_microusd": 200_000},
        {"state": State.DELIVERED, "cost_microusd": 200_000},
    ]
    jobs = [
        a_job(step.pop("state"), created_at=at, state_at=at + timedelta(seconds=10 * number), **step)
        for number, step in enumerate(steps)
    ]
    for before, after in pairwise(jobs):
        metrics.stepped(before, after)
    found = figures(metrics.page(open_jobs={}, asks=0, money={}, health=[]).decode())
    assert of(found, "reelroom_spent_dollars_total", jobs[0].order.endpoint) == 0.2
    assert of(found, "reelroom_reel_seconds_sum") == 30
    assert of(found, "reelroom_state_seconds_sum", "submitted") == 10
