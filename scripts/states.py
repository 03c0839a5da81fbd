"""Writes the states of a Job into docs/architecture.md; with `--check` it only compares.

Everything between the two markers is made from `bot.domain.job.TRANSITIONS` and is never edited by hand.
"""

import sys
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from bot.domain.job import ENDS_MONEY, TRANSITIONS, Event, State
from scripts.written import between, write

PAGE = Path(__file__).parent.parent / "docs" / "architecture.md"
BEGIN = "<!-- states: written by scripts/docs from bot/domain/job.py -->"
END = "<!-- end of states -->"


def table() -> str:
    """Every state with each event it knows and the state that follows; a bold event ends the Holds."""
    rows = ["| state | event → next state |", "|---|---|"]
    for state, ways in TRANSITIONS.items():
        out = " · ".join(f"{_event(state, event)} → {after.name}" for event, after in ways.items())
        rows.append(f"| {state.name} | {out or '(the end)'} |")
    return "\n".join(rows)


def _event(state: State, event: Event) -> str:
    return f"**`{event}`**" if (state, event) in ENDS_MONEY else f"`{event}`"


def drawing() -> str:
    """The same as a Mermaid state diagram: one arrow per pair of states, labelled with the events that take it."""
    lines = ["```mermaid", "stateDiagram-v2"]
    for state, ways in TRANSITIONS.items():
        for after, events in groupby(sorted(ways.items(), key=_target), key=_target):
            lines.append(f"    {state.name} --> {after.name}: {', '.join(event for event, _ in events)}")
        if not ways:
            lines.append(f"    {state.name} --> [*]")
    return "\n".join([*lines, "```"])


def _target(way: tuple[object, State]) -> State:
    return way[1]


def updated(page: str) -> str:
    """`page` with what stands between its markers written anew. Raises ValueError: a marker is missing."""
    return between(page, BEGIN, END, f"{table()}\n\n{drawing()}")


def main(arguments: Sequence[str]) -> int:
    """Write the page, or with `--check` return 1 when it would change."""
    return write(PAGE, updated, arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
