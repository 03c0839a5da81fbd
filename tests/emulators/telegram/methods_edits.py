"""The bot's own messages, changed and taken away. https://core.telegram.org/bots/api#updating-messages"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from tests.emulators.telegram import access, composing, payloads
from tests.emulators.telegram.calls import Call, Handler
from tests.emulators.telegram.keyboards import markup
from tests.emulators.telegram.refusals import NOT_MODIFIED, refuse
from tests.emulators.telegram.things import Chat, ChatKind, Json, MediaKind, Message

DELETABLE = timedelta(hours=48)
MOST_DELETED = 100
UNCAPTIONED = {None, MediaKind.STICKER}
TOGETHER = {MediaKind.PHOTO, MediaKind.VIDEO}


def edit_text(call: Call) -> Json:
    """Another text, and the keyboard that is given with it (none: no keyboard any more)."""
    words, entities = composing.text(call)
    one = mine(call)
    if one.media is not None:
        raise refuse("there is no text in the message to edit")
    preview = call.json("link_preview_options", "link preview options") or {}
    return changed(call, one, words=words, entities=entities, preview=preview)


def edit_caption(call: Call) -> Json:
    """Another caption, or none."""
    words, entities = composing.caption(call)
    one = mine(call)
    if (one.media.kind if one.media else None) in UNCAPTIONED:
        raise refuse("there is no caption in the message to edit")
    return changed(call, one, words=words, entities=entities, above=call.flag("show_caption_above_media"))


def edit_media(call: Call) -> Json:
    """Other media; a text becomes media with a caption."""
    item = composing.item(call, call.json("media", "input media"), "media")
    one = mine(call)
    if one.media is not None and one.media.kind in {MediaKind.VOICE, MediaKind.STICKER}:
        raise refuse("message media can't be edited")
    if one.album and one.media is not None and {one.media.kind, item.kind} - TOGETHER and one.media.kind != item.kind:
        raise refuse("can't change media type in the album")
    markup(call)
    access.to_send(call, one.topic or one.chat, item.kind)
    look = {"spoiler": item.spoiler, "above": item.above, "preview": {}}
    return changed(call, one, media=item.made(), words=item.words, entities=item.entities, **look)


def edit_markup(call: Call) -> Json:
    """Another keyboard, or none."""
    return changed(call, mine(call))


def mine(call: Call) -> Message:
    """The message to edit: the bot's own, no forward, and without a keyboard that replaces people's own."""
    if not call.text("chat_id") and not call.text("message_id"):
        if not call.text("inline_message_id"):
            raise refuse("message identifier is not specified")
        raise refuse("MESSAGE_ID_INVALID")
    where = access.chat(call)
    one = access.message(call, where, "message to edit")
    if one.sender is not call.world.bot or one.service or one.origin or one.asks_for:
        raise refuse("message can't be edited")
    return one


def changed(call: Call, one: Message, **changes: Any) -> Json:
    """The message as it is now.

    Raises:
        Refusal: Nothing would be different.
    """
    given = markup(call)
    if given.other:
        raise refuse("inline keyboard expected")
    changes["keyboard"] = given.inline
    if all(getattr(one, name) == value for name, value in changes.items()):
        raise refuse(NOT_MODIFIED)
    call.press.edit(one, **changes)
    return payloads.message(one)


def delete(call: Call) -> bool:
    """One message."""
    if not call.text("chat_id"):
        raise refuse("chat identifier is not specified")
    if call.number("message_id") <= 0:
        raise refuse("message identifier is not specified")
    where = access.chat(call)
    one = access.message(call, where, "message to delete")
    may_delete(call, where, one)
    call.press.delete(one)
    return True


def delete_all(call: Call) -> bool:
    """Several; those that are gone are passed over, one that may not go keeps all."""
    ids = call.json("message_ids", "message_ids")
    if not isinstance(ids, list) or not ids:
        raise refuse("message identifiers are not specified")
    if len(ids) > MOST_DELETED:
        raise refuse("too many message identifiers specified")
    where = access.chat(call)
    found = [one for one in (call.world.standing(where, int(each)) for each in ids) if one is not None]
    for one in found:
        may_delete(call, where, one)
    for one in found:
        call.press.delete(one)
    return True


def may_delete(call: Call, where: Chat, one: Message) -> None:
    """Whether the bot may take it away.

    Raises:
        Refusal: It is somebody else's in a group where the bot has no right to, or two days old.
    """
    member = call.world.member(where, call.world.bot)
    leads = member.leads and "can_delete_messages" in member.rights
    mine_or_private = one.sender is call.world.bot or where.kind is ChatKind.PRIVATE
    if not mine_or_private and not leads:
        raise refuse("message can't be deleted")
    if call.world.clock.now() - one.date > DELETABLE and not (leads and where.kind is ChatKind.SUPERGROUP):
        raise refuse("message can't be deleted for everyone")


METHODS: Mapping[str, Handler] = {
    "editMessageText": edit_text,
    "editMessageCaption": edit_caption,
    "editMessageMedia": edit_media,
    "editMessageReplyMarkup": edit_markup,
    "deleteMessage": delete,
    "deleteMessages": delete_all,
}
