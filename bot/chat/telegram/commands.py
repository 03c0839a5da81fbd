"""The commands Telegram offers while people type: set for every kind of chat and language, when they have changed.

A menu is for show and allows nothing by itself. Every language is set in every scope, since an untranslated narrower
scope would hide a translated wider one: https://core.telegram.org/bots/api#determining-list-of-commands
"""

import hashlib
import logging
from collections.abc import Mapping, Sequence

from telegram import (
    Bot,
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeDefault,
)

from bot.chat.languages import Table, word
from bot.chat.telegram.place import TELEGRAM
from bot.domain.admin import ADMIN, MAKES
from bot.domain.catalogue import Catalogue
from bot.domain.replies import MENU_COMMANDS
from bot.domain.sentences import capital
from bot.ports.people import Memory

log = logging.getLogger(__name__)

DESCRIPTION = 256
SCOPES = (BotCommandScopeDefault(), BotCommandScopeAllPrivateChats(), BotCommandScopeAllGroupChats())
OF_ADMINS = BotCommandScopeAllChatAdministrators()


def menu(catalogue: Catalogue) -> Mapping[str, str]:
    """Every command with its description, in the order people should see them."""
    made = {command.name: command.makes for command in catalogue.commands.values()}
    return {name: capital(what)[:DESCRIPTION] for name, what in {**made, **MENU_COMMANDS}.items()}


def admins_menu(catalogue: Catalogue) -> Mapping[str, str]:
    """The same for admins of a group, who have one more."""
    return {**menu(catalogue), ADMIN: capital(MAKES)[:DESCRIPTION]}


def _menus(
    commands: Mapping[str, str], scopes: Sequence[BotCommandScope], languages: Mapping[str, Table]
) -> dict[tuple[BotCommandScope, str], list[BotCommand]]:
    """A menu for every scope and language; "" is the language of those who have none of ours."""
    tables: Mapping[str, Table] = {"": (), **{name[:2]: table for name, table in languages.items()}}
    return {(scope, language): spoken(commands, table) for scope in scopes for language, table in tables.items()}


def spoken(commands: Mapping[str, str], table: Table) -> list[BotCommand]:
    """The menu in one language. Names stay: Telegram takes plain letters only."""
    return [BotCommand(name, word(table, what) or what) for name, what in commands.items()]


async def sync(bot: Bot, catalogue: Catalogue, languages: Mapping[str, Table], memory: Memory) -> bool:
    """Set the menus, if they are others than were set last; whether they were. Raises TelegramError."""
    menus = {**_menus(menu(catalogue), SCOPES, languages), **_menus(admins_menu(catalogue), (OF_ADMINS,), languages)}
    told = repr(
        {f"{scope.type} {language}": [one.to_dict() for one in made] for (scope, language), made in menus.items()}
    )
    digest = hashlib.sha256(told.encode()).hexdigest()
    scope, key = f"{TELEGRAM}:commands", str(bot.id)
    if await memory.setting(scope, key) == digest:
        return False
    for (where, language), made in menus.items():
        await bot.set_my_commands(made, scope=where, language_code=language or None)
    await memory.keep_setting(scope, key, digest)
    return True
