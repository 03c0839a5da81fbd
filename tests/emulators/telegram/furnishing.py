"""A tester's way to furnish the world: chats, topics, who is in them and what they may."""

from tests.emulators.telegram.media import Upload
from tests.emulators.telegram.members import Standing, without
from tests.emulators.telegram.posting import Draft, Press
from tests.emulators.telegram.things import (
    LEADING,
    LEADING_IN,
    Chat,
    ChatKind,
    Json,
    Member,
    Message,
    Place,
    Right,
    Status,
    Topic,
    User,
    chat_of,
)
from tests.emulators.telegram.world import World

GENERAL = 1
ICON_COLOUR = 7_322_096


class Furnishing:
    """Everything here takes effect at once; what others would hear of, the bot hears of too."""

    world: World
    press: Press
    standing: Standing

    # --- chats ---

    def group(self, title: str, *, supergroup: bool = True, with_bot: bool = True, username: str = "") -> Chat:
        """A new group; most are supergroups. The bot is an ordinary member of it."""
        kind = ChatKind.SUPERGROUP if supergroup else ChatKind.GROUP
        return self._chat(kind, title, username, Status.MEMBER if with_bot else None)

    def forum(self, title: str, *, with_bot: bool = True) -> Chat:
        """A new supergroup of topics, General among them."""
        chat = self.group(title, with_bot=with_bot)
        chat.forum = True
        chat.topics[GENERAL] = Topic(id=GENERAL, chat=chat, name="General")
        return chat

    def channel(self, title: str, *, discussion: Chat | None = None, with_bot: bool = True) -> Chat:
        """A new channel, the bot an administrator; what is posted appears in `discussion` too."""
        chat = self._chat(ChatKind.CHANNEL, title, "", Status.ADMINISTRATOR if with_bot else None)
        chat.linked = discussion
        if discussion is not None:
            discussion.linked = chat
        return chat

    def _chat(self, kind: ChatKind, title: str, username: str, bot: Status | None) -> Chat:
        drawn = self.world.draw()
        number = -(400_000_000 + drawn) if kind is ChatKind.GROUP else -(1_001_500_000_000 + drawn)
        chat = Chat(id=number, kind=kind, title=title, username=username)
        self.world.chats[number] = chat
        owner = self.account(f"Owner of {title}")
        chat.members[owner.id] = Member(user=owner, status=Status.OWNER)
        if bot is not None:
            rights = frozenset([*LEADING, *LEADING_IN[kind]])
            chat.members[self.world.bot.id] = Member(user=self.world.bot, status=bot, rights=rights)
        return chat

    def topic(self, forum: Chat, name: str, *, by: User | None = None) -> Topic:
        """A new topic; its id is that of the service message which opens it."""
        opened = self.world.message_id(forum)
        topic = Topic(id=opened, chat=forum, name=name)
        forum.topics[opened] = topic
        self._service(topic, by, {"forum_topic_created": {"name": name, "icon_color": ICON_COLOUR}}, opened)
        return topic

    def close(self, topic: Topic, *, by: User | None = None) -> None:
        """Only administrators write there from now on."""
        topic.closed = True
        self._service(topic, by, {"forum_topic_closed": {}})

    def reopen(self, topic: Topic, *, by: User | None = None) -> None:
        """Everybody may write there again."""
        topic.closed = False
        self._service(topic, by, {"forum_topic_reopened": {}})

    def _service(self, place: Place, by: User | None, service: Json, message_id: int | None = None) -> Message:
        who = by or self.owner(chat_of(place))
        return self.press.post(place, who, Draft(), service=service, message_id=message_id)

    def upgrade(self, group: Chat) -> Chat:
        """A group becomes a supergroup: another chat, with everybody in it, and the old one takes nothing more."""
        made = self.group(group.title, with_bot=False)
        made.members = dict(group.members)
        self._service(group, None, {"migrate_to_chat_id": made.id})
        self._service(made, None, {"migrate_from_chat_id": group.id})
        group.upgraded_to = made
        return made

    # --- people ---

    def account(self, name: str, *, username: str = "", language: str = "en") -> User:
        """A new account."""
        user = User(id=5_000_000_000 + self.world.draw(), name=name, username=username, language=language)
        self.world.users[user.id] = user
        self.world.private(user)
        return user

    def owner(self, chat: Chat) -> User:
        """Whose chat it is."""
        return next(one.user for one in chat.members.values() if one.status is Status.OWNER)

    def join(self, place: Place, user: User) -> None:
        """Somebody is in a chat from now on, without a word about it."""
        chat = chat_of(place)
        if not self.world.member(chat, user).inside:
            chat.members[user.id] = Member(user=user)

    def add_bot(self, chat: Chat, *, by: User | None = None) -> None:
        """Somebody adds the bot."""
        self.standing.arrive(chat, self.world.bot, by=by or self.owner(chat))

    def remove_bot(self, chat: Chat, *, by: User | None = None) -> None:
        """Somebody throws the bot out."""
        self.standing.go(chat, self.world.bot, by=by or self.owner(chat), status=Status.KICKED)

    def kick(self, chat: Chat, user: User, *, by: User | None = None) -> None:
        """Somebody is thrown out."""
        self.standing.go(chat, user, by=by or self.owner(chat), status=Status.KICKED)

    def promote(self, chat: Chat, user: User, *, anonymous: bool = False, lacking: tuple[str, ...] = ()) -> None:
        """An administrator from now on, with every right but those `lacking`; `anonymous`: speaks as the group."""
        rights = frozenset([*LEADING, *LEADING_IN[chat.kind]]) - set(lacking)
        by = self.owner(chat)
        self.standing.become(chat, user, Status.ADMINISTRATOR, by=by, rights=rights, anonymous=anonymous)

    def demote(self, chat: Chat, user: User) -> None:
        """An ordinary member again."""
        self.standing.become(chat, user, Status.MEMBER, by=self.owner(chat), anonymous=False)

    def restrict(self, chat: Chat, user: User, *denied: Right) -> None:
        """May do everything but these, and no more than others may."""
        rights = without(*denied)
        self.standing.become(chat, user, Status.RESTRICTED, by=self.owner(chat), rights=rights)

    def deny(self, chat: Chat, *denied: Right) -> None:
        """What ordinary members of a chat may no longer do."""
        chat.rights = without(*denied, of=chat.rights)

    def remove(self, topic: Topic) -> None:
        """A topic is gone with all its messages."""
        topic.deleted = True
        for one in topic.chat.messages.values():
            one.deleted = one.deleted or one.topic is topic
        self.world.changed()

    def picture(self, user: User, data: bytes) -> None:
        """Somebody's newest profile photo."""
        user.photos.insert(0, self.world.shelf.photo(Upload(filename="me.jpg", data=data)))
