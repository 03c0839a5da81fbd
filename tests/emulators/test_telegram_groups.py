"""Groups, topics, channels and private chats of the emulated Telegram: what the bot hears there, and what it may do."""

from typing import Any

import pytest

from tests.emulators.by_hand import Hand, by_hand, jpeg
from tests.emulators.telegram.speaking import NotOffered
from tests.emulators.telegram.things import ANONYMOUS, CHANNEL_BOT, SERVICE, Right


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


# --- members ---


async def test_the_bot_hears_when_it_comes_leads_and_goes() -> None:
    async with by_hand() as one:
        group = one.telegram.group("Another", with_bot=False)
        reply = await one.call("sendMessage", chat_id=group.id, text="hello")
        assert reply.refused == (403, "Forbidden: bot is not a member of the supergroup chat")
        one.telegram.add_bot(group)
        one.telegram.promote(group, one.telegram.bot, lacking=("can_delete_messages",))
        one.telegram.demote(group, one.telegram.bot)
        one.telegram.remove_bot(group)
        updates = await one.news()
        changes = [each["my_chat_member"] for each in updates if "my_chat_member" in each]
        statuses = [each["new_chat_member"]["status"] for each in changes]
        assert statuses == ["member", "administrator", "member", "kicked"]
        assert changes[1]["new_chat_member"]["can_delete_messages"] is False
        assert "new_chat_members" in updates[1]["message"]
        reply = await one.call("sendMessage", chat_id=group.id, text="hello")
        assert reply.refused == (403, "Forbidden: bot was kicked from the supergroup chat")
        assert (await one.call("getChat", chat_id=group.id)).status == 403


async def test_of_others_it_hears_only_when_it_leads_and_asked() -> None:
    async with by_hand() as one:
        ben = one.telegram.person("Ben")
        await one.updates(allowed_updates=["chat_member"])
        one.telegram.promote(one.group, one.ada.user)
        assert await one.news() == []
        await one.updates(allowed_updates=[])
        ben.join(one.group)
        one.telegram.promote(one.group, one.telegram.bot)
        one.telegram.promote(one.group, ben.user)
        assert not any("chat_member" in each for each in await one.news())
        await one.updates(allowed_updates=["chat_member", "message"])
        one.telegram.restrict(one.group, ben.user, Right.VIDEOS)
        one.telegram.kick(one.group, ben.user)
        left, restricted, kicked = sorted(await one.news(), key=lambda each: "chat_member" in each)
        assert "left_chat_member" in left["message"]
        assert restricted["chat_member"]["new_chat_member"]["can_send_videos"] is False
        assert kicked["chat_member"]["new_chat_member"]["status"] == "kicked"


async def test_the_bot_leaves_by_itself() -> None:
    async with by_hand() as one:
        assert (await one.call("leaveChat", chat_id=one.group.id)).result is True
        reply = await one.call("sendMessage", chat_id=one.group.id, text="hello")
        assert reply.refused == (403, "Forbidden: bot is not a member of the supergroup chat")


async def test_who_leads_can_be_looked_up_and_where_members_hide_only_by_those_who_lead() -> None:
    async with by_hand() as one:
        group = {"chat_id": one.group.id}
        owner = one.telegram.owner(one.group)
        member = (await one.call("getChatMember", **group, user_id=one.ada.id)).result
        assert member["status"] == "member"
        leading = (await one.call("getChatAdministrators", **group)).result
        assert [each["user"]["id"] for each in leading] == [owner.id]
        assert (await one.call("getChatMemberCount", **group)).result == 3
        one.group.hides_members = True
        asked: dict[str, Any] = {**group, "user_id": one.ada.id}
        assert await one.refused("getChatMember", **asked) == "Bad Request: CHAT_ADMIN_REQUIRED"
        assert (await one.call("getChatMember", **group, user_id=one.telegram.bot.id)).result["status"] == "member"
        one.telegram.promote(one.group, one.telegram.bot)
        assert (await one.call("getChatMember", **asked)).result["status"] == "member"
        assert await one.refused("getChatMember", **group, user_id=1) == "Bad Request: user not found"
        private = await one.refused("getChatAdministrators", chat_id=one.ada.id)
        assert private == "Bad Request: there are no administrators in the private chat"


async def test_a_chat_and_a_persons_pictures_can_be_looked_at() -> None:
    async with by_hand() as one:
        one.group.slow_mode_s = 30
        found = (await one.call("getChat", chat_id=one.group.id)).result
        assert (found["title"], found["slow_mode_delay"]) == ("Reel lovers", 30)
        one.telegram.picture(one.ada.user, jpeg(640, 640))
        photos = (await one.call("getUserProfilePhotos", user_id=one.ada.id)).result
        assert (photos["total_count"], photos["photos"][0][-1]["width"]) == (1, 640)


