"""A group's budget with its members' shares, and the whole bot's, met on Telegram with an exact sentence."""

from pathlib import Path

from bot.domain.budget import Budget
from bot.domain.ledger import Limits
from tests.chat.discord.harness import OPEN
from tests.chat.moneys import budget, is_proved, pause
from tests.chat.telegram.harness import REEL_S, Scene, playing
from tests.emulators.telegram.emulator import Telegram
from tests.emulators.telegram.people import Person

BOAT = "/video@reelroom_bot a paper boat --model pixverse-4.5 --resolution 360p"


async def refused(scene: Scene, person: Person, words: str) -> None:
    """Somebody asks, and is told these words and nothing else."""
    status = await scene.status(person.type(BOAT))
    await scene.telegram.until(lambda: status.text == words, REEL_S, words)


async def made(scene: Scene, person: Person) -> None:
    """Somebody asks, and has their reel, which may come before a word about it does."""
    request = person.type(BOAT)

    def said() -> bool:
        return any("Here it is" in (one.text or "") for one in scene.telegram.replies(request))

    await scene.telegram.until(said, REEL_S, "a word that the reel is there")


async def test_a_members_share_and_the_groups_budget_end_with_an_exact_sentence(scene: Scene) -> None:
    limits = Budget(member=Limits(day=200_000), group=Limits(day=400_000))
    await budget(scene.program, "telegram", scene.group.id, limits)
    ben, cleo = (scene.telegram.person(name, at=scene.group) for name in ("Ben", "Cleo"))
    await made(scene, scene.ada)
    await refused(
        scene,
        scene.ada,
        "This takes $0.15, and $0.05 of your share of this group's daily budget is left. "
        "It refills tomorrow at 00:00 (UTC).",
    )
    await made(scene, ben)
    await refused(
        scene,
        cleo,
        "This takes $0.15, and $0.10 of this group's daily budget is left. It refills tomorrow at 00:00 (UTC).",
    )
    assert await is_proved(scene.program)


async def test_nothing_is_admitted_while_the_whole_bot_is_paused_and_it_goes_on_when_it_is_resumed(
    scene: Scene,
) -> None:
    await pause(scene.program, "holidays")
    await refused(scene, scene.ada, "I make no reels for now; the owner has paused me. Nothing was charged.")
    await pause(scene.program, "")
    await made(scene, scene.ada)
    assert await is_proved(scene.program)


async def test_it_pauses_by_itself_tells_the_owner_and_goes_on_by_their_button(
    telegram: Telegram, tmp_path: Path
) -> None:
    group = telegram.group("Reel lovers")
    ada, olive = telegram.person("Ada", at=group), telegram.person("Olive", started=True)
    overrides = {
        **OPEN,
        "quota": {"unknown": "welcome", "pause_at": 1, "alert_at": ()},
        "telegram": {"owners": (str(olive.user.id),)},
    }
    async with playing(telegram, tmp_path, overrides=overrides) as program:
        scene = Scene(telegram=telegram, group=group, ada=ada, program=program)
        await scene.status(ada.type(BOAT.replace("360p", "1080p")))
        (told, *_) = await telegram.until(olive.sees, REEL_S, "the owner told")
        assert "of everybody's daily budget of $20.00 is spent or set aside." in (told.text or "")
        await refused(
            scene,
            ada,
            "So much of the bot's daily budget is spent that I've paused. It refills tomorrow at 00:00 (UTC), or the "
            "owner lets me go on.",
        )
        await olive.press(told, "Go on")
        await scene.says(told, "It goes on.")
        await made(scene, ada)
        assert await is_proved(program)
