"""aiogram, written by others, as a second real client of the emulated Telegram: polls, a picture, a reel, a press."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from io import BytesIO

import pytest
from aiogram import Bot, Dispatcher, F
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramBadRequest, TelegramMigrateToChat, TelegramRetryAfter
from aiogram.filters import Command, CommandObject
from aiogram.types import (
    BotCommand,
    BotCommandScopeAllGroupChats,
    BufferedInputFile,
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaVideo,
    Message,
    ReactionTypeEmoji,
)
from PIL import Image

from tests.emulators.by_hand import jpeg
from tests.emulators.telegram.emulator import Telegram, emulated
from tests.emulators.telegram.faults import Limited

AGAIN = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="Again", callback_data="v1:again:1")]])


@asynccontextmanager
async def aiogram(telegram: Telegram) -> AsyncIterator[Bot]:
    server = TelegramAPIServer(
        base=f"{telegram.api_url}/bot{{token}}/{{method}}", file=f"{telegram.file_url}/bot{{token}}/{{path}}"
    )
    async with Bot(telegram.token, session=AiohttpSession(api=server)) as bot:
        yield bot


@asynccontextmanager
async def polling(telegram: Telegram, dispatcher: Dispatcher) -> AsyncIterator[Bot]:
    async with aiogram(telegram) as bot:
        running = asyncio.create_task(dispatcher.start_polling(bot, handle_signals=False, close_bot_session=False))
        await telegram.polled()
        try:
            yield bot
        finally:
            await dispatcher.stop_polling()
            await running


def maker() -> Dispatcher:
    """A small bot: a picture with a command becomes a reel in the same thread, and its button is answered."""
    dispatcher = Dispatcher()

    async def make(message: Message, command: CommandObject, bot: Bot) -> None:
        assert message.photo
        await message.react([ReactionTypeEmoji(emoji="👀")])
        status = await message.reply("Queued")
        picture = await bot.download(message.photo[-1])
        assert isinstance(picture, BytesIO)
        await status.edit_text("Rendering")
        await bot.send_chat_action(message.chat.id, "upload_video", message_thread_id=message.message_thread_id)
        await message.reply_video(
            BufferedInputFile(picture.read(), "reel.mp4"),
            caption=command.args,
            has_spoiler=True,
            thumbnail=BufferedInputFile(jpeg(320, 240), "small.jpg"),
            reply_markup=AGAIN,
        )
        await status.delete()

    async def again(query: CallbackQuery) -> None:
        await query.answer(f"Again: {query.data}", show_alert=True)

    dispatcher.message.register(make, Command("video"), F.photo)
    dispatcher.callback_query.register(again)
    return dispatcher


async def test_a_picture_with_a_command_becomes_a_reel_through_aiogram() -> None:
    async with emulated() as telegram, polling(telegram, maker()):
        forum = telegram.forum("Reel lovers")
        ada = telegram.person("Ada", at=telegram.topic(forum, "Cats"))
        asked = ada.photo(jpeg(900, 600), "/video@reelroom_bot a 🐈 cat")
        await telegram.until(lambda: telegram.calls("deleteMessage") and telegram.said(forum))
        (reel,) = await telegram.until(lambda: [one for one in telegram.replies(asked) if one.media])
        assert (reel.topic, reel.caption, reel.spoiler, list(asked.reactions)) == (ada.place, "a 🐈 cat", True, ["👀"])
        assert reel.media is not None
        assert Image.open(BytesIO(reel.media.data)).size == (900, 600)
        answered = await ada.press(reel, "Again")
        assert (answered.text, answered.alert) == ("Again: v1:again:1", True)
        assert telegram.world.actions[0][2] == "upload_video"


async def test_aiogram_understands_every_update_there_is() -> None:
    async with emulated() as telegram, aiogram(telegram) as bot:
        telegram.updates.allow(["message", "edited_message", "chat_member", "my_chat_member", "message_reaction"])
        group = telegram.group("Small", supergroup=False)
        telegram.promote(group, telegram.bot)
        ada, ben = telegram.person("Ada", at=group), telegram.person("Ben")
        ben.join(group)
        ada.edit(ada.type("hello"), "hello everybody")
        ada.album([jpeg()] * 2, "two")
        ada.video(b"film")
        ada.voice(b"OggS")
        ada.sticker(b"RIFF")
        ben.forward(ada.document(b"bytes"))
        ben.react(ada.type("look"), "👍")
        ben.leave()
        telegram.upgrade(group)
        ada.block()
        kinds = {update.event_type for update in await bot.get_updates()}
        assert kinds == {"message", "edited_message", "chat_member", "my_chat_member", "message_reaction"}


async def test_aiogram_edits_media_sets_menus_and_looks_up_who_leads() -> None:
    async with emulated() as telegram, aiogram(telegram) as bot:
        group = telegram.group("Reel lovers")
        status = await bot.send_message(group.id, "Your reel was on its way")
        film = InputMediaVideo(media=BufferedInputFile(b"film", "reel.mp4"), caption="here", width=640)
        await bot.edit_message_media(film, chat_id=group.id, message_id=status.message_id, reply_markup=AGAIN)
        (reel,) = telegram.said(group)
        assert reel.media is not None
        assert (reel.media.data, reel.caption, list(reel.buttons)) == (b"film", "here", ["Again"])
        menu = [BotCommand(command="video", description="Makes a picture move")]
        await bot.set_my_commands(menu, scope=BotCommandScopeAllGroupChats())
        assert telegram.person("Ada", at=group).offered == ["video"]
        (owner,) = await bot.get_chat_administrators(group.id)
        assert owner.user.id == telegram.owner(group).id
        assert (await bot.get_chat(group.id)).title == "Reel lovers"
        sent = await bot.send_media_group(group.id, [film, film])
        assert len({one.media_group_id for one in sent}) == 1


async def test_aiogram_understands_every_kind_of_no() -> None:
    async with emulated() as telegram, aiogram(telegram) as bot:
        group = telegram.group("Small", supergroup=False)
        with pytest.raises(TelegramBadRequest, match="message to edit not found"):
            await bot.edit_message_text("x", chat_id=group.id, message_id=9)
        telegram.faults.add("sendMessage", Limited(retry_after_s=7))
        with pytest.raises(TelegramRetryAfter) as waits:
            await bot.send_message(group.id, "x")
        assert waits.value.retry_after == 7
        telegram.upgrade(group)
        with pytest.raises(TelegramMigrateToChat):
            await bot.send_message(group.id, "x")
