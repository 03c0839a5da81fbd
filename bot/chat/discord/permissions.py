"""What the bot needs to be allowed, why, and the link that asks for exactly that. Pure."""

from collections.abc import Mapping

import discord

NEEDED: Mapping[str, str] = {
    "view_channel": "View Channels",
    "send_messages": "Send Messages",
    "send_messages_in_threads": "Send Messages in Threads",
    "create_public_threads": "Create Public Threads",
    "attach_files": "Attach Files",
    "read_message_history": "Read Message History",
}
"""discord.py's name of each, and Discord's own, as it stands in a server's settings."""

SCOPES = ("bot", "applications.commands")


def needed() -> discord.Permissions:
    """All of them."""
    return discord.Permissions(**dict.fromkeys(NEEDED, True))


def missing(have: discord.Permissions) -> tuple[str, ...]:
    """Discord's names of what is not allowed; an administrator may everything."""
    if have.administrator:
        return ()
    return tuple(called for name, called in NEEDED.items() if not getattr(have, name))


def invitation(application: int) -> str:
    """The link that invites the bot with these permissions and no other."""
    return discord.utils.oauth_url(application, permissions=needed(), scopes=SCOPES)
