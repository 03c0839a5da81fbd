"""Which of the bot's menus a person sees: the most particular one, in their language if there is one.

https://core.telegram.org/bots/api#determining-list-of-commands
"""

from collections.abc import Iterator

from tests.emulators.telegram.things import Chat, ChatKind, User
from tests.emulators.telegram.world import World

Scope = tuple[str, int, int]


def offered(world: World, user: User, chat: Chat) -> list[str]:
    """The names of the commands, in the menu's order."""
    for kind, place, person in scopes(world, user, chat):
        for language in (user.language[:2], ""):
            found = world.commands.get((kind, place, person, language))
            if found:
                return [one["command"] for one in found]
    return []


def scopes(world: World, user: User, chat: Chat) -> Iterator[Scope]:
    """The scopes that hold for somebody somewhere, the most particular first."""
    if chat.kind is ChatKind.PRIVATE:
        yield from [("chat", chat.id, 0), ("all_private_chats", 0, 0), ("default", 0, 0)]
        return
    leads = world.member(chat, user).leads
    yield "chat_member", chat.id, user.id
    if leads:
        yield "chat_administrators", chat.id, 0
    yield "chat", chat.id, 0
    if leads:
        yield "all_chat_administrators", 0, 0
    yield from [("all_group_chats", 0, 0), ("default", 0, 0)]
