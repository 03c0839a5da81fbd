"""`scripts/advisories` never says that all is well when nobody could be asked."""

import subprocess
from pathlib import Path

import pytest

from tests.source import ROOT

FOUND = "Found 1 known vulnerability in 1 package"
SKIPPED = "ERROR:pip_audit._cli:aiohttp: Dependency not found on PyPI and could not be audited: aiohttp (3.14.5)"
UNREACHED = "requests.exceptions.ConnectionError: Max retries exceeded with url: /v1/query"


def asked(path: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", str(ROOT / "scripts" / "advisories")],
        env={"PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("says", "ends", "code", "told"),
    [
        pytest.param("No known vulnerabilities found", 0, 0, "No known", id="nothing"),
        pytest.param(FOUND, 1, 1, FOUND, id="something"),
        pytest.param(SKIPPED, 1, 3, "could not be asked", id="skipped"),
        pytest.param(UNREACHED, 1, 3, "could not be asked", id="unreached"),
    ],
)
def test_what_the_database_says_and_what_it_does_not_say_end_differently(
    tmp_path: Path, says: str, ends: int, code: int, told: str
) -> None:
    """`pip-audit` is played by a script that leaves out, as the real one does, what it was not strictly asked for."""
    player = tmp_path / "pip-audit"
    player.write_text(
        f'#!/bin/sh\ncase " $* " in *" --strict "*) echo "{says}"; exit {ends} ;; esac\necho "No known"; exit 0\n',
        encoding="utf-8",
    )
    player.chmod(0o755)
    process = asked(f"{tmp_path}:/usr/bin:/bin")
    assert process.returncode == code
    assert told in process.stdout + process.stderr


def test_without_pip_audit_it_is_said_that_nothing_was_asked(tmp_path: Path) -> None:
    for name in ("sh", "dirname", "tail"):
        (tmp_path / name).symlink_to(
            next(one for one in map(Path, (f"/bin/{name}", f"/usr/bin/{name}")) if one.exists())
        )
    process = asked(str(tmp_path))
    assert process.returncode == 3
    assert "nothing was asked" in process.stderr
