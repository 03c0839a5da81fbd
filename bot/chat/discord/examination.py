"""`check --live`: whether the token works, and what is missing in which server, without connecting to the gateway."""

from dataclasses import dataclass

import aiohttp
import discord

from bot.chat.discord import addresses
from bot.chat.discord.permissions import invitation, missing
from bot.chat.discord.refusals import translated
from bot.domain.errors import ChatUnavailable, PlatformOff

SERVERS = 100
"""Looked into; a bot in more has somebody who looks after it."""

CHANNELS = 5
"""Named one by one in each server."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What Discord says: the invitation, and everything that is missing, a line each."""

    name: str
    invitation: str
    servers: int
    missing: tuple[str, ...]


async def examine(token: str, *, api_url: str, gateway_url: str, cdn_url: str) -> Found:
    """Ask Discord. Raises PlatformOff when it refuses the token, ChatUnavailable when it does not answer."""
    addresses.aim(api_url=api_url, gateway_url=gateway_url, cdn_url=cdn_url)
    async with discord.Client(intents=discord.Intents.none()) as client:
        try:
            await client.login(token)
        except discord.LoginFailure as error:
            raise PlatformOff("Discord refuses it; get a new one in the developer portal") from error
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            raise ChatUnavailable(f"Discord does not answer at {api_url} ({type(error).__name__})") from error
        with translated():
            application = await client.application_info()
            servers = [one async for one in client.fetch_guilds(limit=SERVERS)]
            lines = [line for one in servers for line in await _lacking(client, one.id)]
    return Found(
        name=application.name,
        invitation=invitation(application.id),
        servers=len(servers),
        missing=tuple(lines),
    )


async def _lacking(client: discord.Client, server: int) -> list[str]:
    """What is missing in a server: everywhere, and beyond that in single channels."""
    if client.user is None:
        return []
    guild = await client.fetch_guild(server, with_counts=False)
    me = await guild.fetch_member(client.user.id)
    everywhere = missing(me.guild_permissions)
    lines = [f"{guild.name}: {', '.join(everywhere)}"] if everywhere else []
    named = 0
    for channel in await guild.fetch_channels():
        if not isinstance(channel, discord.TextChannel | discord.ForumChannel):
            continue
        here = [one for one in missing(channel.permissions_for(me)) if one not in everywhere]
        if here and named < CHANNELS:
            named += 1
            lines.append(f"{guild.name}, #{channel.name}: {', '.join(here)}")
    return lines
