"""While only the gateway is away nobody can ask, and everything that was asked for goes on."""

from pathlib import Path
from typing import Any

from tests.chat.discord.harness import REEL_S, Scene, everywhere, fal, photo, reels, running
from tests.emulators.discord.emulator import Discord
from tests.emulators.discord.faults import Slow

HASTY: dict[str, Any] = {"pipeline": {"shutdown_s": 0.1}}


async def test_a_reel_under_way_is_posted_and_the_status_says_so(scene: Scene) -> None:
    status = await scene.asked()
    thread = await scene.thread(status)
    scene.discord.gateway.down = True
    scene.discord.gateway.drop()
    assert (await scene.reel(thread)).channel is thread
    await scene.says(status, "Here it is")
    assert scene.program.login_url()


async def test_after_a_restart_the_thread_is_opened_and_the_reel_stands_in_it(discord: Discord, tmp_path: Path) -> None:
    guild = discord.guild("Reel lovers", tier=2)
    ada = discord.person("Ada", at=discord.text(guild, "general"))
    async with fal() as url:
        async with running(discord, tmp_path, url, overrides=HASTY):
            await discord.connected()
            discord.faults.add("GET", "/cdn/ephemeral-attachments/**", slow := Slow())
            status = (await ada.slash("effect", effect="Kiss Me AI", image=photo())).original
            assert status is not None
            await discord.until(lambda: slow.holding, what="a file on its way")
        slow.release()
        discord.gateway.down = True
        async with running(discord, tmp_path, url):
            thread = await discord.until(lambda: status.thread, REEL_S, "a thread")
            await discord.until(lambda: reels(thread), REEL_S, "a reel")
            await discord.until(lambda: "Here it is" in status.content, REEL_S)
    assert len(everywhere(discord)) == 1
    assert ("GET", f"/guilds/{guild.id}") in discord.rest.requests  # what it takes was asked for, not guessed
