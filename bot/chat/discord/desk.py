"""What a client works with, the same through all its lives; and the commands that are no buttons."""

from dataclasses import dataclass

from bot.chat.discord import options
from bot.chat.discord.administering import Administering
from bot.chat.discord.asking import Asking
from bot.chat.discord.commands import ANSWERS, CODE, WHAT
from bot.chat.discord.door import Door, Interaction, refuse
from bot.chat.discord.front import Front
from bot.chat.discord.line import Line
from bot.chat.discord.options import Data
from bot.chat.discord.owners import Owners
from bot.chat.discord.place import DISCORD, Answers, link_of
from bot.chat.discord.pressing import Pressing
from bot.chat.discord.who import account_of, group_of
from bot.domain.admin import ADMIN
from bot.domain.courtesies import answers_notice
from bot.domain.errors import Problem, Refused, Slug
from bot.domain.match import listed, shortened
from bot.domain.replies import CHOSEN, MENU_COMMANDS, STATS, Elsewhere, help_notice
from bot.ports.people import Memory
from bot.ports.vitals import Vital


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Everything behind the door."""

    front: Front
    memory: Memory
    line: Line
    door: Door
    owners: Owners
    asking: Asking
    administering: Administering
    pressing: Pressing
    vital: Vital
    cdn_url: str

    async def command(self, interaction: Interaction) -> None:
        """A slash command. Raises Refused, StoreUnavailable."""
        data: Data = dict(interaction.data or {})
        name = str(data.get("name", ""))
        if name in self.front.catalogue.commands:
            await self.asking.take(interaction, options.asked(data, self.front.catalogue, cdn_url=self.cdn_url))
        elif name == ADMIN:
            await self.administering.do(interaction)
        elif name == "again":
            await self.asking.again(interaction, "")
        else:
            await self._own(interaction, name, options.filled(data))

    async def _own(self, interaction: Interaction, name: str, given: dict[str, str]) -> None:
        """One's own things: always between the person and us."""
        if ANSWERS in given:
            await self._answers(interaction, given[ANSWERS])
            return
        if name == "help":
            await refuse(interaction, help_notice(self.front.catalogue, own=MENU_COMMANDS, how=CHOSEN))
            return
        if name == STATS:
            await interaction.response.defer(ephemeral=True)  # a picture takes longer than Discord waits
            account = account_of(interaction, self.owners)
            await refuse(interaction, await self.front.stats(account, group_of(interaction), dark=True))
            return
        first = given.pop("command", "") or given.pop(CODE, "") or given.pop(WHAT, "")
        text = " ".join([f"/{name}", first, *(f"{key}={value}" for key, value in given.items())]).strip()
        account = account_of(interaction, self.owners)
        notice = await self.front.reply(text, account, group_of(interaction), elsewhere=Elsewhere(link=link_of))
        if notice is not None:
            await refuse(interaction, notice)

    async def _answers(self, interaction: Interaction, typed: str) -> None:
        """Where reels go in a server is for its moderators to say."""
        account, group = account_of(interaction, self.owners), group_of(interaction)
        if not group:
            raise Refused([Problem(slug=Slug.GROUPS_ONLY)])
        if not (account.is_moderator or account.is_owner):
            raise Refused([Problem(slug=Slug.MODERATOR_ALONE)])
        if typed not in set(Answers):
            facts = {"given": shortened(typed), "choices": listed(list(Answers))}
            raise Refused([Problem(slug=Slug.UNKNOWN_CHOICE, about=ANSWERS, facts=facts)])
        await self.memory.keep_setting(f"group:{DISCORD}:{group}", ANSWERS, typed)
        await refuse(interaction, answers_notice(typed))
