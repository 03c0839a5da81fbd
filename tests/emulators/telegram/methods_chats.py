"""What the bot may look up of chats and people. https://core.telegram.org/bots/api#getchat"""

from collections.abc import Mapping

from tests.emulators.telegram import access, payloads
from tests.emulators.telegram.calls import Call, Handler
from tests.emulators.telegram.members import member
from tests.emulators.telegram.refusals import refuse
from tests.emulators.telegram.things import Chat, ChatKind, Json, Right, Status, User

ACCENT = 3
MOST_REACTIONS = 11
MOST_PHOTOS = 100
GIFTS = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")


def get_chat(call: Call) -> Json:
    """Everything of a chat, where what the bot cannot see is left out."""
    where = access.chat(call, writes=False)
    body = payloads.chat(where) | {
        "accent_color_id": ACCENT,
        "max_reaction_count": MOST_REACTIONS,
        "accepted_gift_types": dict.fromkeys(GIFTS, False),
    }
    if where.kind in {ChatKind.GROUP, ChatKind.SUPERGROUP}:
        body["permissions"] = {str(right): right in where.rights for right in Right}
    allowed = where.reactions
    if allowed is not None:
        body["available_reactions"] = [{"type": "emoji", "emoji": one} for one in sorted(allowed)]
    return body | payloads.given(
        slow_mode_delay=where.slow_mode_s or None,
        has_protected_content=where.protected,
        linked_chat_id=where.linked.id if where.linked else None,
        active_usernames=[where.username] if where.username else None,
    )


def get_member(call: Call) -> Json:
    """Somebody's standing; of strangers that they left."""
    where = among(call)
    user = somebody(call)
    inside = call.world.member(where, call.world.bot)
    hidden = where.hides_members or where.kind is ChatKind.CHANNEL
    if hidden and not inside.leads and user is not call.world.bot:
        raise refuse("CHAT_ADMIN_REQUIRED")
    return member(where, call.world.member(where, user))


def get_administrators(call: Call) -> list[Json]:
    """Who leads, other bots left out."""
    where = among(call)
    if where.kind is ChatKind.PRIVATE:
        raise refuse("there are no administrators in the private chat")
    leading = [one for one in where.members.values() if one.leads]
    return [member(where, one) for one in leading if not one.user.bot or one.user is call.world.bot]


def count(call: Call) -> int:
    """How many are there."""
    where = among(call)
    return 2 if where.kind is ChatKind.PRIVATE else sum(one.inside for one in where.members.values())


def among(call: Call) -> Chat:
    """A chat whose people the bot may see; a group that became another has none."""
    where = access.chat(call, writes=False)
    if where.kind is ChatKind.GROUP:
        access.chat(call)
    return where


def somebody(call: Call) -> User:
    """The person a parameter names.

    Raises:
        Refusal: Nobody.
    """
    wanted = call.number("user_id")
    if wanted <= 0:
        raise refuse("invalid user_id specified")
    found = call.world.users.get(wanted)
    if found is None:
        raise refuse("user not found")
    return found


def leave(call: Call) -> bool:
    """The bot goes."""
    where = access.chat(call)
    if where.kind is ChatKind.PRIVATE:
        raise refuse("chat member status can't be changed in private chats")
    call.parts.standing.go(where, call.world.bot, by=call.world.bot, status=Status.LEFT)
    return True


def get_photos(call: Call) -> Json:
    """Somebody's profile photos, newest first."""
    photos = somebody(call).photos
    start = max(call.number("offset"), 0)
    page = photos[start : start + call.bounded("limit", MOST_PHOTOS, 1, MOST_PHOTOS)]
    return {"total_count": len(photos), "photos": [[payloads.picture(each) for each in one.sizes] for one in page]}


METHODS: Mapping[str, Handler] = {
    "getChat": get_chat,
    "getChatMember": get_member,
    "getChatAdministrators": get_administrators,
    "getChatMemberCount": count,
    "leaveChat": leave,
    "getUserProfilePhotos": get_photos,
}
