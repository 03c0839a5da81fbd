"""A group's budget with its members' shares, and the whole bot's, met on Discord with an exact sentence."""

from pathlib import Path

from bot.domain.budget import Budget
from bot.domain.ledger import Limits
from tests.chat.discord.harness import OPEN, REEL_S, Scene, photo, playing
from tests.chat.moneys import budget, is_proved, pause
from tests.emulators.discord.emulator import Discord
from tests.emulators.discord.people import Person


async def refused(scene: Scene, person: Person, words: str) -> None:
    """Somebody asks, and is told these words and nothing else."""
    exchange = await person.slash("effect", effect="Kiss Me AI", image=photo())
    await exchange.until(lambda one: one.text == words, REEL_S)


async def test_a_members_share_and_the_groups_budget_end_with_an_exact_sentence(scene: Scene) -> None:
    limits = Budget(member=Limits(day=300_000), group=Limits(day=500_000))
    await budget(scene.program, "discord", scene.guild.id, limits)
    ben, cleo = (scene.discord.person(name, at=scene.channel) for name in ("Ben", "Cleo"))
    await scene.says(await scene.asked(), "Here it is")
    await refused(
        scene,
        scene.ada,
        "This takes $0.20, and $0.10 of your share of this group's daily budget is left. "
        "It refills tomorrow at 00:00 (UTC).",
    )
    exchange = await ben.slash("effect", effect="Kiss Me AI", image=photo())
    assert exchange.original is not None
    await refused(
        scene,
        cleo,
        "This takes $0.20, and $0.10 of this group's daily budget is left. It refills tomorrow at 00:00 (UTC).",
    )
    assert "$0.10 left of your share of this group's $0.30 per day" in (await scene.ada.slash("quota")).text
    await scene.says(exchange.original, "Here it is")
    assert await is_proved(scene.program)


async def test_nothing_is_admitted_while_the_whole_bot_is_paused_and_it_goes_on_when_it_is_resumed(
    scene: Scene,
) -> None:
    await pause(scene.program, "holidays")
    await refused(scene, scene.ada, "I make no reels for now; the owner has paused me. Nothing was charged.")
    await pause(scene.program, "")
    await scene.says(await scene.asked(), "Here it is")
    assert await is_proved(scene.program)


async def test_it_pauses_by_itself_tells_the_owner_and_goes_on_by_their_button(
    discord: Discord, tmp_path: Path
) -> None:
    guild = discord.guild("Reel lovers")
    channel = discord.text(guild, "general")
    ada, owner = discord.person("Ada", at=channel), discord.hand(discord.application.owner)
    overrides = {**OPEN, "quota": {"unknown": "welcome", "pause_at": 1}}
    async with playing(discord, tmp_path, overrides=overrides) as program:
        scene = Scene(discord=discord, guild=guild, channel=channel, ada=ada, program=program)
        await scene.asked()
        (told,) = await discord.until(owner.sees, REEL_S, "the owner told")
        assert "$0.20 of everybody's daily budget of $20.00 is spent or set aside." in told.content
        assert "unless you let me go on" in told.content
        await refused(
            scene,
            ada,
            "So much of the bot's daily budget is spent that I've paused. It refills tomorrow at 00:00 (UTC), or the "
            "owner lets me go on.",
        )
        await owner.press(told, "Go on")
        await scene.says(told, "It goes on.")
        await scene.says(await scene.asked(), "Here it is")
        assert await is_proved(program)