# --- what may not be done ---


async def test_rights_that_are_taken_away_are_missed_by_the_kind_of_thing() -> None:
    async with by_hand() as one:
        one.telegram.restrict(one.group, one.telegram.bot, Right.VIDEOS)
        await one.say("hello")
        refused = await one.refused("sendVideo", {"video": b"x"}, chat_id=one.group.id)
        assert refused == "Bad Request: not enough rights to send videos to the chat"
        one.telegram.demote(one.group, one.telegram.bot)
        one.telegram.deny(one.group, Right.TEXT, Right.PHOTOS)
        refused = await one.refused("sendMessage", chat_id=one.group.id, text="x")
        assert refused == "Bad Request: not enough rights to send text messages to the chat"
        one.telegram.promote(one.group, one.telegram.bot)
        await one.say("hello")


async def test_slow_mode_says_how_long_to_wait() -> None:
    async with by_hand() as one:
        one.group.slow_mode_s = 10
        await one.say("first")
        one.telegram.clock.advance(4)
        reply = await one.call("sendMessage", chat_id=one.group.id, text="second")
        assert reply.refused == (429, "Too Many Requests: retry after 6")
        assert (reply.body["parameters"], reply.headers["Retry-After"]) == ({"retry_after": 6}, "6")
        one.ada.type("hello")
        with pytest.raises(NotOffered, match="slow"):
            one.ada.type("hello")
        one.telegram.clock.advance(6)
        await one.say("second")


async def test_a_group_that_became_a_supergroup_sends_the_bot_there() -> None:
    async with by_hand() as one:
        old = one.telegram.group("Small", supergroup=False)
        ada = one.ada.go(old)
        one.telegram.join(old, ada.user)
        ada.type("/video@reelroom_bot a cat")
        await one.news()
        new = one.telegram.upgrade(old)
        there, here = [each["message"] for each in await one.news()]
        assert (there["chat"]["id"], there["migrate_to_chat_id"]) == (old.id, new.id)
        assert (here["chat"]["id"], here["migrate_from_chat_id"]) == (new.id, old.id)
        reply = await one.call("sendMessage", chat_id=old.id, text="hello")
        assert reply.refused == (400, "Bad Request: group chat was upgraded to a supergroup chat")
        assert reply.body["parameters"] == {"migrate_to_chat_id": new.id}
        await one.say(to=new)
        with pytest.raises(NotOffered, match="not in"):
            ada.type("hello")


async def test_a_protected_chat_says_so_of_every_message() -> None:
    async with by_hand() as one:
        one.group.protected = True
        result = (await one.call("sendMessage", chat_id=one.group.id, text="hello")).result
        assert result["has_protected_content"] is True


# --- topics ---


async def test_a_topic_has_an_id_and_its_messages_seem_to_reply_to_its_opening() -> None:
    async with by_hand() as one:
        forum = one.telegram.forum("Topics")
        cats = one.telegram.topic(forum, "Cats")
        ada = one.telegram.person("Ada", at=cats)
        ada.type("/video@reelroom_bot a cat")
        update = (await one.news())[-1]["message"]
        assert (update["message_thread_id"], update["is_topic_message"]) == (cats.id, True)
        assert update["reply_to_message"]["forum_topic_created"]["name"] == "Cats"
        sent = await one.say("Queued", to=forum, message_thread_id=cats.id)
        assert one.telegram.said(cats) == [sent]
        assert ada.sees()[-1] is sent


async def test_general_has_no_id_and_is_not_asked_for_by_one() -> None:
    async with by_hand() as one:
        forum = one.telegram.forum("Topics")
        ada = one.telegram.person("Ada", at=forum)
        ada.type("/video@reelroom_bot a cat")
        (update,) = await one.news()
        assert not {"message_thread_id", "is_topic_message", "reply_to_message"} & set(update["message"])
        sent = await one.say("Queued", to=forum)
        assert sent.topic is forum.topics[1]
        refused = await one.refused("sendMessage", chat_id=forum.id, text="x", message_thread_id=1)
        assert refused == "Bad Request: message thread not found"


async def test_a_reply_goes_into_the_topic_of_what_it_replies_to() -> None:
    async with by_hand() as one:
        forum = one.telegram.forum("Topics")
        cats = one.telegram.topic(forum, "Cats")
        asked = one.telegram.person("Ada", at=cats).type("/video@reelroom_bot a cat")
        sent = await one.say("Queued", to=forum, reply_parameters={"message_id": asked.id})
        assert sent.topic is cats


