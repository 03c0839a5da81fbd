"""The gateway: shards, sessions that cannot be resumed, what comes twice, and what kills a client."""

import asyncio
from pathlib import Path

import pytest

from bot.store.database import open_database
from tests.chat.discord.harness import REEL_S, Scene, everywhere, fal, photo, playing, running
from tests.chat.discord.test_busy import Gated
from tests.chat.discord.test_faults import logged
from tests.emulators.discord.emulator import Discord
from tests.emulators.discord.interactions import State


async def test_two_shards_serve_their_servers_and_each_survives_the_other(discord: Discord, tmp_path: Path) -> None:
    discord.gateway.shards = 2
    even, odd = discord.guild("Even", shard=(0, 2)), discord.guild("Odd", shard=(1, 2))
    ada = discord.person("Ada", at=discord.text(even, "general"))
    ben = discord.person("Ben", at=discord.text(odd, "general"))
    async with playing(discord, tmp_path, overrides={"discord": {"shards": 0}}):
        await discord.until(lambda: discord.gateway.connected(2), REEL_S, "two shards")
        assert [one["shard"] for one in discord.gateway.identifies] == [[0, 2], [1, 2]]
        for line in discord.gateway.lines:
            if line.session is not None and line.session.shard == 1:
                line.abort()
        statuses = [(await each.slash("effect", effect="Kiss Me AI", image=photo())).original for each in (ada, ben)]
        assert None not in statuses
        await discord.until(lambda: all("Here it is" in one.content for one in statuses if one), REEL_S)
        assert (await ada.go().slash("help")).private
        assert len(everywhere(discord)) == 2
        assert sum(call == ("PUT", f"/applications/{discord.application.id}/commands") for call in asked(discord)) == 1


def asked(discord: Discord) -> list[tuple[str, str]]:
    return discord.rest.requests


async def test_a_session_that_cannot_be_resumed_is_begun_anew_and_the_job_goes_on(scene: Scene) -> None:
    status = await scene.asked()
    await scene.thread(status)
    scene.discord.gateway.invalidate(resumable=False)
    await scene.discord.until(lambda: len(scene.discord.gateway.identifies) == 2, REEL_S, "a fresh IDENTIFY")
    await scene.says(status, "Here it is")
    await scene.discord.connected()
    assert (await scene.ada.slash("help")).private
    assert scene.discord.gateway.resumes == 0
    assert len(everywhere(scene.discord)) == 1


async def test_what_was_asked_while_the_socket_was_cut_is_heard_when_it_is_resumed(scene: Scene) -> None:
    scene.discord.gateway.drop()
    asked = await scene.ada.slash("effect", effect="Kiss Me AI", image=photo())
    assert asked.state is State.ANSWERED
    assert scene.discord.gateway.resumes == 1
    assert asked.original is not None
    await scene.says(asked.original, "Here it is")


async def test_what_was_asked_while_it_was_cut_for_too_long_spends_nothing_unasked(scene: Scene) -> None:
    scene.discord.gateway.down = True
    scene.discord.gateway.drop()
    asked = scene.ada.slash("effect", effect="Kiss Me AI", image=photo())
    scene.discord.clock.advance(4)
    assert (await asked).state is State.FAILED
    scene.discord.gateway.down = False
    question = (await scene.discord.until(scene.ada.sees, REEL_S, "a question"))[0]
    assert "I was away" in question.content
    assert (await scene.ada.press(question, "No, leave it")).private
    assert await scene.program.kept.jobs.open_ids() == []


@pytest.mark.parametrize("times", [2, 5])
async def test_one_interaction_that_is_delivered_again_is_one_job(scene: Scene, times: int) -> None:
    sent = scene.ada.slash("effect", effect="Kiss Me AI", image=photo())
    for _ in range(times - 1):
        scene.discord.gateway.tell("INTERACTION_CREATE", sent.interaction.payload, scene.guild)
    status = (await sent).original
    assert status is not None
    assert not status.ephemeral
    await scene.says(status, "Here it is")
    scene.discord.gateway.tell("INTERACTION_CREATE", sent.interaction.payload, scene.guild)
    assert (await scene.ada.slash("help")).private
    assert await count(scene, "jobs") == 1
    assert scene.discord.judge.codes() == []  # nobody tried to answer it a second time
    assert len(everywhere(scene.discord)) == 1
    assert scene.ada.sees(scene.channel)[0] is status


async def count(scene: Scene, table: str) -> int:
    (row,) = await scene.program.kept.database.read(f"SELECT count(*) AS n FROM {table}")  # noqa: S608 - a name
    return int(row["n"])


async def test_a_double_click_on_again_is_one_job_and_the_second_is_told(scene: Scene) -> None:
    status = await scene.asked()
    await scene.says(status, "Here it is")
    (reel,) = everywhere(scene.discord)
    clicks = [scene.ada.press(reel, "Again") for _ in range(2)]
    answers = [await click for click in clicks]
    assert [answer.private for answer in answers].count(True) == 1
    assert any("on its way already" in answer.text for answer in answers)
    await scene.discord.until(lambda: len(everywhere(scene.discord)) == 2, REEL_S)
    assert await count(scene, "jobs") == 2


async def test_a_dispatch_nobody_can_read_costs_one_life_of_the_client_and_nothing_else(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    status = await scene.asked()
    scene.discord.gateway.tell("INTERACTION_CREATE", {"id": "1", "type": 2}, scene.guild)
    await logged(caplog, "Discord has died and comes back in a moment")
    assert scene.program.login_url()
    await scene.discord.until(lambda: len(scene.discord.gateway.identifies) == 2, REEL_S, "another life")
    await scene.says(status, "Here it is")
    await scene.discord.connected()
    assert (await scene.ada.slash("help")).private
    assert len(everywhere(scene.discord)) == 1


async def test_who_is_inside_when_it_is_stopped_is_served_and_who_comes_later_is_told(
    discord: Discord, tmp_path: Path
) -> None:
    channel = discord.text(discord.guild("Reel lovers"), "general")
    ada, ben = discord.person("Ada", at=channel), discord.person("Ben", at=channel)
    stores: list[Gated] = []

    async def slow(path: Path) -> Gated:
        stores.append(Gated(await open_database(path)))
        return stores[0]

    async with fal() as url:
        async with running(discord, tmp_path, url, open_store=slow) as program:
            await discord.connected()
            stores[0].gate.clear()
            asked = ada.slash("effect", effect="Kiss Me AI", image=photo())
            await stores[0].knocked.wait()

            async def later() -> str:
                await program.stopping.wait()
                told = ""
                while "just restarting" not in told:  # until the door is closed, which comes after the Room's
                    told = (await ben.slash("help")).text
                stores[0].gate.set()
                return told

            late = asyncio.create_task(later())
        assert "just restarting" in await late
        assert asked.state is State.ANSWERED
        async with running(discord, tmp_path, url):
            await discord.until(lambda: everywhere(discord), REEL_S)
    assert len(everywhere(discord)) == 1
