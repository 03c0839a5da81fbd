"""discord.py, unmodified, through everything a bot does, on every surface there is."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Self

import discord as library
import pytest
from discord import app_commands, ui
from typing_extensions import override

from tests.emulators.clients import PNG, Bot, logged_in, picture
from tests.emulators.discord.asking import NotOffered
from tests.emulators.discord.emulator import Discord, emulated
from tests.emulators.discord.interactions import State
from tests.emulators.discord.people import Person
from tests.emulators.discord.posting import Upload
from tests.emulators.discord.things import Channel, Guild

EFFECTS = ["Kiss Me AI", "Muscle Surge", "Who's Arrested?", "Anything, Robot"]


class Cancel(ui.DynamicItem[ui.Button[Any]], template=r"job:(?P<job>\d+):cancel"):
    """A button that works after a restart."""

    def __init__(self, job: int) -> None:
        super().__init__(ui.Button(label="Cancel", custom_id=f"job:{job}:cancel"))
        self.job = job

    @classmethod
    @override
    async def from_custom_id(cls, interaction: library.Interaction, item: ui.Item[Any], match: Any, /) -> Self:
        return cls(int(match["job"]))

    @override
    async def callback(self, interaction: library.Interaction) -> None:
        await interaction.response.edit_message(content=f"job {self.job} cancelled", view=None)


class Change(ui.Modal, title="Change and run again"):
    """A form, prefilled."""

    prompt: ui.Label[Any] = ui.Label(text="Prompt", component=ui.TextInput(default="a horse", max_length=100))
    image: ui.Label[Any] = ui.Label(text="Image", component=ui.FileUpload(required=False))

    @override
    async def on_submit(self, interaction: library.Interaction) -> None:
        assert isinstance(self.prompt.component, ui.TextInput)
        assert isinstance(self.image.component, ui.FileUpload)
        names = [each.filename for each in self.image.component.values]
        await interaction.response.send_message(f"{self.prompt.component.value} {names}", ephemeral=True)


def film() -> ui.LayoutView:
    """A reel, shown."""
    view = ui.LayoutView()
    view.add_item(ui.TextDisplay("here it is"))
    view.add_item(ui.MediaGallery(library.MediaGalleryItem("attachment://reel.png", description="a horse")))
    return view


@app_commands.command(description="Makes a picture move")
@app_commands.describe(image="the picture", effect="which effect")
@app_commands.allowed_installs(guilds=True, users=True)
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
async def effect(interaction: library.Interaction, image: library.Attachment, effect: str) -> None:
    await interaction.response.defer()
    data = await image.read()
    view = ui.View(timeout=None)
    view.add_item(Cancel(7))
    shown = await interaction.edit_original_response(content=f"{effect}: {len(data)} bytes", view=view)
    if not interaction.is_guild_integration() or interaction.guild_id is None or interaction.channel is None:
        return
    place: Any = interaction.client.get_partial_messageable(interaction.channel.id, guild_id=interaction.guild_id)
    if not isinstance(interaction.channel, library.Thread):
        message = await place.fetch_message(shown.id)
        place = await message.create_thread(name=effect)
    await place.send(view=film(), file=picture("reel.png"), nonce="job-7")
    await interaction.followup.send("for you alone", ephemeral=True)


@effect.autocomplete("effect")
async def effects(interaction: library.Interaction, typed: str) -> list[app_commands.Choice[str]]:
    return [app_commands.Choice(name=each, value=each) for each in EFFECTS if typed.lower() in each.lower()]


@app_commands.command(description="Opens a form")
async def change(interaction: library.Interaction) -> None:
    await interaction.response.send_modal(Change())


@app_commands.context_menu(name="Animate this")
async def animate(interaction: library.Interaction, message: library.Message) -> None:
    data = await message.attachments[0].read()
    await interaction.response.send_message(f"{message.content}: {len(data)} bytes", ephemeral=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A server with a channel, Ada in it, and the bot connected."""

    discord: Discord
    bot: Bot
    guild: Guild
    channel: Channel
    ada: Person


@asynccontextmanager
async def scene() -> AsyncIterator[Scene]:
    async with emulated() as discord:
        guild = discord.guild("Reel lovers")
        channel = discord.text(guild, "general")
        bot = Bot()
        bot.add_dynamic_items(Cancel)
        bot.tree.add_command(effect)
        bot.tree.add_command(change)
        bot.tree.add_command(animate)
        async with logged_in(discord, bot):
            yield Scene(discord=discord, bot=bot, guild=guild, channel=channel, ada=discord.person("Ada", at=channel))


