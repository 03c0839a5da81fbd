"""A tester's way to furnish the world: chats and who is in them."""

from tests.emulators.telegram.things import Chat, ChatKind, Member, Place, Status, User
from tests.emulators.telegram.world import World


class Furnishing:
    """Everything here takes effect at once."""

    world: World

    def group(self, title: str, *, supergroup: bool = True, with_bot: bool = True, username: str = "") -> Chat:
        """A new group; most are supergroups. The bot is an ordinary member of it."""
        drawn = self.world.draw()
        number = -(1_000_000_000_000 + 1_500_000_000 + drawn) if supergroup else -(400_000_000 + drawn)
        kind = ChatKind.SUPERGROUP if supergroup else ChatKind.GROUP
        chat = Chat(id=number, kind=kind, title=title, username=username)
        self.world.chats[number] = chat
        owner = self.account(f"Owner of {title}")
        chat.members[owner.id] = Member(user=owner, status=Status.OWNER)
        if with_bot:
            chat.members[self.world.bot.id] = Member(user=self.world.bot)
        return chat

    def account(self, name: str, *, username: str = "", language: str = "en") -> User:
        """A new account."""
        user = User(id=5_000_000_000 + self.world.draw(), name=name, username=username, language=language)
        self.world.users[user.id] = user
        self.world.private(user)
        return user

    def join(self, place: Place, user: User) -> None:
        """Somebody is in a chat from now on, without a word about it."""
        chat = place if isinstance(place, Chat) else place.chat
        if not self.world.member(chat, user).inside:
            chat.members[user.id] = Member(user=user)
