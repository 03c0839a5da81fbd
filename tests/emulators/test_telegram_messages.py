"""What the bot sends in the emulated Telegram, how large, and what Telegram says otherwise."""

from typing import Any

import pytest

from tests.emulators.by_hand import Hand, by_hand, jpeg
from tests.emulators.telegram.media import LOOKED_AT_BYTES, PHOTO_BYTES, Claim, measured
from tests.media.material import clip_file

AGAIN = {"text": "Again", "callback_data": "v1:again:1"}
DATA_65 = {"text": "Again", "callback_data": "x" * 65}


def keyboard(*rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {"inline_keyboard": list(rows)}


MALFORMED: dict[str, tuple[dict[str, Any], str]] = {
    "no text": ({"text": ""}, "message text is empty"),
    "blanks": ({"text": " \n "}, "message text is empty"),
    "4,097 characters": ({"text": "x" * 4097}, "message is too long"),
    "an unknown parse mode": ({"text": "x", "parse_mode": "BBCode"}, "unsupported parse_mode"),
    "an unknown tag": (
        {"text": "ä <h1>", "parse_mode": "HTML"},
        'can\'t parse entities: Unsupported start tag "h1" at byte offset 3',
    ),
    "a tag that is never closed": (
        {"text": "<b>x", "parse_mode": "HTML"},
        "can't parse entities: Can't find end tag corresponding to start tag \"b\"",
    ),
    "a lone bracket": (
        {"text": "1 < 2", "parse_mode": "HTML"},
        "can't parse entities: Unclosed start tag at byte offset 2",
    ),
    "a mark that is never closed": (
        {"text": "*x", "parse_mode": "MarkdownV2"},
        "can't parse entities: Can't find end of Bold entity at byte offset 0",
    ),
    "a reserved character": (
        {"text": "1.5", "parse_mode": "MarkdownV2"},
        "can't parse entities: Character '.' is reserved and must be escaped with the preceding '\\'",
    ),
    "an entity beyond the end": (
        {"text": "x", "entities": [{"type": "bold", "offset": 0, "length": 2}]},
        "entity beginning at UTF-16 offset 0 ends after the end of the text",
    ),
    "a keyboard that is no JSON": ({"text": "x", "reply_markup": "{"}, "can't parse reply keyboard markup JSON object"),
    "a keyboard that is no object": ({"text": "x", "reply_markup": "[]"}, "object expected as reply markup"),
    "buttons without rows": (
        {"text": "x", "reply_markup": {"inline_keyboard": [AGAIN]}},
        'field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays',
    ),
    "data of 65 bytes": ({"text": "x", "reply_markup": keyboard([DATA_65])}, "BUTTON_DATA_INVALID"),
    "a button that does nothing": (
        {"text": "x", "reply_markup": keyboard([{"text": "Again"}])},
        "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
    ),
    "a button without words": (
        {"text": "x", "reply_markup": keyboard([AGAIN | {"text": ""}])},
        "inline keyboard button text must be non-empty",
    ),
    "101 buttons": ({"text": "x", "reply_markup": keyboard(*[[AGAIN]] * 101)}, "reply markup is too long"),
    "nine buttons in a row": ({"text": "x", "reply_markup": keyboard([AGAIN] * 9)}, "reply markup is too long"),
}


@pytest.mark.parametrize(("parameters", "words"), MALFORMED.values(), ids=MALFORMED.keys())
async def test_a_malformed_message_is_refused_and_complained_of(parameters: dict[str, Any], words: str) -> None:
    async with by_hand(strict=False) as one:
        reply = await one.call("sendMessage", chat_id=one.group.id, **parameters)
        assert reply.refused == (400, f"Bad Request: {words}")
        assert any("refused" in each for each in one.telegram.judge.complaints)
        assert one.telegram.said(one.group) == []


async def test_a_text_stands_with_its_marks_and_what_telegram_finds() -> None:
    async with by_hand() as one:
        html = "<b>🐈 &amp; you</b> /again@reelroom_bot <a href='https://example.org'>here</a>"
        message = await one.say(html, parse_mode="HTML")
        assert message.text == "🐈 & you /again@reelroom_bot here"
        assert message.entities == [
            {"type": "bold", "offset": 0, "length": 8},
            {"type": "bot_command", "offset": 9, "length": 19},
            {"type": "text_link", "offset": 29, "length": 4, "url": "https://example.org"},
        ]


async def test_markdown_says_the_same() -> None:
    async with by_hand() as one:
        message = await one.say(
            "*bold _both_* `x_y` ||hush|| [here](https://example.org) 1\\.5", parse_mode="MarkdownV2"
        )
        assert message.text == "bold both x_y hush here 1.5"
        assert [(each["type"], each["offset"], each["length"]) for each in message.entities] == [
            ("bold", 0, 9),
            ("italic", 5, 4),
            ("code", 10, 3),
            ("spoiler", 14, 4),
            ("text_link", 19, 4),
        ]


async def test_a_reply_names_what_it_replies_to_one_level_deep() -> None:
    async with by_hand() as one:
        asked = one.ada.type("/video@reelroom_bot a cat")
        first = await one.say("Queued", reply_parameters={"message_id": asked.id})
        one.ada.type("thanks", reply_to=first)
        update = (await one.news())[-1]["message"]
        assert update["reply_to_message"]["text"] == "Queued"
        assert "reply_to_message" not in update["reply_to_message"]
        assert one.telegram.replies(asked) == [first]


async def test_a_reply_to_nothing_is_refused_unless_it_may_stand_alone() -> None:
    async with by_hand() as one:
        asked = one.ada.type("/video@reelroom_bot a cat")
        one.ada.delete(asked)
        parameters = {"message_id": asked.id}
        words = await one.refused("sendMessage", chat_id=one.group.id, text="x", reply_parameters=parameters)
        assert words == "Bad Request: message to be replied not found"
        alone = await one.say("x", reply_parameters=parameters | {"allow_sending_without_reply": True})
        assert alone.reply_to is None


async def film(one: Hand, data: bytes = b"not a film", **more: Any) -> Any:
    reply = await one.call("sendVideo", {"video": data}, chat_id=one.group.id, **more)
    return reply.result


async def test_a_small_video_is_looked_into(tmp_path: Any) -> None:
    async with by_hand() as one:
        data = clip_file(tmp_path / "reel.mp4").read_bytes()
        video = (await film(one, data, width=1, height=1, duration=9))["video"]
        assert (video["width"], video["height"], video["duration"]) == (64, 48, 1)
        reel = one.telegram.said(one.group)[0]
        assert reel.media is not None
        assert reel.media.data == data


async def test_a_large_video_is_what_its_sender_says_or_a_square_of_no_length(tmp_path: Any) -> None:
    async with by_hand() as one:
        data = clip_file(tmp_path / "reel.mp4").read_bytes() + bytes(LOOKED_AT_BYTES)
        assert measured(data) == Claim(width=64, height=48, duration=1)
        told = (await film(one, data, width=1280, height=720, duration=5))["video"]
        assert (told["width"], told["height"], told["duration"]) == (1280, 720, 5)
        untold = (await film(one, data))["video"]
        assert (untold["width"], untold["height"], untold["duration"], "thumbnail" in untold) == (320, 320, 0, False)


async def test_a_video_has_its_thumbnail_spoiler_caption_and_keyboard() -> None:
    async with by_hand() as one:
        files = {"video": b"film", "small": jpeg(320, 180)}
        more = {"caption": "a *cat*", "has_spoiler": True, "supports_streaming": True, "thumbnail": "attach://small"}
        reply = await one.call(
            "sendVideo", files, chat_id=one.group.id, reply_markup=keyboard([AGAIN]), protect_content=True, **more
        )
        video = reply.result["video"]
        assert (video["thumbnail"]["width"], reply.result["has_media_spoiler"]) == (320, True)
        (reel,) = one.telegram.said(one.group)
        assert (reel.caption, list(reel.buttons), reel.spoiler, reel.protected) == ("a *cat*", ["Again"], True, True)
        assert reel.media is not None
        assert reel.media.supports_streaming


async def test_a_thumbnail_that_is_none_is_let_fall() -> None:
    async with by_hand() as one:
        for thumbnail, kept in ((jpeg(320, 320), True), (jpeg(321, 320), False), (b"no picture", False)):
            files = {"video": b"film", "thumbnail": thumbnail}
            result = (await one.call("sendVideo", files, chat_id=one.group.id)).result
            assert ("thumbnail" in result["video"]) is kept


async def test_in_a_big_chat_a_video_has_no_id_when_its_sender_is_told() -> None:
    async with by_hand() as one:
        one.group.schedules_videos = True
        assert (await film(one))["message_id"] == 0
        assert one.telegram.said(one.group)[0].id > 0


async def test_media_is_sent_again_by_its_id_without_its_bytes() -> None:
    async with by_hand() as one:
        first = await film(one)
        again = (await one.call("sendVideo", chat_id=one.ada.id, video=first["video"]["file_id"])).result
        assert again["video"] == first["video"]


MEDIA: dict[str, tuple[str, dict[str, bytes], dict[str, Any], str]] = {
    "no video": ("sendVideo", {}, {}, "there is no video in the request"),
    "an empty video": ("sendVideo", {"video": b""}, {}, "file must be non-empty"),
    "a wrong id": (
        "sendVideo",
        {},
        {"video": "BAACnothing"},
        "wrong remote file identifier specified: can't unserialize it",
    ),
    "a caption of 1,025": ("sendVideo", {"video": b"x"}, {"caption": "x" * 1025}, "message caption is too long"),
    "no picture": ("sendPhoto", {"photo": b"x"}, {}, "IMAGE_PROCESS_FAILED"),
    "a picture of 21 to 1": ("sendPhoto", {"photo": jpeg(420, 20)}, {}, "PHOTO_INVALID_DIMENSIONS"),
    "a picture over 10 MB": (
        "sendPhoto",
        {"photo": bytes(PHOTO_BYTES + 1)},
        {},
        "file of size 10485761 bytes is too big for a photo; the maximum size is 10485760 bytes",
    ),
    "a thumbnail over 200 kB": (
        "sendVideo",
        {"video": b"x", "thumbnail": bytes(204_800)},
        {},
        "file of size 204800 bytes is too big for a thumbnail; the maximum size is 204799 bytes",
    ),
    "an address Telegram cannot fetch": (
        "sendVideo",
        {},
        {"video": "https://example.org/reel.mp4"},
        "failed to get HTTP URL content",
    ),
}


@pytest.mark.parametrize(("method", "files", "more", "words"), MEDIA.values(), ids=MEDIA.keys())
async def test_media_that_breaks_a_limit_is_refused(
    method: str, files: dict[str, bytes], more: dict[str, Any], words: str
) -> None:
    async with by_hand() as one:
        assert await one.refused(method, files, chat_id=one.group.id, **more) == f"Bad Request: {words}"
        assert one.telegram.said(one.group) == []


async def test_a_file_of_one_kind_is_not_sent_as_another() -> None:
    async with by_hand() as one:
        video = (await film(one))["video"]["file_id"]
        words = await one.refused("sendPhoto", chat_id=one.group.id, photo=video)
        assert words == "Bad Request: can't use file of type Video as Photo"


async def test_an_album_is_several_messages_of_one_group() -> None:
    async with by_hand() as one:
        media = [{"type": "photo", "media": f"attach://{name}", "caption": name} for name in ("a", "b")]
        media.append({"type": "video", "media": "attach://c"})
        files = {"a": jpeg(), "b": jpeg(), "c": b"film"}
        sent = (await one.call("sendMediaGroup", files, chat_id=one.group.id, media=media)).result
        assert len({each["media_group_id"] for each in sent}) == 1
        assert [each.get("caption") for each in sent] == ["a", "b", None]
        mixed = [*media[:1], {"type": "document", "media": "attach://c"}]
        words = await one.refused("sendMediaGroup", {"a": jpeg(), "c": b"x"}, chat_id=one.group.id, media=mixed)
        assert words == "Bad Request: document can't be mixed with other media types"
        eleven = [{"type": "video", "media": sent[2]["video"]["file_id"]}] * 11
        words = await one.refused("sendMediaGroup", chat_id=one.group.id, media=eleven)
        assert words == "Bad Request: too many messages to send as an album"


async def test_a_message_is_copied_or_forwarded_unless_its_content_is_protected() -> None:
    async with by_hand() as one:
        reel = one.ada.go().photo(jpeg(), "look")
        given = {"chat_id": one.group.id, "from_chat_id": one.ada.id, "message_id": reel.id}
        copied = (await one.call("copyMessage", **given)).result
        assert list(copied) == ["message_id"]
        forwarded = (await one.call("forwardMessage", **given)).result
        assert forwarded["forward_origin"]["sender_user"]["id"] == one.ada.id
        one.telegram.world.chats[one.ada.id].protected = True
        words = await one.refused("forwardMessage", **given)
        assert words == "Bad Request: message has protected content and can't be forwarded"


async def test_a_reaction_is_one_of_telegrams_and_can_be_taken_back() -> None:
    async with by_hand() as one:
        asked = one.ada.type("/video@reelroom_bot a cat")
        given: dict[str, Any] = {"chat_id": one.group.id, "message_id": asked.id}

        async def react(*emoji: str) -> Any:
            reaction = [{"type": "emoji", "emoji": each} for each in emoji]
            return await one.call("setMessageReaction", **given, reaction=reaction)

        for emoji in ("👀", "👍"):
            assert (await react(emoji)).result is True
            assert list(asked.reactions) == [emoji]
        assert (await react("🦖")).refused == (400, "Bad Request: REACTION_INVALID")
        assert (await react("👍", "👀")).refused == (400, "Bad Request: REACTIONS_TOO_MANY")
        one.group.reactions = frozenset("👍")
        assert (await react("👀")).refused == (400, "Bad Request: REACTION_INVALID")
        one.telegram.judge.complaints.clear()
        await react()
        assert asked.reactions == {}


async def test_a_sign_of_work_is_seen_and_an_unknown_one_refused() -> None:
    async with by_hand() as one:
        await one.call("sendChatAction", chat_id=one.group.id, action="upload_video")
        assert [(chat, action) for chat, _, action, _ in one.telegram.world.actions] == [(one.group, "upload_video")]
        words = await one.refused("sendChatAction", chat_id=one.group.id, action="dance")
        assert words == "Bad Request: wrong parameter action in request"
