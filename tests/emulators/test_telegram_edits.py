"""What the bot changes and takes away in the emulated Telegram, and what Telegram says otherwise."""

from typing import Any

import pytest

from tests.emulators.by_hand import Hand, by_hand, jpeg

AGAIN = {"text": "Again", "callback_data": "v1:again:1"}


def keyboard(*rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {"inline_keyboard": list(rows)}


async def film(one: Hand, data: bytes = b"not a film", **more: Any) -> Any:
    reply = await one.call("sendVideo", {"video": data}, chat_id=one.group.id, **more)
    return reply.result


async def edited(one: Hand, method: str, files: dict[str, bytes] | None = None, **more: Any) -> Any:
    return (await one.call(method, files, chat_id=one.group.id, **more)).result


async def test_a_text_changes_and_loses_its_keyboard_unless_it_is_given_again() -> None:
    async with by_hand() as one:
        message = await one.say("Queued", reply_markup=keyboard([AGAIN]))
        result = await edited(one, "editMessageText", message_id=message.id, text="Rendering")
        assert (result["text"], "edit_date" in result, "reply_markup" in result) == ("Rendering", True, False)
        await edited(one, "editMessageReplyMarkup", message_id=message.id, reply_markup=keyboard([AGAIN]))
        assert (message.text, list(message.buttons), message.edits) == ("Rendering", ["Again"], 2)


async def test_a_text_becomes_a_reel_in_the_same_message() -> None:
    async with by_hand() as one:
        message = await one.say("Your reel was on its way")
        media = {"type": "video", "media": "attach://reel", "caption": "here", "width": 640, "thumbnail": "attach://t"}
        files = {"reel": b"film", "t": jpeg(320, 180)}
        result = await edited(one, "editMessageMedia", files, message_id=message.id, media=media)
        assert (result["message_id"], result["caption"], "text" in result) == (message.id, "here", False)
        assert message.media is not None
        assert (message.media.data, message.media.width, message.text) == (b"film", 640, "")
        again = {"type": "video", "media": result["video"]["file_id"], "caption": "here"}
        words = await one.refused("editMessageMedia", chat_id=one.group.id, message_id=message.id, media=again)
        assert words.startswith("Bad Request: message is not modified")
        result = await edited(one, "editMessageCaption", message_id=message.id, caption="there")
        assert result["caption"] == "there"


EDITS: dict[str, tuple[str, dict[str, Any], str]] = {
    "the same text": ("editMessageText", {"text": "hello"}, "message is not modified: specified new"),
    "a message that is not there": ("editMessageText", {"text": "x", "message_id": 99}, "message to edit not found"),
    "a caption where there is none": (
        "editMessageCaption",
        {"caption": "x"},
        "there is no caption in the message to edit",
    ),
    "no message": ("editMessageText", {"text": "x", "message_id": "", "chat_id": ""}, "message identifier is not"),
}


@pytest.mark.parametrize(("method", "more", "words"), EDITS.values(), ids=EDITS.keys())
async def test_an_edit_that_makes_no_sense_is_refused(method: str, more: dict[str, Any], words: str) -> None:
    async with by_hand() as one:
        message = await one.say("hello")
        given = {"chat_id": one.group.id, "message_id": message.id, **more}
        assert (await one.refused(method, **given)).startswith(f"Bad Request: {words}")
        assert message.edits == 0


async def test_the_text_of_a_reel_and_anybody_elses_message_are_not_edited() -> None:
    async with by_hand() as one:
        reel = await film(one)
        given = {"chat_id": one.group.id, "text": "x"}
        words = await one.refused("editMessageText", message_id=reel["message_id"], **given)
        assert words == "Bad Request: there is no text in the message to edit"
        asked = one.ada.type("hello")
        words = await one.refused("editMessageText", message_id=asked.id, **given)
        assert words == "Bad Request: message can't be edited"
        forced = await one.say("Which?", reply_markup={"force_reply": True})
        words = await one.refused("editMessageText", message_id=forced.id, **given)
        assert words == "Bad Request: message can't be edited"


async def test_messages_go_and_what_is_gone_stays_gone() -> None:
    async with by_hand() as one:
        first, second = await one.say("first"), await one.say("second")
        assert (await one.call("deleteMessage", chat_id=one.group.id, message_id=first.id)).result is True
        assert one.telegram.said(one.group) == [second]
        words = await one.refused("deleteMessage", chat_id=one.group.id, message_id=first.id)
        assert words == "Bad Request: message to delete not found"
        assert await edited(one, "deleteMessages", message_ids=[first.id, second.id]) is True
        assert one.telegram.said(one.group) == []


async def test_the_bot_deletes_others_messages_only_where_it_leads_and_old_ones_not_at_all() -> None:
    async with by_hand() as one:
        asked, mine = one.ada.type("hello"), await one.say("hello")
        words = await one.refused("deleteMessage", chat_id=one.group.id, message_id=asked.id)
        assert words == "Bad Request: message can't be deleted"
        one.telegram.clock.advance(48 * 3600 + 1)
        words = await one.refused("deleteMessage", chat_id=one.group.id, message_id=mine.id)
        assert words == "Bad Request: message can't be deleted for everyone"
        one.telegram.promote(one.group, one.telegram.bot)
        assert await edited(one, "deleteMessages", message_ids=[asked.id, mine.id]) is True
