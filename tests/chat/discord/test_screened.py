"""Pictures judged on Discord: refused in one sentence, shown to moderators in doubt, and reels that are withheld."""

import io
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PIL import Image

from bot.domain.moderation import Faces
from bot.domain.screening import Scrutiny
from bot.store.audit import audit
from tests.chat.discord.harness import REEL_S, Scene, everywhere, playing
from tests.chat.discord.test_moderated import moderator, rule
from tests.emulators.discord.emulator import Discord
from tests.emulators.discord.people import Person
from tests.emulators.discord.things import Channel, Message

JUDGED = {"moderation": {"faces": Faces.OFF, "screening": Scrutiny.PICTURES}}


@pytest.fixture
async def scene(discord: Discord, tmp_path: Path) -> AsyncIterator[Scene]:
    guild = discord.guild("Reel lovers")
    channel = discord.text(guild, "general")
    ada = discord.person("Ada", at=channel)
    async with playing(discord, tmp_path, overrides=JUDGED) as program:
        yield Scene(discord=discord, guild=guild, channel=channel, ada=ada, program=program)
        assert (await audit(program.kept.database)).findings == ()


def painted(share: float) -> bytes:
    """A picture of which so much is of the colour that the sandbox refuses."""
    image = Image.new("RGB", (640, 480), "teal")
    image.paste((255, 0, 255), (0, 0, round(640 * share), 480))
    data = io.BytesIO()
    image.save(data, "JPEG")
    return data.getvalue()


async def asked(scene: Scene, share: float) -> Message:
    exchange = await scene.ada.slash("effect", effect="Kiss Me AI", image=painted(share))
    assert exchange.original is not None
    return exchange.original


async def moderators(scene: Scene) -> tuple[Channel, Person]:
    place = scene.discord.text(scene.guild, "moderators")
    await rule(scene, "moderators_place", str(place.id))
    return place, moderator(scene, "Mo", place)


async def card(scene: Scene, place: Channel) -> Message:
    return (await scene.discord.until(lambda: list(place.messages.values()), REEL_S, "a card"))[0]


async def test_a_picture_that_is_refused_is_told_in_one_sentence_and_costs_nothing(scene: Scene) -> None:
    status = await asked(scene, 1.0)
    await scene.says(status, "I can't use this picture: it looks too revealing for a reel here.")
    assert "Nothing was charged." in status.content
    assert everywhere(scene.discord) == []
    rows = await scene.program.kept.database.read(
        "SELECT account, kind FROM ledger WHERE kind = 'settle' ORDER BY account"
    )
    assert [(row["account"], row["kind"]) for row in rows] == [("bot", "settle"), ("screening", "settle")]


async def test_a_picture_in_doubt_waits_for_a_moderator_who_sees_why(scene: Scene) -> None:
    place, mo = await moderators(scene)
    status = await asked(scene, 0.6)
    shown = await card(scene, place)
    assert "% likely not safe for work." in shown.content
    await mo.press(shown, "Approve")
    await scene.reel(await scene.thread(status))


async def test_a_reel_that_is_judged_against_stands_nowhere_until_a_moderator_posts_it(scene: Scene) -> None:
    place, mo = await moderators(scene)
    await rule(scene, "screening", "all")
    exchange = await scene.ada.slash("video", prompt="sandbox:marked boat")
    assert exchange.original is not None
    await scene.says(exchange.original, "withheld until a moderator has looked at it")
    shown = await card(scene, place)
    assert "The reel is made, and withheld" in shown.content
    assert "Only a moderator" in (await scene.ada.press(shown, "Post it after all")).text
    assert everywhere(scene.discord) == []
    await mo.press(shown, "Post it after all")
    await scene.reel(await scene.thread(exchange.original))
