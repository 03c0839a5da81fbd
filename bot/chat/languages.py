"""Names and descriptions in other languages: one table per locale in `locales/`, which a translator can edit.

A table maps English to its language: `[names]` are what people type after the slash (lower case, no spaces),
`[choices]` values to choose from, `[menus]` the context menus, `[texts]` the descriptions. What a table lacks is
shown in English.
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path

FOLDER = Path(__file__).parent / "locales"

Table = tuple[Mapping[str, str], ...]
"""One language: its parts, in their order."""

PARTS = ("names", "choices", "menus", "texts")


def tables(folder: Path = FOLDER) -> dict[str, Table]:
    """Every language by Discord's name of it ("de", "pt-BR"), which is the file's."""
    return {path.stem: _table(path) for path in sorted(folder.glob("*.toml"))}


def word(table: Table, text: str) -> str | None:
    """The text in this language, None where the table lacks it."""
    return next((words[text] for words in table if text in words), None)


def _table(path: Path) -> Table:
    read = tomllib.loads(path.read_text(encoding="utf-8"))
    return tuple(read.get(part, {}) for part in PARTS)
