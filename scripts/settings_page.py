"""Writes docs/settings.md from the settings' own models; `--check` only says whether it is up to date."""

import sys
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from bot.settings.environment import FILES, PREFIX, Settings
from bot.settings.quota import TierSection

PAGE = Path(__file__).parent.parent / "docs" / "settings.md"

HEAD = """# Settings

Every key of every file, with its default. This page is generated from the program (`scripts/docs`).

Files are read from `config/` (`--config DIR`). Each key can also be set as a variable, and the variable wins: its name
is `REELROOM_`, the section, two underscores and the key in capitals (`REELROOM_FAL__CONCURRENCY=4`); lists are written
as JSON (`REELROOM_WEB__HOSTS='["reelroom.example.org"]'`).

## Secrets

Secrets come from variables, or from files of the same name in a secrets directory (`REELROOM_SECRETS`, otherwise
`/run/secrets` where there is one), and from nowhere else.

| variable | holds |
|---|---|
| `FAL_KEY` | the key of your account at fal; without it only the demo and the sandbox work |
| `DISCORD_TOKEN` | the token of your application's bot; without it Discord is off ([discord.md](discord.md)) |
| `TELEGRAM_TOKEN` | the token BotFather gave your bot; without it Telegram is off ([telegram.md](telegram.md)) |
| `REELROOM_SECRET` | what sessions and links are signed with; made in the data folder at the first start when unset |
| `REELROOM_SECRET_OLD` | the secret before, while you rotate |
| `REELROOM_LOG` | not a secret: the level of the log (DEBUG, INFO, WARNING) |
"""


def sections() -> Iterator[tuple[str, str, type[BaseModel]]]:
    """File, table and model of every section, in the order of the page."""
    for name, field in Settings.model_fields.items():
        model = field.annotation
        if isinstance(model, type) and issubclass(model, BaseModel):
            file = next((file for file, section in FILES.items() if section == name), "bot.toml")
            yield from tables(file, "" if file != "bot.toml" else name, name, model)


def tables(file: str, table: str, path: str, model: type[BaseModel]) -> Iterator[tuple[str, str, type[BaseModel]]]:
    """A model and the models inside it."""
    yield file, f"{table}|{path}", model
    for name, field in model.model_fields.items():
        inner = field.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            yield from tables(file, f"{table}.{name}".strip("."), f"{path}.{name}", inner)


def row(path: str, name: str, field: FieldInfo) -> str:
    """One key as a row."""
    variable = f"{PREFIX}{path}.{name}".upper().replace(".", "__")
    return f"| `{name}` | `{_default(field)}` | {field.description or ''} | `{variable}` |"


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    value = field.get_default(call_default_factory=True)
    if isinstance(value, StrEnum):
        return value.value
    return "[]" if value in ((), []) else "no limit" if value is None else str(value)


def page() -> str:
    """The whole page."""
    parts = [HEAD]
    tiers: tuple[str, str, type[BaseModel]] = ("quota.toml", "tiers.NAME|quota.tiers.name", TierSection)
    for file, where, model in [*sections(), tiers]:
        table, _, path = where.partition("|")
        title = f"`{file}`" + (f", table `[{table}]`" if table else "")
        keys = {
            name: field
            for name, field in model.model_fields.items()
            if not (isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel)) and name != "tiers"
        }
        if keys:
            rows = [row(path, name, field) for name, field in keys.items()]
            parts.append(
                "\n".join([f"## {title}\n", "| key | default | is | variable |", "|---|---|---|---|", *rows, ""])
            )
    return "\n".join(parts)


def main(arguments: list[str]) -> int:
    """Write the page, or with `--check` compare it."""
    fresh = page()
    if "--check" in arguments:
        if PAGE.exists() and PAGE.read_text("utf-8") == fresh:
            return 0
        print("docs/settings.md is out of date: scripts/docs")
        return 1
    PAGE.write_text(fresh, "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
