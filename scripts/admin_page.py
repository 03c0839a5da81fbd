"""Writes what can be said behind `/admin` into docs/moderation.md; with `--check` it only compares.

Everything between the two markers is made from `bot.domain.admin` and the permission table, and never edited by hand.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

from bot.domain.admin import ADMIN, SUBS, Sub
from bot.domain.bulletins import usage
from bot.domain.group_rules import KEYS
from bot.domain.permission import MAY, Role
from scripts.written import between, write

PAGE = Path(__file__).parent.parent / "docs" / "moderation.md"
BEGIN = "<!-- admin: written by scripts/docs from bot/domain/admin.py -->"
END = "<!-- end of admin -->"


def table() -> str:
    """Every subcommand as it is typed, what it does, and for whom it is."""
    rows = ["| said | does | for |", "|---|---|---|"]
    for sub in SUBS.values():
        said = usage(sub).replace("|", "\\|")
        rows.append(f"| `/{ADMIN} {said}` | {sub.makes} | {_whom(sub)} |")
    return "\n".join(rows)


def rules() -> str:
    """Everything a group can set by `/admin rules`."""
    rows = ["| rule | is |", "|---|---|"]
    for name, key in KEYS.items():
        choices = f": {', '.join(f'`{one}`' for one in key.choices)}" if key.choices else ""
        rows.append(f"| `{name}` | {key.help}{choices} |")
    return "\n".join(rows)


def _whom(sub: Sub) -> str:
    return "moderators, the owner" if Role.MODERATOR in MAY[sub.deed] else "the owner"


def updated(page: str) -> str:
    """`page` with what stands between its markers written anew. Raises ValueError: a marker is missing."""
    return between(page, BEGIN, END, f"{table()}\n\nWhat a group can set by `/{ADMIN} rules`:\n\n{rules()}")


def main(arguments: Sequence[str]) -> int:
    """Write the page, or with `--check` return 1 when it would change."""
    return write(PAGE, updated, arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
