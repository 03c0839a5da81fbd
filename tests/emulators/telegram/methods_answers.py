"""Small signs: a press answered, a reaction, "uploading a video…". https://core.telegram.org/bots/api#sendchataction"""

from collections.abc import Mapping
from datetime import timedelta

from tests.emulators.telegram import access
from tests.emulators.telegram.calls import Call, Handler
from tests.emulators.telegram.reactions import REACTIONS
from tests.emulators.telegram.refusals import QUERY_TOO_OLD, refuse
from tests.emulators.telegram.things import Topic, chat_of

ANSWER_LENGTH = 200
ACTIONS = {
    "typing",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "upload_voice",
    "upload_document",
    "choose_sticker",
    "find_location",
    "record_video_note",
    "upload_video_note",
}


def answer_query(call: Call) -> bool:
    """What the person who pressed sees: nothing, a line, or a window."""
    found = call.world.queries.get(call.text("callback_query_id"))
    life = timedelta(seconds=call.world.query_life_s)
    if found is None or call.world.clock.now() > found.at + life:
        raise refuse(QUERY_TOO_OLD)
    if len(call.text("text")) > ANSWER_LENGTH:
        raise refuse("MESSAGE_TOO_LONG")
    if found.answer is None:
        found.answer = {"text": call.text("text"), "alert": call.flag("show_alert"), "url": call.text("url")}
        call.world.changed()
    return True


def act(call: Call) -> bool:
    """A sign of work, for five seconds."""
    action = call.text("action").lower()
    if action not in ACTIONS:
        raise refuse("wrong parameter action in request")
    where = access.place(call)
    topic = where if isinstance(where, Topic) else None
    call.world.actions.append((chat_of(where), topic, action, call.world.clock.now()))
    call.world.changed()
    return True


def react(call: Call) -> bool:
    """The bot's one reaction to a message, or none any more."""
    given = call.json("reaction", "reaction types") or []
    if not isinstance(given, list):
        raise refuse("expected an Array of ReactionType")
    where = access.chat(call, writes=False)
    one = access.message(call, where, "message to react")
    if len(given) > 1:
        raise refuse("REACTIONS_TOO_MANY")
    wanted = [str(each.get("emoji", "")) for each in given]
    allowed = REACTIONS if where.reactions is None else where.reactions
    if any(each.get("type") != "emoji" for each in given) or not set(wanted) <= allowed:
        raise refuse("REACTION_INVALID")
    for people in one.reactions.values():
        if call.world.bot in people:
            people.remove(call.world.bot)
    for emoji in wanted:
        one.reactions.setdefault(emoji, []).append(call.world.bot)
    one.reactions = {emoji: people for emoji, people in one.reactions.items() if people}
    call.world.changed()
    return True


METHODS: Mapping[str, Handler] = {
    "answerCallbackQuery": answer_query,
    "sendChatAction": act,
    "setMessageReaction": react,
}
