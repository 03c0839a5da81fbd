"""What stands in the log: whom each line is about, and never what anybody asked for."""

import asyncio
import json
import logging
from contextlib import suppress
from pathlib import Path
from typing import Any

from typing_extensions import override

from bot.app import clock
from bot.app.local_fal import local_fal
from bot.app.stages import named
from bot.chat.terminal.client import Terminal
from bot.domain.errors import NoReel, Refused
from bot.log import LineFormatter, about
from bot.sandbox.settings import SandboxSettings
from tests.app.hooked import Hooked
from tests.app.test_program import CATALOGUE, KEY, start

WORD = "zebrafish"
"""Stands in everything that is asked for here."""

ASKED = (
    f"a {WORD}",
    f"a {WORD} sandbox:422:content_policy_violation",
    f"a {WORD} sandbox:infra:runner_disconnected",
    f"a {WORD} sandbox:502:status",
    f"a {WORD} sandbox:drop-after:submit",
    f"a {WORD} sandbox:500",
)


async def asked(door: Path, prompt: str, target: Path) -> None:
    """Somebody asks, and gets a reel or hears why not."""
    async with Terminal(door, new_id=clock.new_id, sleep=clock.sleep) as terminal:
        words = f'/video "{prompt}" --model pixverse-4.5 --resolution 360p --negative "no {WORD}"'
        with suppress(NoReel, Refused):
            await terminal.render(words, [], target, on_progress=lambda _: None)


async def test_every_line_about_a_job_says_whose_and_of_what_and_none_says_what_was_asked(tmp_path: Path) -> None:
    async with local_fal(CATALOGUE, SandboxSettings(speed=100, key=KEY)) as url:
        bot = await start(tmp_path / "data", url, "--log-json", level="INFO")
        for prompt in ASKED:
            await asked(bot.data / "door", prompt, tmp_path / "reel.mp4")
        assert await bot.end() == 0
    lines = [json.loads(line) for line in bot.said.splitlines() if line.startswith(b"{")]
    about_jobs = [line for line in lines if line["logger"].startswith("bot.pipeline")]
    assert len(about_jobs) >= len(ASKED) - 1
    assert [line for line in about_jobs if not (line["job"] and line["person"] and line["endpoint"])] == []
    assert {line["endpoint"] for line in about_jobs} == {"pixverse-v4.5-text-to-video"}
    assert WORD.encode() not in bot.said


def shown(message: str, **fields: Any) -> dict[str, Any]:
    """One line as JSON."""
    record = logging.makeLogRecord({"name": "bot.somewhere", "levelname": "WARNING", "msg": message, **fields})
    line: dict[str, Any] = json.loads(LineFormatter(secrets=(), as_json=True).format(record))
    return line


def test_what_is_said_within_carries_whom_it_is_about_unless_it_says_so_itself() -> None:
    with about(job="job-1", person="ann"):
        with about(endpoint="wan"):
            inner = shown("x", person="ben")
        outer = shown("x")
    assert (inner["job"], inner["person"], inner["endpoint"]) == ("job-1", "ben", "wan")
    assert "endpoint" not in outer
    assert "job" not in shown("x")


async def test_two_at_once_are_not_mixed_up() -> None:
    turn = asyncio.Barrier(2)
    lines: dict[str, dict[str, Any]] = {}

    async def advance(job_id: str) -> float | None:
        await turn.wait()
        lines[job_id] = shown("x")
        return None

    await asyncio.gather(named(advance)("job-1"), named(advance)("job-2"))
    assert {key: line["job"] for key, line in lines.items()} == {"job-1": "job-1", "job-2": "job-2"}


class Lines(logging.Handler):
    """What a program's own handler would write."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(LineFormatter(secrets=(), as_json=True))
        self.lines: list[dict[str, Any]] = []

    @override
    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(json.loads(self.format(record)))


async def test_a_line_of_somebody_who_knows_of_no_job_carries_the_one_that_is_worked_on(scene: Hooked) -> None:
    job = await scene.here.admitted()
    scene.faults("locked")
    handler = Lines()
    logging.getLogger("bot").addHandler(handler)
    try:
        await scene.here.advance()(job.id)
    finally:
        logging.getLogger("bot").removeHandler(handler)
    (line,) = [one for one in handler.lines if one["logger"] == "bot.pipeline.gate"]
    assert (line["job"], line["person"], line["endpoint"]) == (job.id, job.person, job.order.endpoint)
