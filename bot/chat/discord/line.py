"""The client that stands just now: built anew by every life of the platform, while the Chat around it stays."""

from datetime import datetime
from typing import Literal, cast

import discord

from bot.chat.discord.place import Spot
from bot.domain.errors import ChatUnavailable, PlaceGone
from bot.ports.clock import Now

ORIGINAL = cast("int", "@original")
"""Discord's name for the message an interaction was answered with; it stands where discord.py expects an id."""


KEPT_MINUTES: Literal[1440] = 1440
"""How long a thread is listed after its last message."""

AWAY_S = 1.0
"""How soon to come back while no client stands; it costs nothing to ask."""


class Line:
    """Empty while Discord is away; whoever speaks then is told to come back."""

    def __init__(self, now: Now) -> None:
        self._now = now
        self._client: discord.AutoShardedClient | None = None

    def connect(self, client: discord.AutoShardedClient | None) -> None:
        """From now on this client speaks; None: nobody does."""
        self._client = client

    def client(self) -> discord.AutoShardedClient:
        """The client. Raises ChatUnavailable."""
        if self._client is None or self._client.is_closed():
            raise ChatUnavailable("Discord is away", retry_after_s=AWAY_S)
        return self._client

    def now(self) -> datetime:
        """This moment."""
        return self._now()

    def channel(self, channel: int, guild: int = 0) -> discord.PartialMessageable:
        """A channel, thread or DM to write to, looked up nowhere."""
        return self.client().get_partial_messageable(channel, guild_id=guild or None)

    async def open_thread(self, channel: int, message: int, name: str) -> int:
        """A thread on a message. discord.py's own message opens none before the gateway has told of its server."""
        opened = await self.client().http.start_thread_with_message(
            channel, message, name=name, auto_archive_duration=KEPT_MINUTES
        )
        return int(opened["id"])

    async def upload_bytes(self, guild: int) -> int:
        """What one file may weigh in a server; asked for where the gateway has not told of it."""
        known = self.client().get_guild(guild) or await self.client().fetch_guild(guild, with_counts=False)
        return known.filesize_limit

    def by_token(self, spot: Spot) -> discord.Webhook:
        """What the interaction's token can still say. Raises PlaceGone once it is over."""
        if not spot.token_lives(self._now()):
            raise PlaceGone("the interaction's token is over")
        payload = {"id": str(spot.application), "type": 3, "token": spot.token}
        state = self.client()._connection  # noqa: SLF001  discord.py offers no other way to an application's webhook
        return discord.Webhook.from_state(data=payload, state=state)  # type: ignore[arg-type]  # a partial payload will do

    async def dm(self, user: int) -> discord.DMChannel:
        """Somebody's private channel."""
        return await self.client().create_dm(discord.Object(user))
