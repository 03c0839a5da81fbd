"""The shape of the source: small modules, small functions, empty packages, and every catch-all accounted for."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.source import ROOT, functions, modules, tree

MODULE_LINES = 300
FUNCTION_LINES = 40

CATCH_ALLS = {
    "bot/app/supervisor.py:supervise": "the life of a platform: logged, and begun again after a while",
    "bot/chat/discord/door.py:Door._guarded": "the command boundary of Discord: logged, and one sentence said",
    "bot/chat/telegram/door.py:through": "the command boundary of Telegram: logged, and one sentence said",
    "bot/store/wakeups.py:HeapWakeups._advance": "the per-job body of a stage's loop: logged, tried again later",
    "bot/store/writer.py:Writer._attempt": "handed on: the caller who waits for this piece of work gets it",
    "bot/store/writer.py:_only_on": "handed on: thrown into the piece of work that was waiting",
}
"""Every handler for everything that does not raise again, as `file:function`, and why it may.

It is the command boundary of a platform, the per-job body of a stage's loop, the entry of the process, or it hands
the error on to whoever waits for it.
"""

NAMELESS = {"base", "common", "core", "helpers", "manager", "misc", "services", "shared", "types", "utils"}


@pytest.mark.parametrize("module", modules(), ids=str)
def test_a_module_fits_on_a_few_screens(module: Path) -> None:
    lines = (ROOT / module).read_text(encoding="utf-8").count("\n")
    assert lines <= MODULE_LINES, f"{module} has {lines} lines: something in it wants a name of its own"


@pytest.mark.parametrize("module", modules(), ids=str)
def test_a_function_fits_on_one_screen(module: Path) -> None:
    sizes = {name: (node.end_lineno or 0) - node.lineno + 1 for name, node in functions(tree(module))}
    assert {name: lines for name, lines in sizes.items() if lines > FUNCTION_LINES} == {}


@pytest.mark.parametrize("module", [path for path in modules() if path.name == "__init__.py"], ids=str)
def test_a_package_holds_no_code(module: Path) -> None:
    code = [
        node for node in tree(module).body if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
    ]
    assert code == []


def test_every_folder_of_modules_is_a_package() -> None:
    folders = {path.parent for path in modules()}
    assert {str(folder) for folder in folders if not (ROOT / folder / "__init__.py").exists()} == set()


def test_modules_are_named_after_what_they_hold() -> None:
    assert [str(path) for path in modules() if {path.stem, path.parent.name} & NAMELESS] == []


def test_handlers_for_everything_are_the_listed_ones_and_no_other() -> None:
    found = {f"{module}:{name}" for module in modules() for name in catch_alls(tree(module))}
    assert found == set(CATCH_ALLS)


def test_a_handler_for_everything_is_found_in_each_of_its_forms() -> None:
    source = """
def bare():
    try: ...
    except: ...
def among():
    try: ...
    except (OSError, BaseException): ...
class Stage:
    async def nested(self):
        with suppress(Exception): ...
def undoes_and_raises():
    try: ...
    except Exception: raise
def narrow():
    try: ...
    except OSError: ...
try: ...
except Exception as error: print(error)
"""
    assert sorted(catch_alls(ast.parse(source))) == ["(module)", "Stage.nested", "among", "bare"]


def catch_alls(parsed: ast.Module) -> Iterator[str]:
    """The function of every handler for everything that does not raise again."""
    owners = {id(inner): name for name, node in functions(parsed) for inner in ast.walk(node)}
    for node in ast.walk(parsed):
        match node:
            case ast.ExceptHandler(type=None):
                swallows = True
            case ast.ExceptHandler(type=ast.expr() as caught):
                swallows = names_everything(caught)
            case ast.Call(func=ast.Name(id="suppress") | ast.Attribute(attr="suppress"), args=arguments):
                swallows = any(names_everything(argument) for argument in arguments)
            case _:
                swallows = False
        if swallows and not any(isinstance(inner, ast.Raise) for inner in ast.walk(node)):
            yield owners.get(id(node), "(module)")


def names_everything(caught: ast.expr) -> bool:
    """Whether an `except` clause names `Exception` or `BaseException`, alone or among others."""
    return any(isinstance(node, ast.Name) and node.id in {"Exception", "BaseException"} for node in ast.walk(caught))
