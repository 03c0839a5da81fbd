"""`/privacy` for tests, on a store."""

from collections.abc import Callable
from datetime import datetime

from bot.actions.press import Presses
from bot.actions.privacy import Privacy
from bot.domain.privacy import Terms
from bot.store.database import Database
from bot.store.privacy import PrivacyStore


def a_privacy(database: Database, presses: Presses, clock: Callable[[], datetime]) -> Privacy:
    """What a bot with the shipped settings says and does."""
    terms = Terms(prompt_days=90, file_days=7)
    return Privacy(archive=PrivacyStore(database, now=clock), presses=presses, terms=terms)
