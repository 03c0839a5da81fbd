"""discord.py, unmodified, through everything a bot does in a server."""

from typing import Any

import discord as library
from discord import app_commands

from tests.emulators.clients import PNG, Bot, logged_in, picture
from tests.emulators.discord.emulator import emulated
from tests.emulators.discord.interactions import State


def a_bot(**options: Any) -> Bot:
    bot = Bot(**options)

    @bot.tree.command(description="Makes a picture move")
    @app_commands.describe(image="the picture", effect="which effect")
    async def effect(interaction: library.Interaction, image: library.Attachment, effect: str) -> None:
        await interaction.response.defer()
        data = await image.read()
        shown = await interaction.edit_original_response(content=f"{effect}: {len(data)} bytes")
        message = await bot.get_partial_messageable(shown.channel.id, guild_id=interaction.guild_id).fetch_message(
            shown.id
        )
        thread = await message.create_thread(name=effect)
        await thread.send("here it is", file=picture("reel.png"), nonce="job-1")
        await interaction.followup.send("and this", file=picture(), ephemeral=True)

    return bot


async def test_a_command_with_a_picture_is_answered_edited_followed_up_and_gets_a_thread() -> None:
    async with emulated() as discord:
        channel = discord.text(discord.guild("Reel lovers"), "general")
        ada = discord.person("Ada", at=channel)
        async with logged_in(discord, a_bot()):
            seen = await ada.slash("effect", image=PNG, effect="Kiss Me AI")
            assert seen.state in {State.THINKING, State.ANSWERED}
            follow_up = await seen.until(lambda one: one.follow_ups)
        assert seen.original is not None
        assert seen.original.content == f"Kiss Me AI: {len(PNG)} bytes"
        assert not seen.original.ephemeral
        thread = seen.original.thread
        assert thread is not None
        (reel,) = ada.sees(thread)
        assert (reel.attachments[0].filename, reel.attachments[0].data) == ("reel.png", PNG)
        assert follow_up[0].ephemeral
