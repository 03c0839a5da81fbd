"""The one Discord there is: what exists, who may do what, and how it comes and goes.

Whatever changes is `told`: the gateway hears of it, and whoever waits looks again.
"""

from collections.abc import Callable
from typing import Any

from tests.emulators.discord.clock import Clock
from tests.emulators.discord.permissions import DIRECT, EVERYTHING, Permission
from tests.emulators.discord.things import (
    Application,
    Attachment,
    Channel,
    ChannelType,
    Guild,
    Member,
    Message,
    Role,
    User,
)


class World:
    """Everything there is. `told` is called with each event: name, payload, server (None: a direct message)."""

    def __init__(self, clock: Clock, application: Application, told: Callable[[str, Any, Guild | None], None]) -> None:
        self.clock = clock
        self.application = application
        self.told = told
        self.users: dict[int, User] = {application.user.id: application.user, application.owner.id: application.owner}
        self.guilds: dict[int, Guild] = {}
        self.channels: dict[int, Channel] = {}
        self.attachments: dict[int, Attachment] = {}

    @property
    def bot(self) -> User:
        """The bot's own account."""
        return self.application.user

    def message(self, channel: Channel, message_id: int) -> Message | None:
        """A message that still stands."""
        found = channel.messages.get(message_id)
        return None if found is None or found.deleted else found

    def direct(self, *people: User) -> Channel:
        """The direct channel of exactly these, made when it was not there."""
        for channel in self.channels.values():
            if channel.type is ChannelType.DM and set(channel.recipients) == set(people):
                return channel
        made = Channel(id=self.clock.snowflake(), type=ChannelType.DM, recipients=list(people))
        self.channels[made.id] = made
        return made

    def threads(self, parent: Channel) -> list[Channel]:
        """The threads (or posts) below a channel, oldest first."""
        return [channel for channel in self.channels.values() if channel.parent is parent]

    def permissions(self, user: User, channel: Channel) -> Permission:
        """What `user` may do there; nothing for a stranger."""
        if channel.guild is None:
            return DIRECT if user in channel.recipients else Permission(0)
        member = channel.guild.members.get(user.id)
        if member is None:
            return Permission(0)
        if channel.type is ChannelType.PRIVATE_THREAD and user not in channel.inside:
            theirs = self._in_guild(member, channel.guild, channel.parent or channel)
            return theirs if theirs & Permission.MANAGE_THREADS else Permission(0)
        return self._in_guild(member, channel.guild, channel.parent if channel.is_thread else channel)

    def _in_guild(self, member: Member, guild: Guild, channel: Channel | None) -> Permission:
        granted = guild.everyone.permissions
        for role in member.roles:
            granted |= role.permissions
        if guild.owner is member.user or granted & Permission.ADMINISTRATOR:
            return EVERYTHING
        overwrites = channel.overwrites if channel else {}
        for ids in ([guild.id], [role.id for role in member.roles], [member.user.id]):
            denied = allowed = Permission(0)
            for deny, allow in (overwrites[one] for one in ids if one in overwrites):
                denied |= deny
                allowed |= allow
            granted = granted & ~denied | allowed
        return granted if granted & Permission.VIEW_CHANNEL else Permission(0)

    def join(self, guild: Guild, user: User, *roles: Role) -> Member:
        """Somebody comes into a server."""
        self.users[user.id] = user
        known = guild.members.get(user.id)
        member = known or Member(user=user, joined_at=self.clock.now())
        member.roles += [one for one in roles if one not in member.roles]
        guild.members[user.id] = member
        if user is self.bot and known is None:
            self.told("GUILD_CREATE", guild, guild)
        return member

    def leave(self, guild: Guild, user: User) -> None:
        """Somebody goes, by themselves or not."""
        if user is self.bot:
            self.told("GUILD_DELETE", guild, guild)
        guild.members.pop(user.id, None)
        self.changed()

    def changed(self) -> None:
        """Something that only the emulator's own people see."""
        self.told("", None, None)

    def open_thread(
        self,
        parent: Channel,
        owner: User,
        name: str,
        *,
        kind: ChannelType = ChannelType.PUBLIC_THREAD,
        thread_id: int | None = None,
        auto_archive: int = 1440,
        applied: list[int] | None = None,
    ) -> Channel:
        """A thread below a channel, or a forum's post."""
        made = Channel(
            id=thread_id or self.clock.snowflake(),
            type=kind,
            name=name,
            guild=parent.guild,
            parent=parent,
            owner=owner,
            auto_archive=auto_archive,
            inside=[owner],
            applied=applied or [],
        )
        self.channels[made.id] = made
        self.told("THREAD_CREATE", made, made.guild)
        return made

    def remove(self, channel: Channel) -> None:
        """A channel or thread is deleted, with everything in it."""
        for thread in self.threads(channel):
            self.remove(thread)
        self.channels.pop(channel.id, None)
        for message in channel.messages.values():
            message.deleted = True
        for message in channel.parent.messages.values() if channel.parent else ():
            if message.thread is channel:
                message.thread = None
        self.told("THREAD_DELETE" if channel.is_thread else "CHANNEL_DELETE", channel, channel.guild)
