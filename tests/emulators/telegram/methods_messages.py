"""The bot's own messages: new ones. https://core.telegram.org/bots/api#sendmessage"""

from collections.abc import Callable, Mapping
from functools import partial

from tests.emulators.telegram import access, composing, payloads
from tests.emulators.telegram.calls import Call, Handler
from tests.emulators.telegram.keyboards import Markup, markup
from tests.emulators.telegram.posting import Draft
from tests.emulators.telegram.refusals import refuse
from tests.emulators.telegram.things import ChatKind, Json, Media, MediaKind, Message, Place, chat_of

MOST_IN_AN_ALBUM = 10
ALONE = {MediaKind.DOCUMENT, MediaKind.AUDIO}
"""What an album holds only among its own kind."""


def send_message(call: Call) -> Json:
    """A text."""
    words, entities = composing.text(call)
    return posted(call, words, entities, None)


def send_media(kind: MediaKind, call: Call) -> Json:
    """Media with a caption."""
    source = composing.upload(call, kind.value)
    if not source:
        raise refuse(f"there is no {kind.value} in the request")
    words, entities = composing.caption(call)
    extra = dict(call.arguments)
    return posted(call, words, entities, lambda: composing.media(call, kind, source, extra), kind=kind)


def posted(
    call: Call,
    words: str,
    entities: list[Json],
    media: Callable[[], Media] | None,
    *,
    kind: MediaKind | None = None,
) -> Json:
    """The message, standing; its media is only kept once everything else is allowed."""
    keyboard = markup(call)
    where, replied = target(call)
    access.to_send(call, where, kind)
    draft = Draft(
        words=words,
        entities=entities,
        media=media() if media else None,
        reply_to=replied,
        keyboard=keyboard.inline,
        asks_for=keyboard.other,
        spoiler=call.flag("has_spoiler"),
        above=call.flag("show_caption_above_media"),
        protected=call.flag("protect_content"),
        silent=call.flag("disable_notification"),
        preview=call.json("link_preview_options", "link preview options") or {},
    )
    body = payloads.message(post(call, where, draft))
    scheduled = kind is MediaKind.VIDEO and chat_of(where).schedules_videos
    return body | {"message_id": 0} if scheduled else body


def target(call: Call) -> tuple[Place, Message | None]:
    """Where to, and in reply to what. A reply into another topic than the message's own is none."""
    where = access.place(call)
    replied = access.reply(call, chat_of(where))
    return where, replied


def post(call: Call, where: Place, draft: Draft) -> Message:
    """By the bot; in a channel nobody in particular says it."""
    chat = chat_of(where)
    if chat.kind is ChatKind.CHANNEL:
        return call.press.post(where, call.world.bot, draft, sender_chat=chat)
    return call.press.post(where, call.world.bot, draft)


def send_album(call: Call) -> list[Json]:
    """Two to ten of a kind, each a message of its own."""
    given = call.json("media", "media")
    if not isinstance(given, list):
        raise refuse("expected an Array of InputMedia")
    items = [composing.item(call, one, "album") for one in given]
    if len(items) > MOST_IN_AN_ALBUM:
        raise refuse("too many messages to send as an album")
    if not items:
        raise refuse("there are no messages to send")
    kinds = {one.kind for one in items}
    for kind in kinds & ALONE:
        if len(kinds) > 1:
            raise refuse(f"{kind.value} can't be mixed with other media types")
    where, replied = target(call)
    for one in items:
        access.to_send(call, where, one.kind)
    made = [one.made() for one in items]
    album = str(13_000_000_000_000_000 + call.world.draw()) if len(items) > 1 else ""
    drafts = [
        Draft(
            words=item.words,
            entities=item.entities,
            media=media,
            album=album,
            reply_to=replied,
            spoiler=item.spoiler,
            above=item.above,
            protected=call.flag("protect_content"),
            silent=call.flag("disable_notification"),
        )
        for item, media in zip(items, made, strict=True)
    ]
    return [payloads.message(post(call, where, draft)) for draft in drafts]


def copy(call: Call) -> Json:
    """The same message again, as the bot's own; its id is all that is told."""
    one = original(call, "message to copy")
    words, entities = (one.words, one.entities)
    if one.media is not None and "caption" in call.arguments:
        words, entities = composing.caption(call)
    keyboard = markup(call)
    made = again(call, one, words, entities, keyboard, origin={})
    return {"message_id": made.id}


def forward(call: Call) -> Json:
    """A message with who said it first."""
    one = original(call, "message to forward")
    origin = one.origin or payloads.origin(one)
    return payloads.message(again(call, one, one.words, one.entities, Markup(), origin=origin))


def original(call: Call, what: str) -> Message:
    """The message to show once more.

    Raises:
        Refusal: It is not there, or protected.
    """
    source = access.named(call, "from_chat_id")
    one = access.message(call, source, what)
    if one.service:
        raise refuse(f"the {what.removeprefix('message to ')} of service messages is impossible")
    if one.protected or source.protected:
        raise refuse("message has protected content and can't be forwarded")
    return one


def again(call: Call, one: Message, words: str, entities: list[Json], keyboard: Markup, *, origin: Json) -> Message:
    """A message with what another one shows."""
    where, replied = target(call)
    access.to_send(call, where, one.media.kind if one.media else None)
    draft = Draft(
        words=words,
        entities=entities,
        media=one.media,
        reply_to=replied,
        keyboard=keyboard.inline,
        spoiler=one.spoiler,
        protected=call.flag("protect_content"),
        silent=call.flag("disable_notification"),
        origin=origin,
    )
    return post(call, where, draft)


METHODS: Mapping[str, Handler] = {
    "sendMessage": send_message,
    **{
        f"send{kind.value.capitalize()}": partial(send_media, kind)
        for kind in (
            MediaKind.PHOTO,
            MediaKind.VIDEO,
            MediaKind.DOCUMENT,
            MediaKind.ANIMATION,
            MediaKind.AUDIO,
            MediaKind.VOICE,
        )
    },
    "sendMediaGroup": send_album,
    "copyMessage": copy,
    "forwardMessage": forward,
}
