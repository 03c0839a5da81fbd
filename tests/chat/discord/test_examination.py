"""`check --live` says whether the token works, and what is missing where."""

import pytest

from bot.chat.discord.examination import Found, examine
from bot.domain.errors import ChatUnavailable, PlatformOff
from tests.emulators.discord.emulator import Discord
from tests.emulators.discord.permissions import Permission


async def examined(discord: Discord, token: str = "") -> Found:
    return await examine(
        token or discord.token, api_url=discord.api_url, gateway_url=discord.gateway_url, cdn_url=discord.cdn_url
    )


async def test_a_server_where_all_is_allowed_lacks_nothing(discord: Discord) -> None:
    discord.text(discord.guild("Reel lovers"), "general")
    found = await examined(discord)
    assert (found.name, found.servers, found.missing) == ("Reelroom", 1, ())
    assert str(discord.application.id) in found.invitation


async def test_what_a_channel_lacks_is_named(discord: Discord) -> None:
    channel = discord.text(discord.guild("Reel lovers"), "general")
    discord.deny(channel, Permission.ATTACH_FILES)
    assert (await examined(discord)).missing == ("Reel lovers, #general: Attach Files",)


async def test_a_token_that_is_none_is_told_from_a_discord_that_is_away(discord: Discord) -> None:
    with pytest.raises(PlatformOff):
        await examined(discord, "bm8.such.token")
    with pytest.raises(ChatUnavailable):
        await examine(
            "x.y.z", api_url="http://127.0.0.1:1/api/v10", gateway_url="ws://127.0.0.1:1/", cdn_url="http://x"
        )
