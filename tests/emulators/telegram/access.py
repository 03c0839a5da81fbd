"""Which chat, topic and message a request means, and whether the bot may do there what it wants.

In the order of Telegram's own server: the chat, whether the bot is there, the topic, the reply, the right.
"""

from math import ceil

from tests.emulators.telegram.calls import Call
from tests.emulators.telegram.refusals import refuse, too_many
from tests.emulators.telegram.things import (
    Chat,
    ChatKind,
    MediaKind,
    Message,
    Place,
    Right,
    Status,
    Topic,
)

NEEDED = {
    None: (Right.TEXT, "text messages"),
    MediaKind.PHOTO: (Right.PHOTOS, "photos"),
    MediaKind.VIDEO: (Right.VIDEOS, "videos"),
    MediaKind.DOCUMENT: (Right.DOCUMENTS, "documents"),
    MediaKind.ANIMATION: (Right.OTHER, "animations"),
    MediaKind.AUDIO: (Right.AUDIOS, "music"),
    MediaKind.VIDEO_NOTE: (Right.VIDEO_NOTES, "video notes"),
    MediaKind.VOICE: (Right.VOICES, "voice notes"),
    MediaKind.STICKER: (Right.OTHER, "stickers"),
}


def named(call: Call, name: str = "chat_id") -> Chat:
    """The chat a parameter names.

    Raises:
        Refusal: None, or none there is.
    """
    raw = call.text(name).strip()
    if not raw:
        raise refuse(f"{name} is empty")
    chats = call.world.chats
    if raw.startswith("@"):
        found = next((one for one in chats.values() if one.username.lower() == raw[1:].lower()), None)
    else:
        found = chats.get(call.number(name))
    if found is None or (found.person is not None and raw.startswith("@")):
        raise refuse("chat not found")
    return found


def chat(call: Call, *, writes: bool = True) -> Chat:
    """The chat of a request; `writes` when something shall appear or change there.

    Raises:
        Refusal: It is not there, or not for the bot.
    """
    found = named(call)
    if found.kind is ChatKind.PRIVATE:
        return private(found, writes=writes)
    member, kind = call.world.member(found, call.world.bot), found.kind.value
    if found.upgraded_to is not None and writes:
        moved = {"migrate_to_chat_id": found.upgraded_to.id}
        raise refuse("group chat was upgraded to a supergroup chat", parameters=moved)
    if found.upgraded_to is None and (writes or found.kind is not ChatKind.GROUP):
        if member.status is Status.KICKED:
            raise refuse(f"bot was kicked from the {kind} chat", 403)
        if not member.inside and (writes or not found.username):
            raise refuse(f"bot is not a member of the {kind} chat", 403)
    return found


def private(found: Chat, *, writes: bool) -> Chat:
    """A private chat, if its person lets the bot in.

    Raises:
        Refusal: They are gone, blocked it, or never wrote.
    """
    if found.person is not None and found.person.deactivated and writes:
        raise refuse("user is deactivated", 403)
    if writes and found.blocked:
        raise refuse("bot was blocked by the user", 403)
    if writes and not found.started:
        raise refuse("bot can't initiate conversation with a user", 403)
    return found


def place(call: Call) -> Place:
    """Where a message shall go.

    Raises:
        Refusal: As `chat`; there is no such topic. Outside of forums any topic is refused, which is stricter than
            Telegram has been at times: the id of a chain of replies is none to send to.
    """
    where = chat(call)
    thread = call.number("message_thread_id")
    if thread <= 0:
        return where
    found = where.topics.get(thread)
    if thread == 1 or found is None or found.deleted:
        raise refuse("message thread not found")
    return found


def reply(call: Call, where: Chat) -> Message | None:
    """The message to reply to.

    Raises:
        Refusal: It is not there and the reply may not stand alone.
    """
    parameters = call.json("reply_parameters", "reply parameters")
    if parameters is None:
        wanted = call.number("reply_to_message_id")
        alone = call.flag("allow_sending_without_reply")
    elif not isinstance(parameters, dict):
        raise refuse("object expected as reply parameters")
    else:
        wanted, alone = int(parameters.get("message_id") or 0), bool(parameters.get("allow_sending_without_reply"))
    if wanted <= 0:
        return None
    found = call.world.standing(where, wanted)
    if found is None and not alone:
        raise refuse("message to be replied not found")
    return found


def message(call: Call, where: Chat, what: str) -> Message:
    """The message that `message_id` names. `what`: "message to edit".

    Raises:
        Refusal: It is not there.
    """
    found = call.world.standing(where, call.number("message_id"))
    if found is None:
        raise refuse(f"{what} not found")
    return found


def to_send(call: Call, where: Place, kind: MediaKind | None) -> None:
    """Whether the bot may send this kind of thing.

    Raises:
        Refusal: It may not, the topic is closed, or slow mode says to wait.
    """
    inside = where.chat if isinstance(where, Topic) else where
    member = call.world.member(inside, call.world.bot)
    if inside.kind is ChatKind.CHANNEL and not member.leads:
        raise refuse("need administrator rights in the channel chat")
    needed, words = NEEDED[kind]
    if needed not in call.world.rights(inside, call.world.bot):
        raise refuse(f"not enough rights to send {words} to the chat")
    topic = where if isinstance(where, Topic) else inside.topics.get(1) if inside.forum else None
    if topic is not None and topic.closed and not member.leads:
        raise refuse("TOPIC_CLOSED")
    wait = call.world.must_wait_s(inside, call.world.bot)
    if wait:
        raise too_many(ceil(wait))
