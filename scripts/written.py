"""A page of docs/ of which a part is written by a script."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path


def between(page: str, begin: str, end: str, text: str) -> str:
    """`page` with `text` between its two markers. Raises ValueError: a marker is missing."""
    before, found, rest = page.partition(begin)
    _, closed, after = rest.partition(end)
    if not (found and closed):
        raise ValueError(f"the page has lost its markers: {begin} … {end}")
    return f"{before}{begin}\n\n{text}\n\n{end}{after}"


def write(path: Path, updated: Callable[[str], str], arguments: Sequence[str]) -> int:
    """Write the page anew, or with `--check` return 1 when it would change."""
    page = path.read_text(encoding="utf-8")
    wanted = updated(page)
    if wanted == page:
        return 0
    if "--check" in arguments:
        print(f"{path.name} is out of date: run scripts/docs", file=sys.stderr)
        return 1
    path.write_text(wanted, encoding="utf-8")
    print(f"wrote {path.name}")
    return 0