async def test_a_picture_and_an_effect_become_an_answer_a_thread_and_a_reel_in_it() -> None:
    async with scene() as one:
        seen = await one.ada.slash("effect", image=PNG, effect="Kiss Me AI")
        assert seen.state in {State.THINKING, State.ANSWERED}
        (private,) = await seen.until(lambda each: each.follow_ups)
        assert seen.original is not None
        assert (seen.original.content, seen.private) == (f"Kiss Me AI: {len(PNG)} bytes", False)
        assert private.ephemeral
        assert seen.original.thread is not None
        (reel,) = one.ada.sees(seen.original.thread)
        assert (reel.attachments[0].filename, reel.attachments[0].data) == ("reel.png", PNG)
        assert reel.text == "here it is"
        assert one.discord.gateway.packed == ["zstd-stream"]


async def test_suggestions_follow_what_is_typed() -> None:
    async with scene() as one:
        typing = await one.ada.autocomplete("effect", "effect", "robot")
        assert [each["value"] for each in typing.choices] == ["Anything, Robot"]


async def test_a_button_is_pressed_and_its_message_changes() -> None:
    async with scene() as one:
        seen = await one.ada.slash("effect", image=PNG, effect="Muscle Surge")
        message = await seen.until(lambda each: each.original if each.original and each.original.buttons else None)
        await one.ada.press(message, "Cancel")
        assert message.content == "job 7 cancelled"
        with pytest.raises(NotOffered):
            await one.ada.press(message, "Cancel")


async def test_a_form_is_filled_in_with_a_file() -> None:
    async with scene() as one:
        opened = await one.ada.slash("change")
        done = await one.ada.submit_modal(opened, {"Image": Upload(filename="me.jpg", data=b"jpeg")})
        assert (done.text, done.private) == ("a horse ['me.jpg']", True)
        again = await one.ada.slash("change")
        assert (await one.ada.submit_modal(again, {"Prompt": "two horses"})).text == "two horses []"
        with pytest.raises(NotOffered, match="characters"):
            await one.ada.submit_modal(again, {"Prompt": "x" * 101})


async def test_a_menu_on_somebodys_message_reads_its_picture_without_any_intent() -> None:
    async with scene() as one:
        ben = one.discord.person("Ben", at=one.channel)
        message = ben.type("my horse", files=[Upload(filename="horse.png", data=PNG)])
        seen = await one.ada.context_menu("Animate this", message)
        assert (seen.text, seen.private) == (f"my horse: {len(PNG)} bytes", True)
        assert one.ada.sees() != ben.sees()


async def test_in_a_forums_post_everything_happens_in_the_post() -> None:
    async with scene() as one:
        post = one.ada.post(one.discord.forum(one.guild, "ideas"), "a horse", "who animates it?")
        seen = await one.ada.slash("effect", image=PNG, effect="Muscle Surge")
        await seen.until(lambda each: each.follow_ups)
        assert [each.type for each in one.ada.sees(post)] == [0, 20, 0, 0]


async def test_in_a_direct_message_the_answer_stays_there() -> None:
    async with scene() as one:
        seen = await (await one.ada.go().slash("effect", image=PNG, effect="Kiss Me AI")).settled()
        assert seen.text == f"Kiss Me AI: {len(PNG)} bytes"
        assert seen.interaction.channel.recipients == [one.ada.user, one.discord.world.bot]


async def test_installed_for_a_person_it_answers_where_the_bot_is_not() -> None:
    async with scene() as one:
        elsewhere = one.discord.text(one.discord.guild("Elsewhere", with_bot=False), "general")
        ben = one.discord.person("Ben", at=elsewhere, installed=True)
        seen = await (await ben.slash("effect", image=PNG, effect="Kiss Me AI")).settled()
        assert seen.text == f"Kiss Me AI: {len(PNG)} bytes"
        assert one.discord.person("Cem", at=elsewhere).offered == set()


async def test_after_fifteen_minutes_the_bots_own_token_edits_the_same_message() -> None:
    async with scene() as one:
        seen = await (await one.ada.slash("effect", image=PNG, effect="Kiss Me AI")).settled()
        await seen.until(lambda each: each.follow_ups)
        one.discord.clock.advance(16 * 60)
        assert seen.original is not None
        place = one.bot.get_partial_messageable(one.channel.id, guild_id=one.guild.id)
        await place.get_partial_message(seen.original.id).edit(content="Here it is", view=None)
        assert seen.original.content == "Here it is"


async def test_a_limited_bot_waits_and_loses_nothing() -> None:
    async with scene() as one:
        one.discord.rates.on, one.discord.rates.scale = True, 0.02
        place = one.bot.get_partial_messageable(one.channel.id, guild_id=one.guild.id)
        for number in range(12):
            await place.send(str(number))
        assert [each.content for each in one.ada.sees()] == [str(number) for number in range(12)]
