"""What the bot is: its account, its commands. https://core.telegram.org/bots/api#available-methods"""

import re
from collections.abc import Mapping
from functools import partial

from tests.emulators.telegram import payloads
from tests.emulators.telegram.calls import Call, Handler
from tests.emulators.telegram.refusals import refuse
from tests.emulators.telegram.things import Json

MOST_COMMANDS = 100
LANGUAGE = re.compile(r"[a-z]{2}")
TEXTS = {"name": 64, "description": 512, "short_description": 120}
NAME = re.compile(r"[a-z0-9_]{1,32}")
DESCRIPTION_LENGTH = 256


def get_me(call: Call) -> Json:
    """The bot's own account."""
    return payloads.user(call.world.bot) | {
        "can_join_groups": True,
        "can_read_all_group_messages": not call.press.privacy.on,
        "supports_inline_queries": False,
        "supports_guest_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
        "has_topics_enabled": False,
        "allows_users_to_create_topics": False,
        "can_manage_bots": False,
    }


def set_commands(call: Call) -> bool:
    """The menu of a scope in a language."""
    given = call.json("commands", "commands")
    if not isinstance(given, list):
        raise refuse("expected an Array of BotCommand")
    if len(given) > MOST_COMMANDS:
        raise refuse("BOT_COMMANDS_TOO_MUCH")
    for one in given:
        if not isinstance(one, dict) or not NAME.fullmatch(str(one.get("command", "")).removeprefix("/")):
            raise refuse("BOT_COMMAND_INVALID")
        if not 1 <= len(str(one.get("description", ""))) <= DESCRIPTION_LENGTH:
            raise refuse("BOT_COMMAND_DESCRIPTION_INVALID")
    kept = [{"command": one["command"].removeprefix("/"), "description": one["description"]} for one in given]
    call.world.commands[scope(call)] = kept
    return True


def get_commands(call: Call) -> list[Json]:
    """The menu of exactly this scope and language."""
    return call.world.commands.get(scope(call), [])


def delete_commands(call: Call) -> bool:
    """No menu there any more."""
    call.world.commands.pop(scope(call), None)
    return True


def set_text(what: str, limit: int, call: Call) -> bool:
    """The bot's name or one of its descriptions, in a language; without words that of any language holds again."""
    words = call.text(what)
    if len(words) > limit:
        raise refuse(f"{what.upper()}_TOO_LONG" if what != "name" else "BOT_TITLE_INVALID")
    call.world.profile[what, language(call)] = words
    return True


def get_text(what: str, call: Call) -> Json:
    """What somebody of a language reads."""
    default = call.world.bot.name if what == "name" else ""
    profile = call.world.profile
    return {what: profile.get((what, language(call))) or profile.get((what, "")) or default}


def language(call: Call) -> str:
    """Two letters, or none for everybody."""
    code = call.text("language_code")
    if code and not LANGUAGE.fullmatch(code):
        raise refuse("invalid language code specified")
    return code


def scope(call: Call) -> tuple[str, int, int, str]:
    """The scope's type, its chat and person (0: none), and the language ("": any)."""
    given = call.json("scope", "BotCommandScope") or {"type": "default"}
    if not isinstance(given, dict):
        raise refuse("can't parse BotCommandScope: BotCommandScope must be an Object")
    kind = str(given.get("type", ""))
    if kind not in SCOPES:
        raise refuse("can't parse BotCommandScope: Unsupported type specified")
    place = given.get("chat_id", 0)
    if kind.startswith("chat") and int(place or 0) not in call.world.chats:
        raise refuse("chat not found")
    return kind, int(place or 0), int(given.get("user_id", 0) or 0), language(call)


SCOPES = {
    "default",
    "all_private_chats",
    "all_group_chats",
    "all_chat_administrators",
    "chat",
    "chat_administrators",
    "chat_member",
}

METHODS: Mapping[str, Handler] = {
    "getMe": get_me,
    "setMyCommands": set_commands,
    "getMyCommands": get_commands,
    "deleteMyCommands": delete_commands,
    "setMyName": partial(set_text, "name", TEXTS["name"]),
    "setMyDescription": partial(set_text, "description", TEXTS["description"]),
    "setMyShortDescription": partial(set_text, "short_description", TEXTS["short_description"]),
    "getMyName": partial(get_text, "name"),
    "getMyDescription": partial(get_text, "description"),
    "getMyShortDescription": partial(get_text, "short_description"),
}
