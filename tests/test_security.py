"""The table of docs/security.md names tests, and they are there."""

import ast
import re

import pytest

from tests.source import ROOT

ROWS = [
    line.split("|")[1:-1]
    for line in (ROOT / "docs" / "security.md").read_text(encoding="utf-8").splitlines()
    if line.startswith("| ") and "---" not in line
][1:]


@pytest.mark.parametrize("row", ROWS, ids=[row[0].strip() for row in ROWS])
def test_every_defence_has_a_test_that_is_there(row: list[str]) -> None:
    named = re.findall(r"`(tests/[\w/.]+)(?:::(\w+))?`", row[2])
    assert named
    for path, name in named:
        tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
        tests = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
        assert name in tests or (not name and any(test.startswith("test_") for test in tests)), f"{path}::{name}"
    for module in re.findall(r"`([\w/]+\.py)`", row[1]):
        assert (ROOT / "bot" / module).exists(), module
