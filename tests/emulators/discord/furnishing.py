"""A tester's way to furnish the world: servers, channels, roles, what is allowed where."""

from tests.emulators.discord.clock import Clock
from tests.emulators.discord.permissions import EVERYONE, Permission
from tests.emulators.discord.things import Application, Channel, ChannelType, Guild, Role, User
from tests.emulators.discord.world import World

BOT_ROLE = EVERYONE
"""What the bot's own role allows: what its invitation asks for and no more, so that what it lacks is noticed."""


class Furnishing:
    """Everything here takes effect at once, and a connected bot hears of it."""

    clock: Clock
    world: World
    application: Application

    def guild(self, name: str, *, with_bot: bool = True, tier: int = 0, shard: tuple[int, int] | None = None) -> Guild:
        """A new server. `shard`: (which, of how many) it shall fall to. `tier`: its boosts, 0 to 3."""
        guild_id = self.clock.snowflake_on(*shard) if shard else self.clock.snowflake()
        owner = User(id=self.clock.snowflake(), name=f"Owner of {name}")
        everyone = Role(id=guild_id, name="@everyone", permissions=EVERYONE, position=0)
        guild = Guild(id=guild_id, name=name, owner=owner, everyone=everyone, tier=tier)
        guild.roles[guild_id] = everyone
        self.world.guilds[guild_id] = guild
        self.world.join(guild, owner)
        if with_bot:
            role = self.role(guild, "Reelroom", BOT_ROLE)
            self.world.join(guild, self.world.bot, role)
        return guild

    def role(self, guild: Guild, name: str, permissions: Permission = EVERYONE) -> Role:
        """A new role; give it with `world.join(guild, user, role)`."""
        role = Role(id=self.clock.snowflake(), name=name, permissions=permissions, position=len(guild.roles))
        guild.roles[role.id] = role
        self.world.told("GUILD_ROLE_CREATE", role, guild)
        return role

    def text(self, guild: Guild, name: str, *, nsfw: bool = False) -> Channel:
        """A text channel."""
        return self._channel(
            Channel(id=self.clock.snowflake(), type=ChannelType.TEXT, name=name, guild=guild, nsfw=nsfw)
        )

    def forum(self, guild: Guild, name: str, *, tags: tuple[str, ...] = (), needs_tag: bool = False) -> Channel:
        """A forum, with tags."""
        made = [(self.clock.snowflake(), tag) for tag in tags]
        forum = Channel(id=self.clock.snowflake(), type=ChannelType.FORUM, name=name, guild=guild, tags=made)
        forum.needs_tag = needs_tag
        return self._channel(forum)

    def _channel(self, channel: Channel) -> Channel:
        self.world.channels[channel.id] = channel
        self.world.told("CHANNEL_CREATE", channel, channel.guild)
        return channel

    def thread(self, parent: Channel, owner: User, name: str, *, private: bool = False) -> Channel:
        """A thread that somebody opened."""
        kind = ChannelType.PRIVATE_THREAD if private else ChannelType.PUBLIC_THREAD
        return self.world.open_thread(parent, owner, name, kind=kind)

    def direct(self, user: User) -> Channel:
        """The bot's direct channel with somebody."""
        return self.world.direct(user, self.world.bot)

    def deny(self, channel: Channel, *denied: Permission, of: User | Role | None = None) -> None:
        """Take permissions away in a channel: from the bot, or from whom is named."""
        self._overwrite(channel, denied, of or self.world.bot, allow=False)

    def allow(self, channel: Channel, *allowed: Permission, of: User | Role | None = None) -> None:
        """Give permissions in a channel: to the bot, or to whom is named."""
        self._overwrite(channel, allowed, of or self.world.bot, allow=True)

    def _overwrite(self, channel: Channel, which: tuple[Permission, ...], who: User | Role, *, allow: bool) -> None:
        no, yes = channel.overwrites.get(who.id, (Permission(0), Permission(0)))
        for one in which:
            no, yes = (no & ~one, yes | one) if allow else (no | one, yes & ~one)
        channel.overwrites[who.id] = (no, yes)
        self.world.told("CHANNEL_UPDATE", channel, channel.guild)

    def lock(self, thread: Channel) -> None:
        """A moderator locks (and so archives) a thread."""
        thread.locked = thread.archived = True
        self.archive(thread)

    def archive(self, thread: Channel) -> None:
        """A thread falls asleep."""
        thread.archived, thread.touched = True, self.clock.now()
        self.world.told("THREAD_UPDATE", thread, thread.guild)
