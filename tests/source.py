"""The program's own source, for tests that read it: its modules, and what git would hand to a stranger."""

import ast
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def modules() -> list[Path]:
    """Every module of `bot/`, as a path relative to the root."""
    return sorted(path.relative_to(ROOT) for path in (ROOT / "bot").rglob("*.py"))


def dotted(module: Path) -> str:
    """The name a module is imported by."""
    parts = module.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def tree(module: Path) -> ast.Module:
    """A module's syntax tree."""
    return ast.parse((ROOT / module).read_text(encoding="utf-8"), filename=str(module))


def functions(node: ast.AST, inside: str = "") -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    """Every function below `node` with its qualified name."""
    for child in ast.iter_child_nodes(node):
        match child:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                name = f"{inside}{child.name}"
                yield name, child
                yield from functions(child, f"{name}.")
            case ast.ClassDef():
                yield from functions(child, f"{inside}{child.name}.")
            case _:
                yield from functions(child, inside)


@cache
def committed() -> tuple[Path, ...]:
    """Every file a clone would have, as it stands in the working tree, relative to the root.

    Skips the test that asks where there is no git, or no repository (an unpacked archive).
    """
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    # The ownership check of git would refuse a checkout that another user made, as containers do.
    git = ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-z"]
    listed = subprocess.run(git, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return tuple(path for path in map(Path, listed.strip("\0").split("\0")) if (ROOT / path).is_file())


def text(path: Path) -> str | None:
    """A committed file as text, None when it is not text."""
    try:
        return (ROOT / path).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None