async def test_a_chain_of_replies_outside_a_forum_has_a_thread_that_none_may_send_to() -> None:
    async with by_hand() as one:
        first = await one.say("first")
        second = one.ada.type("second", reply_to=first)
        one.ada.type("/third@reelroom_bot", reply_to=second)
        found = [each["message"] for each in await one.news()]
        assert [each["message_thread_id"] for each in found] == [first.id, first.id]
        assert not any("is_topic_message" in each for each in found)
        refused = await one.refused("sendMessage", chat_id=one.group.id, text="x", message_thread_id=first.id)
        assert refused == "Bad Request: message thread not found"


async def test_a_closed_topic_takes_only_those_who_lead_and_a_removed_one_nobody() -> None:
    async with by_hand() as one:
        forum = one.telegram.forum("Topics")
        cats = one.telegram.topic(forum, "Cats")
        ada = one.telegram.person("Ada", at=cats)
        one.telegram.close(cats)
        send: dict[str, Any] = {"chat_id": forum.id, "text": "x", "message_thread_id": cats.id}
        assert await one.refused("sendMessage", **send) == "Bad Request: TOPIC_CLOSED"
        with pytest.raises(NotOffered, match="closed"):
            ada.type("hello")
        one.telegram.promote(forum, one.telegram.bot)
        assert (await one.call("sendMessage", **send)).status == 200
        one.telegram.demote(forum, one.telegram.bot)
        one.telegram.reopen(cats)
        assert (await one.call("sendMessage", **send)).status == 200
        one.telegram.remove(cats)
        assert await one.refused("sendMessage", **send) == "Bad Request: message thread not found"
        assert one.telegram.said(cats) == []


# --- who is behind it ---


async def test_an_anonymous_administrator_speaks_as_the_group() -> None:
    async with by_hand() as one:
        one.telegram.promote(one.group, one.ada.user, anonymous=True)
        one.ada.type("/budget@reelroom_bot 5")
        (update,) = await one.news()
        assert update["message"]["from"]["id"] == ANONYMOUS
        assert update["message"]["sender_chat"]["id"] == one.group.id


async def test_somebody_speaks_as_their_channel() -> None:
    async with by_hand() as one:
        one.ada.speaks_as = one.telegram.channel("Ada's films", with_bot=False)
        one.ada.type("/video@reelroom_bot a cat")
        (update,) = await one.news()
        assert update["message"]["from"]["id"] == CHANNEL_BOT
        assert update["message"]["sender_chat"]["type"] == "channel"


async def test_a_channels_post_appears_in_the_group_beside_it() -> None:
    async with by_hand() as one:
        one.telegram.privacy.on = False
        channel = one.telegram.channel("News", discussion=one.group)
        editor = one.telegram.hand(one.telegram.owner(channel), channel)
        post = editor.type("a new film")
        posted, copied = await one.news()
        assert (posted["channel_post"]["text"], "from" in posted["channel_post"]) == ("a new film", False)
        message = copied["message"]
        assert (message["from"]["id"], message["is_automatic_forward"]) == (SERVICE, True)
        assert message["forward_origin"]["message_id"] == post.id
        sent = await one.say("from the bot", to=channel)
        assert sent.sender_chat is channel
        one.telegram.demote(channel, one.telegram.bot)
        refused = await one.refused("sendMessage", chat_id=channel.id, text="x")
        assert refused == "Bad Request: need administrator rights in the channel chat"


async def test_reactions_are_told_where_the_bot_leads_and_asked() -> None:
    async with by_hand() as one:
        message = await one.say("Done")
        await one.updates(allowed_updates=["message_reaction"])
        one.ada.react(message, "👍")
        assert await one.updates() == []
        one.telegram.promote(one.group, one.telegram.bot)
        one.ada.react(message, "👎")
        one.ada.react(message)
        first, second = [each["message_reaction"] for each in await one.news()]
        assert (first["old_reaction"][0]["emoji"], first["new_reaction"][0]["emoji"]) == ("👍", "👎")
        assert second["new_reaction"] == []
        assert message.reactions == {}


async def test_what_notifies_somebody_is_known() -> None:
    async with by_hand() as one:
        asked = one.ada.type("/video@reelroom_bot a cat")
        await one.say("for everybody")
        reply = await one.say("for you", reply_parameters={"message_id": asked.id})
        await one.say("hush", disable_notification=True, reply_parameters={"message_id": asked.id})
        named = await one.say("look @ada_l")
        private = await one.say("hello", to=one.ada)
        assert one.ada.pings == [reply, named, private]
