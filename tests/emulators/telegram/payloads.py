"""Things as the Bot API writes them. https://core.telegram.org/bots/api#available-types"""

from datetime import datetime
from typing import Any

from tests.emulators.telegram.things import (
    Chat,
    ChatKind,
    File,
    Json,
    Media,
    MediaKind,
    Message,
    Picture,
    Query,
    Topic,
    User,
)


def seconds(moment: datetime) -> int:
    """A time."""
    return int(moment.timestamp())


def given(**fields: Any) -> Json:
    """The fields that say something: nothing empty, nothing false."""
    return {key: value for key, value in fields.items() if value not in (None, "", False, [], {})}


def user(one: User) -> Json:
    """An account."""
    told = "" if one.bot else one.language
    return {
        "id": one.id,
        "is_bot": one.bot,
        "first_name": "" if one.deactivated else one.name,
        **given(username=one.username, language_code=told),
    }


def chat(one: Chat) -> Json:
    """A chat, as messages name it."""
    if one.person is not None:
        person = {"first_name": one.person.name, **given(username=one.person.username)}
        return {"id": one.id, **person, "type": one.kind.value}
    return {
        "id": one.id,
        "title": one.title,
        **given(username=one.username, is_forum=one.forum),
        "type": one.kind.value,
    }


def file(one: File, *, path: str = "") -> Json:
    """A file; with a path when it was asked for."""
    return {
        "file_id": one.id,
        "file_unique_id": one.unique_id,
        "file_size": len(one.data),
        **given(file_path=path),
    }


def picture(one: Picture) -> Json:
    """One size of a photo, or a thumbnail."""
    return file(one.file) | {"width": one.width, "height": one.height}


def media(one: Media) -> Any:
    """What hangs on a message, under the name of its kind."""
    if one.kind is MediaKind.PHOTO:
        return [picture(each) for each in one.sizes]
    named = given(file_name=one.file.name, mime_type=one.file.mime)
    shape = {"width": one.width, "height": one.height}
    lasts = {"duration": one.duration}
    fields: dict[MediaKind, Json] = {
        MediaKind.VIDEO: named | shape | lasts | given(cover=[picture(each) for each in one.cover]),
        MediaKind.ANIMATION: named | shape | lasts,
        MediaKind.STICKER: shape | {"type": "regular", "is_animated": False, "is_video": False, "emoji": "😘"},
        MediaKind.VIDEO_NOTE: {"length": one.width} | lasts,
        MediaKind.VOICE: given(mime_type=one.file.mime) | lasts,
        MediaKind.AUDIO: named | lasts,
        MediaKind.DOCUMENT: named,
    }
    thumbnail = given(thumbnail=picture(one.thumbnail) if one.thumbnail else None)
    return file(one.file) | thumbnail | fields[one.kind]


def message(one: Message, *, with_reply: bool = True) -> Json:
    """A message; what it replies to is written without what that replies to."""
    body: Json = {"message_id": one.id}
    body |= given(
        **{"from": user(one.sender) if one.sender else None},
        sender_chat=chat(one.sender_chat) if one.sender_chat else None,
    )
    body |= {"chat": chat(one.chat), "date": seconds(one.date)}
    body |= given(
        edit_date=seconds(one.edited) if one.edited else None,
        message_thread_id=thread(one),
        is_topic_message=in_topic(one),
        forward_origin=one.origin,
        is_automatic_forward=one.automatic,
        media_group_id=one.album,
        has_protected_content=one.protected or one.chat.protected,
    )
    replied = one.reply_to or opening(one.topic)
    if with_reply and replied is not None and replied is not one and not replied.deleted:
        body["reply_to_message"] = message(replied, with_reply=False)
    return body | content(one) | one.service


def thread(one: Message) -> int | None:
    """The topic's id, or outside of topics the id of the first message of a chain of replies."""
    if one.topic is None:
        return one.thread or None
    return one.topic.id if in_topic(one) else None


def in_topic(one: Message) -> bool:
    """Whether it stands in a topic that has an id: General's messages have none."""
    return one.topic is not None and one.topic.id != 1


def opening(topic: Topic | None) -> Message | None:
    """The service message that opened a topic. Telegram says of everything in a topic that it replies to it."""
    return None if topic is None else topic.chat.messages.get(topic.id)


def content(one: Message) -> Json:
    """What it says and shows."""
    body: Json = {}
    if one.media is None:
        body |= given(text=one.words, entities=one.entities, link_preview_options=one.preview)
    else:
        body[one.media.kind.value] = media(one.media)
        if one.media.kind is MediaKind.ANIMATION:
            body["document"] = file(one.media.file) | given(
                file_name=one.media.file.name, mime_type=one.media.file.mime
            )
        body |= given(
            caption=one.words,
            caption_entities=one.entities,
            has_media_spoiler=one.spoiler,
            show_caption_above_media=one.above,
        )
    return body | given(reply_markup={"inline_keyboard": one.keyboard} if one.keyboard else None)


def query(one: Query) -> Json:
    """A button that was pressed. A message that is gone is written as one that cannot be seen any more."""
    body: Json = {"id": one.id, "from": user(one.user)}
    if one.message.deleted:
        gone = {"chat": chat(one.message.chat), "message_id": one.message.id, "date": 0}
        body["message"] = gone
    else:
        body["message"] = message(one.message)
    return body | {"chat_instance": str(one.message.chat.id * 31 & 0xFFFFFFFFFFFF), "data": one.data}


def origin(one: Message) -> Json:
    """Who said a message first."""
    date = seconds(one.date)
    by: Chat | User | None = one.sender_chat or one.sender
    match by:
        case Chat(kind=ChatKind.CHANNEL):
            return {"type": "channel", "date": date, "chat": chat(by), "message_id": one.id}
        case Chat():
            return {"type": "chat", "date": date, "sender_chat": chat(by)}
        case User():
            return {"type": "user", "date": date, "sender_user": user(by)}
        case None:
            return {"type": "hidden_user", "date": date, "sender_user_name": "Nobody"}


def update_kind(one: Message, *, edited: bool = False) -> str:
    """Which update a message comes in."""
    name = "channel_post" if one.chat.kind is ChatKind.CHANNEL else "message"
    return f"edited_{name}" if edited else name
