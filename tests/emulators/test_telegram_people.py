"""People in the emulated Telegram: what the bot hears of them in private and in groups, what they send and press."""

from typing import Any

import pytest

from tests.emulators.by_hand import Hand, by_hand, jpeg
from tests.emulators.telegram.speaking import NotOffered
from tests.emulators.telegram.things import Right


async def texts(one: Hand) -> list[str]:
    """What the bot heard since the last look: the words of every message."""
    found = [each["message"] for each in await one.news() if "message" in each]
    return [each.get("text") or each.get("caption", "") for each in found]


# --- private chats ---


async def test_the_bot_writes_to_nobody_who_did_not_start_it() -> None:
    async with by_hand() as one:
        ben = one.telegram.person("Ben")
        send: dict[str, Any] = {"chat_id": ben.id, "text": "hello"}
        reply = await one.call("sendMessage", **send)
        assert reply.refused == (403, "Forbidden: bot can't initiate conversation with a user")
        ben.start("from-a-link")
        assert await texts(one) == ["/start from-a-link"]
        assert (await one.call("sendMessage", **send)).status == 200


async def test_a_blocked_bot_hears_of_it_and_writes_no_more() -> None:
    async with by_hand() as one:
        one.ada.block()
        (update,) = await one.news()
        assert update["my_chat_member"]["new_chat_member"]["status"] == "kicked"
        reply = await one.call("sendMessage", chat_id=one.ada.id, text="hello")
        assert reply.refused == (403, "Forbidden: bot was blocked by the user")
        one.ada.start()
        change, started = await one.news()
        assert change["my_chat_member"]["new_chat_member"]["status"] == "member"
        assert started["message"]["text"] == "/start"
        await one.say(to=one.ada)


async def test_somebody_who_left_telegram_is_deactivated() -> None:
    async with by_hand() as one:
        one.ada.user.deactivated = True
        reply = await one.call("sendMessage", chat_id=one.ada.id, text="hello")
        assert reply.refused == (403, "Forbidden: user is deactivated")


async def test_a_chat_nobody_knows_is_not_found() -> None:
    async with by_hand() as one:
        for chat in ("-1001", "5", "@nobody_at_all", "no number"):
            reply = await one.call("sendMessage", chat_id=chat, text="hello")
            assert reply.refused == (400, "Bad Request: chat not found")


# --- privacy mode ---


async def test_in_privacy_mode_the_bot_hears_only_what_is_meant_for_it() -> None:
    async with by_hand() as one:
        ada = one.ada
        ada.type("hello everybody")
        ada.type("/video a cat")
        ada.type("/video@another_bot a cat")
        ada.type("/video@Reelroom_Bot a cat")
        ada.type("what can @reelroom_bot do?")
        ada.photo(jpeg(), "/video@reelroom_bot a dog")
        ada.photo(jpeg(), "look at this")
        assert await texts(one) == [
            "/video@Reelroom_Bot a cat",
            "what can @reelroom_bot do?",
            "/video@reelroom_bot a dog",
        ]
        mine = await one.say("Here I am")
        ada.type("thanks", reply_to=mine)
        ada.type("/video a horse")
        assert await texts(one) == ["thanks", "/video a horse"]


async def test_whether_a_caption_counts_in_privacy_mode_can_be_switched() -> None:
    async with by_hand() as one:
        one.telegram.privacy.captions = False
        one.ada.photo(jpeg(), "/video@reelroom_bot a dog")
        assert await texts(one) == []


async def test_of_an_album_only_what_carries_the_command_is_heard() -> None:
    async with by_hand() as one:
        one.ada.album([jpeg()] * 3, "/video@reelroom_bot a cat")
        (update,) = await one.news()
        assert "media_group_id" in update["message"]


@pytest.mark.parametrize("how", ["privacy off", "the bot leads"])
async def test_without_privacy_mode_everything_is_heard(how: str) -> None:
    async with by_hand() as one:
        if how == "privacy off":
            one.telegram.privacy.on = False
            assert (await one.call("getMe")).result["can_read_all_group_messages"]
        else:
            one.telegram.promote(one.group, one.telegram.bot)
            assert "my_chat_member" in (await one.news())[0]
        one.ada.type("hello everybody")
        one.ada.album([jpeg()] * 3, "three")
        updates = await one.news()
        assert [each["message"].get("caption") for each in updates] == [None, "three", None, None]
        albums = [each["message"].get("media_group_id") for each in updates[1:]]
        assert len(set(albums)) == 1


async def test_other_bots_are_never_heard() -> None:
    async with by_hand() as one:
        one.telegram.privacy.on = False
        other = one.telegram.person("Another", at=one.group)
        other.user.bot = True
        other.type("/video@reelroom_bot a cat")
        assert await texts(one) == []


