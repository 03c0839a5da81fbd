"""The console, put together."""

from collections.abc import Sequence

from bot.app import clock
from bot.console.console import Console
from bot.web.badges import Badges


def build_console(secrets: Sequence[bytes], base_url: str) -> Console:
    """The pages for owners and moderators; `base_url` is where their links lead."""
    return Console(badges=Badges(secrets=secrets, now=clock.now, entropy=clock.entropy), base_url=base_url)
