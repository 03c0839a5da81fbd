"""Groups, topics and channels of the emulated Telegram: who is there, who speaks for whom, and what may be done."""

from typing import Any

import pytest

from tests.emulators.by_hand import by_hand, jpeg
from tests.emulators.telegram.speaking import NotOffered
from tests.emulators.telegram.things import ANONYMOUS, CHANNEL_BOT, SERVICE, Right

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
