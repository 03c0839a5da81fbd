"""What the bot may hear of a message. In groups, with privacy mode on (the default), only what is meant for it.

https://core.telegram.org/bots/features#privacy-mode
"""

from dataclasses import dataclass

from tests.emulators.telegram.texts import cut
from tests.emulators.telegram.things import ChatKind, Json, Message
from tests.emulators.telegram.world import World


@dataclass(slots=True, kw_only=True)
class Privacy:
    """`on`: as BotFather has it. `captions`: whether a command under a picture counts, which no document says."""

    on: bool = True
    captions: bool = True

    def hears(self, world: World, one: Message) -> bool:
        """Whether a message, new or edited, reaches the bot."""
        if one.chat.kind is ChatKind.PRIVATE:
            return True
        member = world.member(one.chat, world.bot)
        if not member.inside or one.sender is world.bot:
            return False
        if one.service:
            return True
        if one.sender is not None and one.sender.bot and one.sender_chat is None:
            return False
        return member.leads or not self.on or self._meant(world, one)

    def _meant(self, world: World, one: Message) -> bool:
        if one.reply_to is not None and one.reply_to.sender is world.bot:
            return True
        readable = one.media is None or self.captions
        return readable and any(names(world, one, entity) for entity in one.entities)


def names(world: World, one: Message, entity: Json) -> bool:
    """Whether a mark in a message means the bot: its name, a command for it, or any command when it wrote last."""
    written = cut(one.words, entity["offset"], entity["length"]).lower()
    name = f"@{world.bot.username}".lower()
    match entity["type"]:
        case "mention":
            return written == name
        case "text_mention":
            return bool(entity["user"]["id"] == world.bot.id)
        case "bot_command":
            return written.endswith(name) or ("@" not in written and wrote_last(world, one))
        case _:
            return False


def wrote_last(world: World, before: Message) -> bool:
    """Whether no other bot has written since the bot did."""
    bots = [
        one
        for one in before.chat.messages.values()
        if one.sender is not None and one.sender.bot and one.sender_chat is None and one is not before
    ]
    return bool(bots) and max(bots, key=lambda one: one.id).sender is world.bot
