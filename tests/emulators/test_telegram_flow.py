"""Real clients against the emulated Telegram: a picture with a command becomes a reel."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from io import BytesIO

from PIL import Image
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, ReplyParameters, Update
from telegram.request import HTTPXRequest

from tests.emulators.telegram.emulator import Telegram, emulated


def jpeg(width: int = 900, height: int = 600) -> bytes:
    out = BytesIO()
    Image.new("RGB", (width, height), (200, 30, 30)).save(out, "JPEG")
    return out.getvalue()


@asynccontextmanager
async def client(telegram: Telegram) -> AsyncIterator[Bot]:
    bot = Bot(
        telegram.token,
        base_url=f"{telegram.api_url}/bot",
        base_file_url=f"{telegram.file_url}/bot",
        request=HTTPXRequest(),
        get_updates_request=HTTPXRequest(),
    )
    async with bot:
        yield bot


async def one(bot: Bot, offset: int = 0) -> Update:
    updates = await bot.get_updates(offset=offset, timeout=10)
    assert len(updates) == 1
    return updates[0]


async def test_a_picture_with_a_command_becomes_a_reel_through_python_telegram_bot() -> None:
    async with emulated() as telegram, client(telegram) as bot:
        group = telegram.group("Reel lovers")
        ada = telegram.person("Ada", at=group)
        asked = ada.photo(jpeg(), "/video@reelroom_bot a 🐈 cat")
        update = await one(bot)
        message = update.message
        assert message is not None
        assert message.caption == "/video@reelroom_bot a 🐈 cat"
        assert message.caption_entities[0].type == "bot_command"
        largest = await message.photo[-1].get_file()
        data = await largest.download_as_bytearray()
        assert Image.open(BytesIO(bytes(data))).size == (900, 600)
        status = await bot.send_message(group.id, "Queued", reply_parameters=ReplyParameters(message.message_id))
        await status.edit_text("Rendering")
        await bot.send_chat_action(group.id, "upload_video")
        await bot.set_message_reaction(group.id, message.message_id, "👀")
        markup = InlineKeyboardMarkup([[InlineKeyboardButton("Again", callback_data="v1:again:1")]])
        await bot.send_video(
            group.id,
            b"not a film",
            filename="reel.mp4",
            width=640,
            height=480,
            duration=5,
            thumbnail=jpeg(320, 240),
            reply_markup=markup,
            reply_parameters=ReplyParameters(message.message_id),
        )
        queued, reel = telegram.replies(asked)
        assert (queued.text, queued.edits) == ("Rendering", 1)
        assert reel.media is not None
        assert (reel.media.data, reel.media.width, reel.media.height) == (b"not a film", 640, 480)
        assert list(asked.reactions) == ["👀"]
        pressed = ada.press(reel, "Again")
        update = await one(bot, update.update_id + 1)
        assert update.callback_query is not None
        await update.callback_query.answer("On it")
        answered = await pressed
        assert (answered.text, answered.alert) == ("On it", False)
