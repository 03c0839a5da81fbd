"""The commands Telegram offers while people type: set for every kind of chat and language, when they have changed.

A menu is for show and allows nothing by itself. Every language is set in every scope, since an untranslated narrower
scope would hide a translated wider one: https://core.telegram.org/bots/api#determining-list-of-commands
"""

import hashlib
import logging
from collections.abc import Mapping

from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeDefault,
)

from bot.chat.languages import Table, word
from bot.chat.telegram.place import TELEGRAM
from bot.domain.catalogue import Catalogue
from bot.domain.replies import MENU_COMMANDS
from bot.domain.sentences import capital
from bot.ports.people import Memory

log = logging.getLogger(__name__)

DESCRIPTION = 256
SCOPES = (BotCommandScopeDefault(), BotCommandScopeAllPrivateChats(), BotCommandScopeAllGroupChats())


def menu(catalogue: Catalogue) -> Mapping[str, str]:
    """Every command with its description, in the order people should see them."""
    made = {command.name: command.makes for command in catalogue.commands.values()}
    return {name: capital(what)[:DESCRIPTION] for name, what in {**made, **MENU_COMMANDS}.items()}


def spoken(commands: Mapping[str, str], table: Table) -> list[BotCommand]:
    """The menu in one language. Names stay: Telegram takes plain letters only."""
    return [BotCommand(name, word(table, what) or what) for name, what in commands.items()]


async def sync(bot: Bot, catalogue: Catalogue, languages: Mapping[str, Table], memory: Memory) -> bool:
    """Set the menus, if they are others than were set last; whether they were. Raises TelegramError."""
    commands = menu(catalogue)
    menus = {"": spoken(commands, ()), **{name[:2]: spoken(commands, table) for name, table in languages.items()}}
    told = repr({language: [one.to_dict() for one in made] for language, made in menus.items()})
    digest = hashlib.sha256(told.encode()).hexdigest()
    scope, key = f"{TELEGRAM}:commands", str(bot.id)
    if await memory.setting(scope, key) == digest:
        return False
    for where in SCOPES:
        for language, made in menus.items():
            await bot.set_my_commands(made, scope=where, language_code=language or None)
    await memory.keep_setting(scope, key, digest)
    return True