async def test_an_edited_message_is_an_update_of_its_own() -> None:
    async with by_hand() as one:
        asked = one.ada.type("/video@reelroom_bot a cta")
        one.ada.edit(asked, "/video@reelroom_bot a cat")
        first, second = await one.news()
        assert (first["message"]["message_id"], first["message"]["text"]) == (asked.id, "/video@reelroom_bot a cta")
        assert second["edited_message"]["text"] == "/video@reelroom_bot a cat"
        assert second["edited_message"]["edit_date"]


# --- what people send ---


async def test_people_send_all_kinds_of_things_with_all_that_belongs_to_them() -> None:
    async with by_hand() as one:
        ada = one.ada.go()
        ada.video(b"film", "a film")
        ada.document(jpeg(), "a file", name="me.png")
        ada.voice(b"OggS", seconds=7)
        ada.sticker(b"RIFF")
        ada.animation(b"clip")
        ada.video_note(b"round")
        ada.audio(b"song")
        ada.type("thank you Ben", naming={"Ben": one.telegram.person("Ben")})
        found = [each["message"] for each in await one.news()]
        video, document, voice, sticker, animation, note, audio, named = found
        assert video["video"]["mime_type"] == "video/mp4"
        assert (document["document"]["file_name"], document["document"]["mime_type"]) == ("me.png", "image/png")
        assert voice["voice"]["duration"] == 7
        assert sticker["sticker"]["width"] == 512
        assert animation["animation"]["file_id"] == animation["document"]["file_id"]
        assert (note["video_note"]["length"], audio["audio"]["mime_type"]) == (320, "audio/mpeg")
        assert named["entities"][0]["type"] == "text_mention"
        assert all(each["from"]["language_code"] == "en" and each["date"] for each in found)


async def test_offsets_count_utf_16_units_in_text_and_caption() -> None:
    async with by_hand() as one:
        one.ada.go().type("🐈🐈 /video a cat")
        one.ada.photo(jpeg(), "🐈 /video a cat")
        text, caption = [each["message"] for each in await one.news()]
        assert text["entities"] == [{"type": "bot_command", "offset": 5, "length": 6}]
        assert caption["caption_entities"] == [{"type": "bot_command", "offset": 3, "length": 6}]


async def test_a_forward_says_whose_it_was() -> None:
    async with by_hand() as one:
        picture = one.telegram.person("Ben", at=one.group).photo(jpeg(), "me")
        one.ada.go().forward(picture)
        (update,) = await one.news()
        assert update["message"]["forward_origin"]["sender_user"]["first_name"] == "Ben"
        one.group.protected = True
        with pytest.raises(NotOffered, match="protected"):
            one.ada.forward(picture)


async def test_what_their_telegram_would_not_let_them_do_never_reaches_the_bot() -> None:
    async with by_hand() as one:
        ben = one.telegram.person("Ben")
        with pytest.raises(NotOffered, match="not in"):
            ben.go(one.group).type("hello")
        message = await one.say("hello")
        with pytest.raises(NotOffered, match="no button"):
            await one.ada.press(message, "Again")
        with pytest.raises(NotOffered, match="not theirs"):
            one.ada.edit(message, "x")
        one.telegram.deny(one.group, Right.PHOTOS)
        with pytest.raises(NotOffered, match="no photo"):
            one.ada.photo(jpeg())
        with pytest.raises(NotOffered, match="two to ten"):
            one.ada.album([jpeg()])
        assert await texts(one) == []


# --- buttons ---


async def test_anybody_presses_a_button_and_sees_its_answer_while_it_is_fresh() -> None:
    async with by_hand() as one:
        markup = {"inline_keyboard": [[{"text": "Again", "callback_data": "again:1"}]]}
        message = await one.say("Done", reply_markup=markup)
        ben = one.telegram.person("Ben", at=one.group)
        pressed = ben.press(message, "Again")
        (update,) = await one.news()
        query = update["callback_query"]
        assert (query["data"], query["from"]["id"], query["message"]["message_id"]) == ("again:1", ben.id, message.id)
        answer = {"callback_query_id": query["id"], "text": "Not yours", "show_alert": True}
        assert not pressed.answered
        assert (await one.call("answerCallbackQuery", **answer)).result is True
        seen = await pressed
        assert (seen.text, seen.alert) == ("Not yours", True)
        late = ben.press(message, "again:1")
        one.telegram.clock.advance(31)
        too_old = await one.refused("answerCallbackQuery", callback_query_id=late.query.id)
        assert too_old == "Bad Request: query is too old and response timeout expired or query ID is invalid"
        assert await one.refused("answerCallbackQuery", callback_query_id="1") == too_old


async def test_data_can_be_forged_and_pressed_under_a_message_that_is_gone() -> None:
    async with by_hand() as one:
        message = await one.say("Done")
        forged = one.ada.press_data(message, "v1:grant:1000000")
        one.telegram.hand(one.telegram.owner(one.group), one.group).delete(message)
        under_nothing = one.ada.press_data(message, "again")
        assert not forged.answered
        assert not under_nothing.answered
        first, second = [each["callback_query"] for each in await one.news()]
        assert first["data"] == "v1:grant:1000000"
        assert (second["message"]["date"], "text" in second["message"]) == (0, False)
