"""Who did something on Discord, and where: the plain fields of an interaction."""

from collections.abc import Container
from typing import Any

import discord

from bot.chat.discord.place import DISCORD, Spot
from bot.domain.ask import Account, Surroundings

Interaction = discord.Interaction[Any]


def account_of(interaction: Interaction, owners: Container[int]) -> Account:
    """The person, with the names and ids of their roles here."""
    user, may = interaction.user, interaction.permissions
    roles = user.roles if isinstance(user, discord.Member) else []
    return Account(
        platform=DISCORD,
        id=str(user.id),
        name=user.display_name,
        roles=tuple(part for role in roles for part in (str(role.id), role.name)),
        is_owner=user.id in owners,
        is_moderator=may.manage_messages or may.manage_guild or may.administrator,
    )


def spot_of_interaction(interaction: Interaction, title: str) -> Spot:
    """The place, with all that is needed to answer there later."""
    return Spot(
        channel=interaction.channel_id or 0,
        author=interaction.user.id,
        guild=interaction.guild_id or 0,
        interaction=interaction.id,
        application=interaction.application_id,
        token=interaction.token,
        in_thread=not isinstance(interaction.channel, discord.TextChannel),
        by_bot=_is_member(interaction),
        limit_bytes=interaction.filesize_limit,
        title=title,
    )


def group_of(interaction: Interaction) -> str:
    """The server, "" in private."""
    return str(interaction.guild_id) if interaction.guild_id else ""


def group_name_of(interaction: Interaction) -> str:
    """What the server is called, "" where the bot is no member and so is not told."""
    guild = interaction.client.get_guild(interaction.guild_id) if interaction.guild_id else None
    return guild.name if guild else ""


def surroundings_of(interaction: Interaction) -> Surroundings:
    """The thread, its channel and its category, and whether the channel is age-restricted."""
    channel = interaction.channel
    outer = channel.parent if isinstance(channel, discord.Thread) else channel
    ids = [interaction.channel_id, getattr(channel, "parent_id", None), getattr(outer, "category_id", None)]
    restricted = outer.is_nsfw() if isinstance(outer, discord.abc.GuildChannel | discord.ForumChannel) else None
    return Surroundings(places=tuple(str(one) for one in ids if one), age_restricted=restricted)


def _is_member(interaction: Interaction) -> bool:
    """Whether the bot itself can write there, and not only the interaction's token."""
    if interaction.guild_id is None:
        return not interaction.context.private_channel
    return interaction.is_guild_integration() or interaction.client.get_guild(interaction.guild_id) is not None
