"""Writes docs/reliability.md's table of faults from the tests of tests/faults; with `--check` it only compares.

Each test says in its docstring what goes wrong, then, after an empty line, what we do.
"""

import ast
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from scripts.written import between, write

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "reliability.md"
TESTS = ROOT / "tests" / "faults"
BEGIN = "<!-- faults: written by scripts/docs from tests/faults -->"
END = "<!-- end of faults -->"

NAME = re.compile(r"test_f(\d\d)_\w+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A row of the table. `test` is its function, `file` where it is."""

    number: int
    fault: str
    answer: str
    test: str
    file: str


def faults() -> Sequence[Fault]:
    """Every fault that has a test, by number.

    Raises:
        ValueError: a test does not say what goes wrong and what we do.
    """
    found = [one for path in sorted(TESTS.glob("test_*.py")) for one in _faults_of(path)]
    return sorted(found, key=lambda one: one.number)


def _faults_of(path: Path) -> Iterator[Fault]:
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if not isinstance(node, ast.AsyncFunctionDef | ast.FunctionDef):
            continue
        match = NAME.fullmatch(node.name)
        if match is None:
            continue
        fault, _, answer = (ast.get_docstring(node) or "").partition("\n\n")
        if not (fault and answer):
            raise ValueError(f"{match[0]} does not say what goes wrong and what we do")
        yield Fault(number=int(match[1]), fault=_line(fault), answer=_line(answer), test=match[0], file=path.name)


def _line(text: str) -> str:
    return " ".join(text.split())


def table() -> str:
    """Fault → what we do → its test."""
    rows = ["| | what goes wrong | what we do | seen by |", "|---|---|---|---|"]
    for one in faults():
        link = f"[`{one.test.removeprefix('test_')}`](../tests/faults/{one.file})"
        rows.append(f"| F{one.number} | {one.fault} | {one.answer} | {link} |")
    return "\n".join(rows)


def updated(page: str) -> str:
    """`page` with what stands between its markers written anew. Raises ValueError: a marker is missing."""
    return between(page, BEGIN, END, table())


def main(arguments: Sequence[str]) -> int:
    """Write the page, or with `--check` return 1 when it would change."""
    return write(PAGE, updated, arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
