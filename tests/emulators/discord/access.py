"""What the bot's token opens: which channels it reaches, and what it lacks there."""

from tests.emulators.discord.calls import Call
from tests.emulators.discord.permissions import Permission
from tests.emulators.discord.refusals import refuse
from tests.emulators.discord.things import DIRECTS, Channel, ChannelType, Guild, Message


def channel(call: Call, *needed: Permission) -> Channel:
    """The channel of the path, if the bot is let in and may do what is needed.

    Raises:
        Refusal: 10003, 50001, 50013.
    """
    found = call.world.channels.get(call.id("channel"))
    if found is None:
        raise refuse(10003)
    allow(call, found, *needed)
    return found


def allow(call: Call, where: Channel, *needed: Permission) -> None:
    """Refuse what the bot may not do.

    Raises:
        Refusal: 50001 where it sees nothing, 50013 where something is missing.
    """
    granted = call.world.permissions(call.world.bot, where)
    if not granted & Permission.VIEW_CHANNEL:
        raise refuse(50001)
    for one in needed:
        if not granted & one:
            raise refuse(50013)


def may(call: Call, where: Channel, permission: Permission) -> bool:
    """Whether the bot has it there."""
    return bool(call.world.permissions(call.world.bot, where) & permission)


def to_write(call: Call, where: Channel) -> None:
    """Refuse where the bot cannot put a message.

    Raises:
        Refusal: 50008, 50013, 160005, 50007.
    """
    if where.type in {ChannelType.FORUM, ChannelType.MEDIA, ChannelType.CATEGORY}:
        raise refuse(50008)
    if where.type in DIRECTS:
        if any(not one.accepts_direct for one in where.recipients):
            raise refuse(50007)
        return
    inside = Permission.SEND_MESSAGES_IN_THREADS if where.is_thread else Permission.SEND_MESSAGES
    allow(call, where, inside)
    if where.locked and not may(call, where, Permission.MANAGE_THREADS):
        raise refuse(160005)


def message(call: Call, where: Channel) -> Message:
    """The message of the path; ephemeral ones do not exist for a bot's token.

    Raises:
        Refusal: 10008.
    """
    found = call.world.message(where, call.id("message"))
    if found is None or found.ephemeral:
        raise refuse(10008)
    return found


def guild(call: Call) -> Guild:
    """The server of the path, if the bot is in it.

    Raises:
        Refusal: 10004, 50001.
    """
    found = call.world.guilds.get(call.id("guild"))
    if found is None:
        raise refuse(10004)
    if call.world.bot.id not in found.members:
        raise refuse(50001)
    return found


def upload_bytes(where: Channel) -> int:
    """What one attachment of the bot may weigh there."""
    return where.guild.upload_bytes if where.guild else 10 * 1024 * 1024
