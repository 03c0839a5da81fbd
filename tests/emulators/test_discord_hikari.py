"""hikari, which shares no line with discord.py, through a slash command with an upload: a second opinion."""

from typing import Any

import hikari
import pytest
from hikari import impl

from tests.emulators.clients import PNG
from tests.emulators.discord.emulator import Discord, emulated
from tests.emulators.discord.interactions import State


def a_bot(discord: Discord) -> impl.GatewayBot:
    bot = impl.GatewayBot(
        discord.token,
        banner=None,
        intents=hikari.Intents.GUILDS,
        rest_url=discord.api_url,
        logs=None,
        suppress_optimization_warning=True,
    )

    async def asked(event: hikari.InteractionCreateEvent) -> None:
        interaction = event.interaction
        assert isinstance(interaction, hikari.CommandInteraction)
        assert interaction.resolved is not None
        (picture,) = interaction.resolved.attachments.values()
        await interaction.create_initial_response(hikari.ResponseType.DEFERRED_MESSAGE_CREATE)
        data = await picture.read()
        message = await interaction.edit_initial_response(f"{picture.filename}, {len(data)} bytes")
        thread = await bot.rest.create_message_thread(message.channel_id, message.id, "the reel")
        reel = hikari.Bytes(PNG, "reel.png")
        await bot.rest.create_message(
            thread, f"{interaction.user.mention} here it is", attachment=reel, user_mentions=[interaction.user]
        )

    bot.subscribe(hikari.InteractionCreateEvent, asked)
    return bot


async def register(bot: impl.GatewayBot, discord: Discord) -> None:
    command = bot.rest.slash_command_builder("effect", "Makes a picture move")
    option: dict[str, Any] = {"type": hikari.OptionType.ATTACHMENT, "name": "image", "description": "the picture"}
    command.add_option(hikari.CommandOption(**option, is_required=True))
    await bot.rest.set_application_commands(discord.application.id, [command])


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
async def test_hikari_registers_is_asked_answers_and_posts_in_a_thread() -> None:
    async with emulated() as discord:
        ada = discord.person("Ada", at=discord.text(discord.guild("Reel lovers"), "general"))
        bot = a_bot(discord)
        await bot.start(check_for_updates=False)
        try:
            await discord.connected()
            await register(bot, discord)
            seen = await (await ada.slash("effect", image=PNG)).settled()
            reel = await discord.until(lambda: ada.pings)
        finally:
            await bot.close()
    assert seen.state is State.ANSWERED
    assert seen.text == f"image.png, {len(PNG)} bytes"
    assert reel[0].attachments[0].data == PNG
    assert seen.original is not None
    assert reel[0].channel is seen.original.thread
    assert discord.gateway.packed == ["zlib-stream"]
