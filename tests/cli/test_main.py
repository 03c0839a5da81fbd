"""The command line as a person types it: each command ends with 0, or with one clear line and another number."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bot.domain.job import Event, State
from bot.settings.environment import environment
from tests.builders import a_reel
from tests.source import ROOT
from tests.store.shop import shop

COMMANDS = (
    "run",
    "demo",
    "sandbox",
    "render",
    "check",
    "jobs",
    "audit",
    "backup",
    "restore",
    "export",
    "migrate",
    "console",
    "catalogue",
)


def reelroom(*arguments: object, **variables: str) -> subprocess.CompletedProcess[str]:
    """A run of the program with nothing in its environment but these variables."""
    kept = {name: value for name in ("PATH", "HOME", "LANG") if (value := environment(name))}
    return subprocess.run(
        [sys.executable, "-m", "bot", *map(str, arguments)],
        cwd=ROOT,
        env={**kept, "COLUMNS": "200", **variables},
        capture_output=True,
        text=True,
        check=False,
        timeout=50,
    )


@pytest.fixture(name="data")
async def _data(tmp_path: Path) -> Path:
    """A data folder with one delivered Job and one that waits."""
    async with shop(tmp_path / "reelroom.db") as kept:
        done = await kept.step(await kept.completed("ask-1"), Event.CLAIMED)
        await kept.jobs.note(done.id, reel=a_reel())
        await kept.step(done, Event.POSTED, reel_receipt="line-2")
        await kept.admitted("ask-2")
    return tmp_path


@pytest.mark.parametrize("arguments", [("--help",), ("catalogue", "--help"), ("run", "--help")], ids=" ".join)
def test_help_waits_for_no_heavy_library(arguments: tuple[str, ...]) -> None:
    script = (
        "import sys\nfrom bot.cli.main import app\n"
        "try:\n    app(sys.argv[1:])\nexcept SystemExit:\n    print(*sys.modules)"
    )
    command = [sys.executable, "-c", script, *arguments]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    heavy = {
        "aiosqlite",
        "discord",
        "httpx",
        "matplotlib",
        "numpy",
        "PIL",
        "pydantic_settings",
        "starlette",
        "telegram",
    }
    loaded = set(told.stdout.splitlines()[-1].split())
    assert "typer" in loaded
    assert loaded & heavy == set()


def test_help_names_every_command() -> None:
    told = reelroom("--help")
    assert told.returncode == 0
    for command in COMMANDS:
        assert f" {command} " in told.stdout


def test_the_shipped_configuration_is_well() -> None:
    told = reelroom("check")
    assert (told.returncode, told.stderr) == (0, "")
    assert "All is well: 47 endpoints" in told.stdout
    assert json.loads(reelroom("check", "--json").stdout)["endpoints"] == 47


def test_a_broken_configuration_ends_with_2_and_names_file_key_and_reason(tmp_path: Path) -> None:
    (tmp_path / "endpoints").symlink_to(ROOT / "config" / "endpoints")
    (tmp_path / "quota.toml").write_text('unknown = "maybe"\n[person]\nday = -1\n', "utf-8")
    told = reelroom("check", "--config", tmp_path)
    assert told.returncode == 2
    assert sorted(line.split(": ")[1] for line in told.stderr.splitlines()) == ["person.day", "unknown"]
    assert all(line.startswith(f"{tmp_path}/quota.toml: ") for line in told.stderr.splitlines())
    assert reelroom("run", "--config", tmp_path, "--data", tmp_path).returncode == 2


def test_without_a_key_the_bot_says_how_to_get_one_or_do_without(tmp_path: Path) -> None:
    told = reelroom("run", "--data", tmp_path)
    assert told.returncode == 2
    assert told.stderr.splitlines() == [
        "environment: FAL_KEY: not set; get a key at fal.ai, or try everything without one: reelroom demo"
    ]


def test_jobs_are_listed_for_people_and_for_machines(data: Path) -> None:
    assert "ask-1" in reelroom("jobs", "--data", data).stdout
    listed = json.loads(reelroom("jobs", "--data", data, "--json").stdout)
    assert {(one["id"], one["state"]) for one in listed} == {
        ("ask-1", State.DELIVERED.value),
        ("ask-2", State.ADMITTED.value),
    }


def test_an_exact_store_passes_its_audit(data: Path) -> None:
    told = reelroom("audit", "--data", data)
    assert told.returncode == 0
    assert "Everything is exact." in told.stdout
    assert json.loads(reelroom("audit", "--data", data, "--json").stdout)["findings"] == []


def test_a_backup_is_restored_as_it_was_and_what_stood_there_is_kept(data: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    assert reelroom("backup", copy, "--data", data).returncode == 0
    elsewhere = tmp_path / "elsewhere"
    assert reelroom("migrate", "--data", elsewhere).returncode == 0
    assert reelroom("restore", copy, "--data", elsewhere).returncode == 0
    assert json.loads(reelroom("audit", "--data", elsewhere, "--json").stdout)["jobs"] == 2
    assert (elsewhere / "reelroom.db.replaced").exists()
    again = reelroom("backup", copy, "--data", data)
    assert again.returncode == 1
    assert str(copy) in again.stderr


def test_everything_is_exported_as_lines_of_json(data: Path) -> None:
    rows = [json.loads(line) for line in reelroom("export", "--data", data).stdout.splitlines()]
    assert {row["id"] for row in rows if row["table"] == "jobs"} == {"ask-1", "ask-2"}
    assert sum(row["table"] == "ledger" for row in rows) == 6


@pytest.mark.parametrize("command", [["jobs"], ["audit"], ["export"], ["backup", "copy.db"], ["console"]])
def test_a_folder_without_a_bot_or_a_store_is_one_clear_line(command: list[str], tmp_path: Path) -> None:
    told = reelroom(*command, "--data", tmp_path / "nowhere")
    assert told.returncode == 1
    assert len(told.stderr.splitlines()) == 1
    assert "nowhere" in told.stderr


def test_render_says_all_that_is_wrong_and_leaves_no_file(tmp_path: Path) -> None:
    target = tmp_path / "reel.mp4"
    told = reelroom("render", "effect", "Kiss Mee", "--duration", "7", "--sandbox", "-o", target)
    assert told.returncode == 1
    assert "Did you mean “Kiss Me AI”?" in told.stderr
    assert "picture" in told.stderr
    assert "7" in told.stderr
    assert not target.exists()


def test_render_makes_a_reel_where_it_is_wanted(tmp_path: Path) -> None:
    target = tmp_path / "kiss.mp4"
    picture = ROOT / "bot" / "cli" / "demo.jpg"
    told = reelroom("render", "effect", "Kiss", "Me", "AI", "--image", picture, "-o", target, "--sandbox")
    assert told.returncode == 0, told.stderr
    assert told.stdout.startswith(f"{target}: 720 x 720 px, 5 s, ")
    assert target.read_bytes()[4:8] == b"ftyp"
