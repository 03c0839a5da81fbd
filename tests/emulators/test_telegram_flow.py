"""python-telegram-bot, the library of the bot itself, against the emulated Telegram: the flow, errors, own servers."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, InputFile, InputMediaVideo, Update
from telegram.constants import ChatAction, ReactionEmoji
from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, InvalidToken, NetworkError, TimedOut
from telegram.ext import Application, ApplicationBuilder, CallbackQueryHandler, ContextTypes, MessageHandler, filters
from telegram.request import HTTPXRequest

from tests.emulators.by_hand import jpeg
from tests.emulators.telegram.emulator import Telegram, emulated
from tests.emulators.telegram.faults import Drop, Slow, Status
from tests.emulators.telegram.media import MIB
from tests.emulators.telegram.things import Message

AGAIN = InlineKeyboardMarkup([[InlineKeyboardButton("Again", callback_data="v1:again:1")]])
Context = ContextTypes.DEFAULT_TYPE
App = Application[Any, Any, Any, Any, Any, Any]


@asynccontextmanager
async def client(telegram: Telegram, *, local: bool = False, read_timeout: float = 5) -> AsyncIterator[Bot]:
    bot = Bot(
        telegram.token,
        base_url=f"{telegram.api_url}/bot",
        base_file_url=f"{telegram.file_url}/bot",
        request=HTTPXRequest(read_timeout=read_timeout),
        get_updates_request=HTTPXRequest(),
        local_mode=local,
    )
    async with bot:
        yield bot


async def make(update: Update, context: Context) -> None:
    message = update.message
    assert message is not None
    await message.set_reaction(ReactionEmoji.EYES)
    status = await message.reply_text("Queued", do_quote=True)
    picture = await (await message.photo[-1].get_file()).download_as_bytearray()
    await status.edit_text("Rendering")
    await message.reply_chat_action(ChatAction.UPLOAD_VIDEO)
    await message.reply_video(
        bytes(picture)[::-1],
        filename="reel.mp4",
        width=640,
        height=480,
        duration=5,
        thumbnail=jpeg(320, 240),
        supports_streaming=True,
        has_spoiler=True,
        reply_markup=AGAIN,
        do_quote=True,
    )
    await status.delete()


async def again(update: Update, context: Context) -> None:
    assert update.callback_query is not None
    await update.callback_query.answer("On it")


def built(telegram: Telegram) -> App:
    app: App = (
        ApplicationBuilder()
        .token(telegram.token)
        .base_url(f"{telegram.api_url}/bot")
        .base_file_url(f"{telegram.file_url}/bot")
        .build()
    )
    app.add_handler(MessageHandler(filters.PHOTO & filters.CaptionRegex(r"^/video"), make))
    app.add_handler(CallbackQueryHandler(again))
    return app


@asynccontextmanager
async def polling(telegram: Telegram) -> AsyncIterator[App]:
    app = built(telegram)
    async with app:
        assert app.updater is not None
        await app.updater.start_polling(timeout=30)
        await app.start()
        await telegram.polled()
        try:
            yield app
        finally:
            await app.updater.stop()
            await app.stop()


async def reel_of(telegram: Telegram, asked: Message) -> Message:
    found = await telegram.until(lambda: [one for one in telegram.replies(asked) if one.media])
    return found[0]


async def test_a_picture_with_a_command_becomes_a_reel_through_python_telegram_bot() -> None:
    async with emulated() as telegram, polling(telegram):
        forum = telegram.forum("Reel lovers")
        ada = telegram.person("Ada", at=telegram.topic(forum, "Cats"))
        asked = ada.photo(jpeg(900, 600), "/video@reelroom_bot a 🐈 cat")
        reel = await reel_of(telegram, asked)
        await telegram.until(lambda: telegram.said(forum) == [reel], what="the status gone")
        assert (reel.topic, reel.spoiler, list(asked.reactions)) == (ada.place, True, ["👀"])
        assert reel.media is not None
        assert reel.media.thumbnail is not None
        picture = Image.open(BytesIO(reel.media.data[::-1]))
        assert (reel.media.width, reel.media.height, reel.media.duration, picture.size) == (640, 480, 5, (900, 600))
        assert (await ada.press(reel, "Again")).text == "On it"


async def test_a_bot_that_comes_back_gets_what_it_missed_and_nothing_twice() -> None:
    async with emulated() as telegram:
        ada = telegram.person("Ada")
        async with polling(telegram):
            first = await reel_of(telegram, ada.photo(jpeg(), "/video one"))
        asked = ada.photo(jpeg(), "/video two")
        async with polling(telegram):
            await reel_of(telegram, asked)
            await telegram.heard()
        assert len(telegram.calls("sendVideo")) == 2
        assert telegram.said(ada)[0] is first


async def test_python_telegram_bot_understands_every_kind_of_no() -> None:
    async with emulated() as telegram, client(telegram) as bot:
        group = telegram.group("Small", supergroup=False)
        with pytest.raises(BadRequest, match="Button_data_invalid"):
            await bot.send_message(
                group.id, "x", reply_markup=InlineKeyboardMarkup([[InlineKeyboardButton("x", callback_data="x" * 65)]])
            )
        telegram.judge.complaints.clear()
        with pytest.raises(BadRequest, match="Message to edit not found"):
            await bot.edit_message_text("x", group.id, 9)
        with pytest.raises(Forbidden, match="bot can't initiate conversation"):
            await bot.send_message(telegram.person("Ben").id, "x")
        telegram.faults.add("sendMessage", Status(status=502, html=True))
        with pytest.raises(NetworkError):
            await bot.send_message(group.id, "x")
        telegram.faults.add("sendMessage", Drop())
        with pytest.raises(NetworkError):
            await bot.send_message(group.id, "x")
        first = asyncio.create_task(bot.get_updates(timeout=20))
        await telegram.polled()
        async with client(telegram) as another:
            second = asyncio.create_task(another.get_updates(timeout=20))
            with pytest.raises(Conflict):
                await first
            telegram.person("Cy").start()
            assert len(await second) == 1
        new = telegram.upgrade(group)
        with pytest.raises(ChatMigrated) as moved:
            await bot.send_message(group.id, "x")
        assert moved.value.new_chat_id == new.id


async def test_a_wrong_token_is_an_invalid_one() -> None:
    async with emulated() as telegram:
        telegram.token = "1:x"
        with pytest.raises(InvalidToken):
            async with client(telegram):
                pass


async def test_a_video_whose_answer_is_late_timed_out_and_was_sent() -> None:
    async with emulated() as telegram, client(telegram, read_timeout=0.2) as bot:
        ada = telegram.person("Ada", started=True)
        slow = Slow(after=True)
        telegram.faults.add("sendVideo", slow)
        with pytest.raises(TimedOut):
            await bot.send_video(ada.id, b"film", read_timeout=0.2)
        assert len(telegram.said(ada)) == 1
        slow.release()


def size(path: str) -> int:
    return Path(path).stat().st_size


async def test_a_server_of_ones_own_gives_and_takes_files_by_their_path(tmp_path: Path) -> None:
    async with emulated(local=tmp_path / "server") as telegram, client(telegram, local=True) as bot:
        ada = telegram.person("Ada")
        ada.document(bytes(21 * MIB), name="raw.mov", mime="video/quicktime")
        (update,) = await bot.get_updates(timeout=10)
        assert update.message is not None
        assert update.message.document is not None
        found = await update.message.document.get_file()
        assert found.file_path is not None
        assert size(found.file_path) == 21 * MIB
        film, small = tmp_path / "reel.mp4", tmp_path / "small.jpg"
        film.write_bytes(bytes(51 * MIB))
        small.write_bytes(jpeg(320, 240))
        sent = await bot.send_video(ada.id, film, thumbnail=small, width=640, height=480, duration=5)
        assert sent.video is not None
        assert (sent.video.file_size, sent.video.width, sent.video.thumbnail is not None) == (
            51 * MIB,
            640,
            True,
        )
        assert telegram.calls("sendVideo")[0].arguments["video"] == film.as_uri()


async def test_a_reel_is_streamed_from_disk_and_sent_again_by_its_id(tmp_path: Path) -> None:
    async with emulated() as telegram, client(telegram) as bot:
        ada = telegram.person("Ada", started=True)
        film = tmp_path / "reel.mp4"
        film.write_bytes(bytes(3_000_000))
        with film.open("rb") as handle:
            sent = await bot.send_video(ada.id, InputFile(handle, filename="reel.mp4", read_file_handle=False))
        assert sent.video is not None
        again_ = await bot.send_video(ada.id, sent.video.file_id)
        assert again_.video == sent.video
        status = await bot.send_message(ada.id, "Not there?")
        await status.edit_media(InputMediaVideo(sent.video.file_id, caption="here"))
        stands = telegram.said(ada)
        assert [one.media.data for one in stands if one.media] == [bytes(3_000_000)] * 3
