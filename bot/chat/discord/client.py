"""The discord.py client: it routes and does nothing else. The sharded kind, which survives a failed first connect."""

import logging
import traceback
from typing import Any

import discord
from discord import app_commands
from typing_extensions import override

from bot.chat.discord import options
from bot.chat.discord.commands import menus
from bot.chat.discord.completion import Suggestion, complete
from bot.chat.discord.desk import Desk
from bot.chat.discord.forms import Kinds
from bot.chat.discord.keyboard import PressButton
from bot.chat.discord.permissions import invitation, missing
from bot.chat.discord.pressing import is_form
from bot.chat.discord.tree import grow, sync
from bot.chat.discord.words import Words
from bot.chat.languages import tables
from bot.domain.admin import ADMIN
from bot.domain.notice import Action

log = logging.getLogger(__name__)

Interaction = discord.Interaction[Any]

EVERYWHERE = app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True)
INSTALLS = app_commands.AppInstallationType(guild=True, user=True)

LONGEST_LIMIT_S = 60.0
"""Discord's longer demands for patience are answered by our own waiting, and not by a call that hangs."""


class Tree(app_commands.CommandTree["ReelroomClient"]):
    """The commands. What they lead to goes through the door; what never gets that far is logged here."""

    @override
    async def on_error(self, interaction: Interaction, error: app_commands.AppCommandError, /) -> None:
        """A command nobody knows, or one whose answer has another shape than ours."""

        async def fail() -> None:
            raise error

        await self.client.desk.door.through(interaction, fail)


class ReelroomClient(discord.AutoShardedClient):
    """One life of the bot on Discord. `guild_ready_s` is how long it waits for the last server at start."""

    def __init__(self, desk: Desk, *, shards: int | None, guild_ready_s: float) -> None:
        super().__init__(
            intents=discord.Intents(guilds=True),
            allowed_mentions=discord.AllowedMentions.none(),
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
            shard_count=shards,
            guild_ready_timeout=guild_ready_s,
            max_ratelimit_timeout=LONGEST_LIMIT_S,
        )
        self.desk = desk
        self._tree = Tree(self, allowed_contexts=EVERYWHERE, allowed_installs=INSTALLS)

    @override
    async def setup_hook(self) -> None:
        """Logged in, not yet connected: learn who owns us, and bring the commands up to date."""
        application = await self.application_info()
        self.desk.owners.learn(application)
        self.desk.line.connect(self)
        self.add_dynamic_items(PressButton)
        await self._tree.set_translator(Words(tables()))
        grow(self._tree, menus(self.desk.front.catalogue), self)
        log.info("invite the bot with %s", invitation(application.id))
        if await sync(self._tree, self.desk.memory, application.id):
            log.info("the commands were brought up to date")

    async def on_ready(self) -> None:
        """Every server is known."""
        self.desk.vital.works()
        log.info("Discord is here", extra={"servers": len(self.guilds), "shards": self.shard_count})

    async def on_resumed(self) -> None:
        """The connection stands again, and nothing was missed."""
        self.desk.vital.works()

    async def on_disconnect(self) -> None:
        """The connection is gone; discord.py takes it up again by itself."""
        self.desk.vital.away("the connection was lost, and is being taken up again")

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Somebody followed the invitation, and may have left some of it out."""
        log.info("the bot was let into a server", extra={"server": guild.name})
        lacking = missing(guild.me.guild_permissions)
        if lacking:
            log.warning("something is not allowed there", extra={"server": guild.name, "missing": ", ".join(lacking)})

    async def on_interaction(self, interaction: Interaction) -> None:
        """Forms; commands go to the tree and buttons to their own class."""
        data: dict[str, Any] = dict(interaction.data or {})
        custom_id = str(data.get("custom_id", ""))
        if interaction.type is discord.InteractionType.modal_submit and is_form(custom_id):
            kind, _, about = custom_id.partition(":")
            pressing = self.desk.pressing
            await self.desk.door.through(interaction, lambda: pressing.submit(interaction, Kinds(kind), about))

    async def on_press(self, interaction: Interaction, action: Action, subject: str) -> None:
        """A button was pressed."""
        pressing = self.desk.pressing
        await self.desk.door.through(interaction, lambda: pressing.press(interaction, action, subject))

    async def on_command(self, interaction: Interaction) -> None:
        """A slash command was sent."""
        await self.desk.door.through(interaction, lambda: self.desk.command(interaction))

    async def on_completion(self, interaction: Interaction) -> tuple[Suggestion, ...]:
        """Somebody is typing."""
        data = _data(interaction)
        if data.get("name") == ADMIN:
            return self.desk.administering.complete(data)
        return complete(data, self.desk.front.catalogue)

    async def on_animate(self, interaction: Interaction) -> None:
        """The message menu "Animate this"."""
        await self.desk.door.through(interaction, lambda: self.desk.pressing.animate(interaction))

    async def on_report(self, interaction: Interaction) -> None:
        """The message menu "Report"."""
        await self.desk.door.through(interaction, lambda: self.desk.pressing.report_message(interaction))

    @override
    async def on_error(self, event_method: str, /, *args: Any, **kwargs: Any) -> None:
        """Whatever no door has caught; discord.py calls this while it handles it."""
        trace = traceback.format_exc()
        log.error("a Discord event failed", extra={"event": event_method, "trace": trace})


def _data(interaction: Interaction) -> options.Data:
    return dict(interaction.data or {})
