"""Pictures judged by a classifier, through the whole program: who painted too much magenta gets no reel."""

import asyncio
from pathlib import Path

import httpx
from PIL import Image

from bot.app import clock
from bot.app.local_fal import at_sandbox, local_fal, quickened
from bot.app.parts import Plan
from bot.app.program import started
from bot.chat.terminal.client import Terminal
from bot.domain.errors import NoReel
from bot.domain.screening import Scrutiny
from bot.sandbox.settings import SandboxSettings
from bot.settings.bot import WebSection
from bot.settings.endpoints import load_catalogue
from bot.settings.environment import Settings
from bot.settings.moderation import ModerationSection
from bot.store.audit import audit
from tests.rendering import shared
from tests.source import ROOT

SPEED = 60.0
JUDGE = "fal-ai/imageutils/nsfw"
WORDS = "/effect Kiss Me AI --resolution 360p"


def painted(path: Path, colour: str) -> Path:
    Image.new("RGB", (640, 480), colour).save(path, "JPEG")
    return path


async def test_a_picture_is_judged_before_anything_is_made_of_it(tmp_path: Path) -> None:
    catalogue = load_catalogue(ROOT / "config" / "endpoints")
    moderation = ModerationSection(screening=Scrutiny.ALL)
    async with local_fal(catalogue, SandboxSettings(speed=SPEED), pool=shared()) as url:
        settings = at_sandbox(Settings(web=WebSection(port=0), moderation=moderation), url)
        plan = Plan(settings=settings, catalogue=quickened(catalogue, SPEED), data=tmp_path / "data")
        async with (
            started(plan) as program,
            httpx.AsyncClient(base_url=url, trust_env=False) as http,
            Terminal(program.door, new_id=clock.new_id, sleep=clock.sleep) as terminal,
        ):

            async def ask(colour: str) -> None:
                target = tmp_path / f"{colour}.mp4"
                await terminal.render(WORDS, [painted(tmp_path / f"{colour}.jpg", colour)], target, on_progress=print)

            async def words(prompt: str) -> None:
                text = f"/video {prompt} --model pixverse-4.5 --resolution 360p"
                await terminal.render(text, [], tmp_path / "words.mp4", on_progress=print)

            fine, wrong, withheld = await asyncio.gather(
                ask("teal"), ask("magenta"), words("sandbox:marked boat"), return_exceptions=True
            )
            assert fine is None
            assert isinstance(wrong, NoReel)
            assert "I can't use this picture" in str(wrong)
            assert isinstance(withheld, NoReel)
            assert str(withheld) == "This reel is withheld until a moderator has looked at it."
            requests = (await http.get("/sandbox/requests")).json()["requests"]
            assert sorted(one["endpoint_id"] == JUDGE for one in requests) == [False, False, True, True, True, True]
            money = await program.kept.database.read(
                "SELECT spent, held FROM balances WHERE account = 'screening' AND period LIKE 'day:%'"
            )
            assert [(row["spent"], row["held"]) for row in money] == [(4_000, 0)]
            assert (await audit(program.kept.database)).findings == ()
