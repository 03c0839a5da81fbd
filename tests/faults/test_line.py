"""Between our store and fal: nothing lost, nothing twice, and nobody waits for a ghost."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from bot.app import clock
from bot.domain.job import Event, Reason, State
from bot.domain.ledger import Limits
from bot.domain.notice import Tone
from bot.domain.quota import Counts, Tier
from bot.settings.quota import BudgetSection, PersonSection
from tests.app.hooked import Hooked, hooked, ticket_of
from tests.chat.discord.harness import OPEN
from tests.crash.cell import cell, ground
from tests.crash.doom import Doom, When
from tests.crash.scenario import REEL
from tests.emulators.discord.emulator import Discord, emulated
from tests.faults.scenes import Fal, a_fal, discord_scene, jobs, until
from tests.pipeline.world import FREE

PLACES = 50


@pytest.mark.crash
@pytest.mark.timeout(150)
async def test_f01_a_killed_program_goes_on_where_it_was() -> None:
    """A job is lost at a restart.

    An Ask is written before it is acknowledged and a Job before it is posted; a start takes up all that is under way.
    """
    with ground() as on:
        for step in ("Jobs.record submitted", "Jobs.record completed"):
            lived = await cell(REEL, Doom(when=When.AFTER_COMMIT, what=step), on)
            assert lived.killed
            assert lived.differences == []


@pytest.mark.crash
@pytest.mark.timeout(150)
async def test_f02_killed_between_the_post_and_its_answer_nothing_is_posted_again() -> None:
    """A job is submitted twice when the program comes back.

    "Submitting" is written before the POST; whoever finds it so looks for the request (a signed call, fal's history)
    and never posts again.
    """
    with ground() as on:
        lived = await cell(REEL, Doom(when=When.UNANSWERED, what="submit"), on)
    assert lived.killed
    assert lived.differences == []


async def test_f03_a_success_after_hours_is_delivered_and_one_after_a_day_too(line: Hooked) -> None:
    """A late success is dropped, or refunded although it was paid.

    Only a last word of fal's settles money before 24 hours; a result after that is delivered all the same, and the
    money stays as it is.
    """
    line.faults("webhook-lost", "stuck:1")
    slow = await line.sent()
    for _ in range(10):
        line.go_on(hours=2)
        slow = await line.here.watched(slow)
    assert (slow.state, await line.here.money(slow)) == (State.SUBMITTED, set())

    late = await line.sent("/video another boat --model pixverse-4.5 --resolution 360p", who="ben")
    await line.ended(1)
    line.faults("503:status", "503:result", "503:cancel")
    line.go_on(hours=25)
    late = await line.here.watched(late)
    assert (late.state, late.reason) == (State.FAILED, Reason.LOST)
    money = await line.here.money(late)
    line.local.sandbox.faults.clear()
    await line.call(late.id, ticket_of(late).request_id)
    await line.here.watch.late(await line.here.job(late.id))
    late = await line.here.delivered(late)
    assert (late.state, await line.here.money(late)) == (State.DELIVERED, money)


async def test_f09_a_full_fal_is_told_as_a_place_in_line_and_passes(line: Hooked) -> None:
    """fal is busy (429, a long queue) and the job looks hung.

    What fal did not take waits in our own line with its place told; at fal, the place in fal's line is told.
    """
    line.faults("queue-full:1", "stuck")
    first = await line.sent()
    assert first.state is State.ADMITTED
    await line.here.announce.advance(first.id)
    assert "You're next" in line.here.example.last(first.id).text
    line.go_on(minutes=1)
    await line.here.submit.advance(first)
    assert (await line.here.job(first.id)).state is State.SUBMITTED
    line.here.setting.concurrency = 9
    line.here.restart()
    await line.sent(who="ben")
    await line.sent(who="cem")
    last = await line.sent(who="dan")
    line.go_on(seconds=5)
    await line.here.watched(last)
    await line.here.announce.advance(last.id)
    notice = line.here.example.last(last.id)
    assert "2nd in its line" in notice.text
    assert notice.tone is Tone.WAITING


async def test_f10_looks_and_edits_are_few(tmp_path: Path, fal: Fal) -> None:
    """Storms of polls and of edits.

    One scheduler looks as seldom as the endpoint's own history allows, and not at all while fal calls us; a status is
    edited when its words change, and never faster than the platform's pace.
    """
    reels, steps, pace_s = 3, 7, 2
    loop = asyncio.get_running_loop()
    edits: dict[str, list[float]] = {}

    @web.middleware
    async def noted(request: web.Request, handler: Any) -> Any:
        if request.method == "PATCH" and "/channels/" in request.path:
            edits.setdefault(request.path, []).append(loop.time())
        return await handler(request)

    pace = {**OPEN, "discord": {"edit_every_s": pace_s}}
    async with (
        emulated(clock.now, guard=noted) as discord,
        discord_scene(discord, tmp_path / "data", fal, overrides=pace) as server,
    ):
        for status in [await server.asked() for _ in range(reels)]:
            await server.says(status, "Here it is")
        assert len(await jobs(server.program)) == reels
    assert await fal.calls("status") <= 10 * reels
    assert sum(one.edits for one in server.channel.messages.values()) <= steps * reels
    gaps = [after - before for times in edits.values() for before, after in pairwise(times)]
    assert min(gaps) >= 0.9 * pace_s


async def test_f11_fifty_at_once_take_as_long_as_one_and_no_thread_each(discord: Discord, tmp_path: Path) -> None:
    """A thread for every job, and the pool runs dry.

    Waiting costs a coroutine: however many are at fal, threads stay as many as there were, and nobody waits for
    another's run.
    """
    plenty = {"person": PersonSection(), "group": BudgetSection(), "member": BudgetSection(), "bot": BudgetSection()}
    room = {**OPEN, "fal": {"concurrency": PLACES}, "quota": {"unknown": "welcome", **plenty}}
    async with (
        a_fal(concurrency=PLACES, speed=20) as fal,
        discord_scene(discord, tmp_path / "data", fal, overrides=room) as server,
    ):
        await fal.faults("stuck")
        before = threading.active_count()
        for number in range(PLACES):
            exchange = await server.ada.slash("video", prompt=f"boat {number}", resolution="360p")
            assert exchange.original is not None

        async def all_there() -> bool:
            return await fal.calls("submit") == PLACES

        await until(all_there)
        assert {job.state for job in await jobs(server.program)} <= {State.SUBMITTED, State.SUBMITTING}
        assert threading.active_count() <= before + 4


async def test_f16_a_call_that_comes_twice_counts_once(line: Hooked) -> None:
    """fal's webhook comes twice, forged, or unsigned.

    A call is proved (signature, time, account, address), answered at once, and is only a hint to look with our own
    key: twice told is once looked.
    """
    line.faults("webhook-doubled")
    job = await line.sent()
    await line.called(2)
    assert line.deliveries == [204, 204]
    job = await line.here.watched(job)
    assert [kind for _, kind, _ in await line.here.money(job)] == ["settle"] * len(await line.here.money(job))
    assert await line.call(job.id, ticket_of(job).request_id, account="somebody-else") == 403


async def test_f17_a_call_that_never_comes_costs_a_minute_and_no_reel(line: Hooked) -> None:
    """fal's webhook is lost.

    A net of seldom looks lies under the calls; when it catches something, calls are not relied on until one comes.
    """
    line.faults("webhook-lost")
    job = await line.sent()
    await line.ended()
    line.go_on(seconds=2)
    waited_s = 0.0
    while (wait_s := await line.here.watch.advance(await line.here.job(job.id))) is not None:
        line.go_on(seconds=wait_s)
        waited_s += wait_s
    assert (await line.here.job(job.id)).state is State.COMPLETED
    assert waited_s <= 300
    assert line.calls["status"] <= 2


async def test_f20_nobody_is_stuck_with_a_job_that_is_not_there(tmp_path: Path, pool: ThreadPoolExecutor) -> None:
    """ "You already have a job" for ever, after a crash.

    Whoever runs what is read from the jobs themselves; there is no flag that a crash could leave behind.
    """
    one_at_once = replace(FREE, everyone=Tier(name="everyone", limits=Limits(), counts=Counts(jobs_at_once=1)))
    async with hooked(tmp_path, pool, policy=one_at_once) as line:
        job = await line.here.admitted()
        with pytest.raises(AssertionError):
            await line.here.admitted()
        picked = await line.here.jobs.record(job, Event.PICKED, sent={"prompt": "a paper boat"})
        assert picked is not None
        line.here.restart()
        await line.here.submit.advance(picked)
        line.go_on(hours=25)
        assert (await line.here.watched(job)).reason is Reason.UNKNOWN
        again = await line.sent()
        await line.called()
        assert (await line.here.watched(again)).state is State.COMPLETED
