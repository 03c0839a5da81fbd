"""Who is in a chat, as the Bot API writes it, and how that changes. https://core.telegram.org/bots/api#chatmember"""

from collections.abc import Iterable
from dataclasses import replace

from tests.emulators.telegram import payloads
from tests.emulators.telegram.posting import Draft, Press
from tests.emulators.telegram.things import LEADING, LEADING_IN, Chat, ChatKind, Json, Member, Right, Status, User

FOR_EVER = 0


def member(chat: Chat, one: Member) -> Json:
    """Somebody's standing."""
    body: Json = {"user": payloads.user(one.user), "status": one.status.value}
    match one.status:
        case Status.OWNER:
            body["is_anonymous"] = one.anonymous
        case Status.ADMINISTRATOR:
            body |= {"can_be_edited": False, "is_anonymous": one.anonymous, **leading(chat, one)}
        case Status.RESTRICTED:
            rights = {str(right): right in one.rights for right in Right}
            body |= {"is_member": True, "until_date": FOR_EVER, **rights}
        case Status.KICKED:
            body["until_date"] = FOR_EVER
        case Status.MEMBER | Status.LEFT:
            pass
    return body | payloads.given(custom_title=one.title if one.leads else "")


def leading(chat: Chat, one: Member) -> Json:
    """What an administrator may, and may not."""
    return {name: name in one.rights for name in (*LEADING, *LEADING_IN[chat.kind])}


class Standing:
    """Changes who is what in a chat, and lets the bot hear of it: always of itself, of others if it leads there."""

    def __init__(self, press: Press) -> None:
        self._press = press
        self._world = press.world

    def become(self, chat: Chat, user: User, status: Status, *, by: User, **more: object) -> Member:
        """Somebody's new standing; `more` are fields of `Member`."""
        old = self._world.member(chat, user)
        new = replace(old, status=status, **more)  # type: ignore[arg-type]
        chat.members[user.id] = new
        body = {
            "chat": payloads.chat(chat),
            "from": payloads.user(by),
            "date": self._world.seconds(),
            "old_chat_member": member(chat, old),
            "new_chat_member": member(chat, new),
        }
        mine = user is self._world.bot
        if mine or self._world.member(chat, self._world.bot).leads:
            self._world.told("my_chat_member" if mine else "chat_member", body)
        self._world.changed()
        return new

    def arrive(self, chat: Chat, user: User, *, by: User) -> None:
        """Somebody comes in; everybody is told, in a channel nobody."""
        self.become(chat, user, Status.MEMBER, by=by)
        self.announce(chat, by, {"new_chat_members": [payloads.user(user)]})

    def go(self, chat: Chat, user: User, *, by: User, status: Status = Status.LEFT) -> None:
        """Somebody leaves, or is thrown out (`KICKED`). The bot still hears that it was thrown out, and no more."""
        was_inside = self._world.member(chat, user).inside
        if was_inside and user is not self._world.bot:
            self.announce(chat, by, {"left_chat_member": payloads.user(user)})
        self.become(chat, user, status, by=by)

    def announce(self, chat: Chat, by: User, service: Json) -> None:
        """A service message."""
        if chat.kind in {ChatKind.GROUP, ChatKind.SUPERGROUP}:
            self._press.post(chat, by, Draft(), service=service)

    def private(self, chat: Chat, *, blocked: bool) -> None:
        """A person blocks the bot, or takes it back."""
        person = chat.person or self._world.service
        was, now = (Status.MEMBER, Status.KICKED) if blocked else (Status.KICKED, Status.MEMBER)
        chat.blocked = blocked
        body = {
            "chat": payloads.chat(chat),
            "from": payloads.user(person),
            "date": self._world.seconds(),
            "old_chat_member": member(chat, Member(user=self._world.bot, status=was)),
            "new_chat_member": member(chat, Member(user=self._world.bot, status=now)),
        }
        self._world.told("my_chat_member", body)


def without(*denied: Right, of: Iterable[Right] = Right) -> frozenset[Right]:
    """Every right but these."""
    return frozenset(of) - set(denied)
