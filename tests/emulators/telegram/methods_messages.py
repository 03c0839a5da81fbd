"""The bot's own messages: new ones. https://core.telegram.org/bots/api#sendmessage"""

from collections.abc import Callable, Mapping

from tests.emulators.telegram import access, composing, payloads
from tests.emulators.telegram.calls import Call, Handler
from tests.emulators.telegram.keyboards import markup
from tests.emulators.telegram.posting import Draft
from tests.emulators.telegram.refusals import refuse
from tests.emulators.telegram.things import Json, Media, MediaKind, chat_of


def send_message(call: Call) -> Json:
    """A text."""
    words, entities = composing.text(call)
    return posted(call, words, entities, None)


def send_photo(call: Call) -> Json:
    """A photo."""
    return send_media(call, MediaKind.PHOTO)


def send_video(call: Call) -> Json:
    """A video."""
    return send_media(call, MediaKind.VIDEO)


def send_document(call: Call) -> Json:
    """A file as it is."""
    return send_media(call, MediaKind.DOCUMENT)


def send_media(call: Call, kind: MediaKind) -> Json:
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
    where = access.place(call)
    replied = access.reply(call, chat_of(where))
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
    return payloads.message(call.press.post(where, call.world.bot, draft))


METHODS: Mapping[str, Handler] = {
    "sendMessage": send_message,
    "sendPhoto": send_photo,
    "sendVideo": send_video,
    "sendDocument": send_document,
}
