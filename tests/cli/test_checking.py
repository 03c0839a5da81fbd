"""`check --live` says what stands between fal and us."""

import asyncio

from bot.app.local_fal import local_fal
from bot.sandbox.settings import SandboxSettings
from bot.settings.endpoints import load_catalogue
from tests.cli.test_main import reelroom
from tests.source import ROOT

HTTPS = "https://reelroom.example.org"


async def checked(**variables: str) -> str:
    """What it says beside a fal that is well."""
    async with local_fal(load_catalogue(ROOT / "config" / "endpoints"), SandboxSettings()) as url:
        urls = {f"REELROOM_FAL__{name}_URL": url for name in ("QUEUE", "REST", "CDN", "API", "SITE")}
        told = await asyncio.to_thread(reelroom, "check", "--live", FAL_KEY="any:thing", **urls, **variables)
    assert told.returncode == 0, told.stderr
    return told.stdout


async def test_it_says_that_webhooks_are_off() -> None:
    assert "webhooks are off" in await checked()


async def test_it_says_whose_webhooks_are_taken() -> None:
    anybodys = await checked(REELROOM_WEBHOOK__PUBLIC_URL=HTTPS)
    assert "fal.user_id is not set" in anybodys
    ours = await checked(REELROOM_WEBHOOK__PUBLIC_URL=HTTPS, REELROOM_FAL__USER_ID="us")
    assert "fal.user_id" not in ours
    assert "webhook" not in ours


def test_an_address_that_fal_may_not_call_is_noted_without_asking_anybody() -> None:
    assert "no https address" in reelroom("check", REELROOM_WEBHOOK__PUBLIC_URL="http://10.0.0.1:8420").stdout
    assert reelroom("check", REELROOM_WEBHOOK__PUBLIC_URL="reelroom.example.org").returncode == 2
