"""What a command may be, as Discord reads it when it is registered.

https://docs.discord.com/developers/interactions/application-commands
"""

import unicodedata
from collections import Counter
from typing import Any

from tests.emulators.discord.refusals import Problems, refuse
from tests.emulators.discord.things import Json

CHAT, USER, MESSAGE = 1, 2, 3
MAXIMUM = {CHAT: 100, USER: 15, MESSAGE: 15}
OPTIONS = 25
TOTAL = 8000
TEXTS = {3}
NUMBERS = {4, 10}
NESTED = {1, 2}
LOCALES = {
    "ar", "bg", "cs", "da", "de", "el", "en-GB", "en-US", "es-419", "es-ES", "fi", "fr", "he", "hi", "hr", "hu",
    "id", "it", "ja", "ko", "lt", "nl", "no", "pl", "pt-BR", "ro", "ru", "sv-SE", "th", "tr", "uk", "vi", "zh-CN",
    "zh-TW",
}  # fmt: skip


def check_commands(commands: list[Json]) -> None:
    """A whole list, as a bulk overwrite sends it.

    Raises:
        Refusal: 30032 for too many, 50035 for what is wrong in them.
    """
    counted = Counter(one.get("type", CHAT) for one in commands)
    if any(counted[kind] > limit for kind, limit in MAXIMUM.items()):
        raise refuse(30032)
    problems = Problems()
    names = Counter((one.get("name"), one.get("type", CHAT)) for one in commands)
    for index, one in enumerate(commands):
        if names[one.get("name"), one.get("type", CHAT)] > 1:
            words = "Application command names must be unique"
            problems.add(f"{index}.name", "APPLICATION_COMMANDS_DUPLICATE_NAME", words)
        check_command(one, str(index), problems)
    problems.raise_any()


def check_command(one: Json, at: str, problems: Problems) -> None:
    """One command."""
    kind = one.get("type", CHAT)
    if kind == CHAT:
        check_name(one, at, problems)
        problems.length(f"{at}.description", one.get("description"), 1, 100)
        check_options(one.get("options") or [], f"{at}.options", problems, depth=0)
    else:
        problems.length(f"{at}.name", one.get("name"), 1, 32)
        if one.get("description"):
            words = "Context menu commands cannot have description"
            problems.add(f"{at}.description", "APPLICATION_COMMANDS_CONTEXT_MENU_DESCRIPTION", words)
    check_locales(one, at, problems)
    if (size := longest(one)) > TOTAL:
        words = f"Command exceeds maximum size ({TOTAL}): {size}"
        problems.add(at, "APPLICATION_COMMAND_TOO_LARGE", words)
    if 2 in (one.get("contexts") or []) and 1 not in (one.get("integration_types") or [0]):
        problems.add(f"{at}.contexts", "APPLICATION_COMMAND_INVALID_CONTEXT", "2 needs a user-installable command")


def check_name(one: Json, at: str, problems: Problems) -> None:
    """Letters, digits, `-`, `_` and `'`, lower-case, one to thirty-two."""
    name = one.get("name")
    problems.length(f"{at}.name", name, 1, 32)
    if isinstance(name, str) and (name != name.lower() or not all(map(named, name))):
        words = "Command name is invalid"
        problems.add(f"{at}.name", "APPLICATION_COMMAND_INVALID_NAME", words)


def named(character: str) -> bool:
    """Whether a command's name may hold it: letters and numbers, and the marks of Devanagari and Thai."""
    kind = unicodedata.category(character)
    marks = kind.startswith("M") and unicodedata.name(character, "").split(" ")[0] in {"DEVANAGARI", "THAI"}
    return character in "-_'" or kind[0] in "LN" or marks


def check_options(options: list[Json], at: str, problems: Problems, *, depth: int) -> None:
    """Twenty-five at most, unique, required ones first."""
    if len(options) > OPTIONS:
        problems.length(at, options, 0, OPTIONS)
    optional, seen = False, set()
    for index, one in enumerate(options):
        where = f"{at}.{index}"
        if one.get("name") in seen:
            problems.add(f"{where}.name", "APPLICATION_COMMAND_OPTIONS_NAME_INVALID", "Option names must be unique")
        seen.add(one.get("name"))
        if one.get("required") and optional:
            words = "Required options must be placed before non-required options"
            problems.add(where, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", words)
        optional = optional or (not one.get("required") and one.get("type") not in NESTED)
        check_option(one, where, problems, depth=depth)


def check_option(one: Json, at: str, problems: Problems, *, depth: int) -> None:
    """One option, or a subcommand with its own."""
    kind = one.get("type")
    check_name(one, at, problems)
    problems.length(f"{at}.description", one.get("description"), 1, 100)
    check_locales(one, at, problems)
    if kind in NESTED:
        if kind == 2 and depth:
            words = "Sub-command groups can only be at the top"
            problems.add(f"{at}.type", "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", words)
        check_options(one.get("options") or [], f"{at}.options", problems, depth=depth + 1)
        return
    if one.get("choices") and one.get("autocomplete"):
        words = "Autocomplete cannot be set with choices"
        problems.add(f"{at}.autocomplete", "APPLICATION_COMMAND_AUTOCOMPLETE_NOT_ALLOWED", words)
    if one.get("autocomplete") and kind not in TEXTS | NUMBERS:
        problems.add(f"{at}.autocomplete", "APPLICATION_COMMAND_AUTOCOMPLETE_NOT_ALLOWED", "not for this type")
    check_choices(one.get("choices") or [], at, kind, problems)
    low, high = one.get("min_length"), one.get("max_length")
    if not 0 <= (0 if low is None else low) <= 6000 or not 1 <= (6000 if high is None else high) <= 6000:
        problems.add(f"{at}.max_length", "NUMBER_TYPE_MAX", "int value should be less than or equal to 6000.")


def check_choices(choices: list[Json], at: str, kind: Any, problems: Problems) -> None:
    """Twenty-five at most, with names and values that fit."""
    if len(choices) > OPTIONS:
        problems.length(f"{at}.choices", choices, 0, OPTIONS)
    for index, each in enumerate(choices):
        where = f"{at}.choices.{index}"
        problems.length(f"{where}.name", each.get("name"), 1, 100)
        check_locales(each, where, problems)
        if kind in TEXTS:
            problems.length(f"{where}.value", each.get("value"), 1, 100)
        elif not isinstance(each.get("value"), (int, float)):
            problems.add(f"{where}.value", "NUMBER_TYPE_COERCE", "Value is not a number.")


def check_locales(one: Json, at: str, problems: Problems) -> None:
    """Only languages that Discord has."""
    for key in ("name_localizations", "description_localizations"):
        for unknown in set(one.get(key) or {}) - LOCALES:
            problems.add(f"{at}.{key}", "ENUM_TYPE_COERCE", f"Value {unknown} is not a valid locale.")


def longest(one: Any) -> int:
    """Names, descriptions and values of a command, each in its longest language."""
    if isinstance(one, list):
        return sum(map(longest, one))
    if not isinstance(one, dict):
        return 0
    texts = 0
    for key in ("name", "description"):
        translated = (one.get(f"{key}_localizations") or {}).values()
        texts += max([len(one.get(key) or ""), *map(len, translated)])
    value = one.get("value")
    texts += len(value) if isinstance(value, str) else 0
    return texts + longest(one.get("options") or []) + longest(one.get("choices") or [])
