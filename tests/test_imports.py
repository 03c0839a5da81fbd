"""Importing a module does nothing: no word, no warning, no file, no socket, no thread, with an empty environment."""

import json
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from tests.source import ROOT, dotted, modules

CHILD = """
import importlib, json, logging, os, signal, sys, threading

did = []
TOUCHES = {
    "socket.bind", "socket.connect", "socket.getaddrinfo", "sqlite3.connect", "subprocess.Popen", "os.fork",
    "os.mkdir", "os.remove", "os.rename", "os.system", "os.posix_spawn", "shutil.rmtree", "signal.pthread_kill",
}

def watch(event, arguments):
    if event in TOUCHES:
        did.append(f"{event} {arguments!r}")
    elif event == "open" and arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
        did.append(f"writes {arguments[0]!r}")

def state():
    handlers = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    return {
        "threads": threading.active_count(),
        "root log handlers": len(logging.getLogger().handlers),
        "signal handlers": [str(handler) for handler in handlers],
        "environment": dict(os.environ),
        "working folder": os.getcwd(),
    }

sys.addaudithook(watch)
out, sys.stdout = sys.stdout, sys.stderr
for name in sys.argv[1:]:
    before = state()
    did.clear()
    try:
        importlib.import_module(name)
    except BaseException as error:
        did.append(f"raises {type(error).__name__}: {error}")
    did += [f"changes {what}" for what, value in state().items() if value != before[what]]
    print(json.dumps([name, did]), file=out, flush=True)
"""


VENDORS = "ignore:'audioop' is deprecated:DeprecationWarning"
"""discord.py 2.7 imports it for voice, which we never use."""


@cache
def imported() -> tuple[dict[str, list[str]], str]:
    """What each module did while it was imported, and every word they said."""
    names = [dotted(module) for module in modules()]
    child = subprocess.run(
        [sys.executable, "-B", "-W", "error", "-W", VENDORS, "-c", CHILD, *names],
        cwd=ROOT,
        env={},
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
    )
    return dict(json.loads(line) for line in child.stdout.splitlines()), child.stderr


@pytest.mark.parametrize("module", modules(), ids=str)
def test_importing_does_nothing(module: Path) -> None:
    did, said = imported()
    assert dotted(module) in did, f"the interpreter ended before it got there: {said}"
    assert did[dotted(module)] == []


def test_importing_everything_is_silent() -> None:
    _, said = imported()
    assert said == ""
