"""What is written is true: generated parts are fresh, links lead somewhere, and what exists is named."""

import re
import tomllib
from pathlib import Path

import pytest

from bot.domain.job import TRANSITIONS, State
from scripts import admin_page, reliability
from scripts.states import BEGIN, END, PAGE, drawing, main, table, updated
from tests.source import ROOT

PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
RECORDS = sorted(ROOT.glob("docs/decisions/*.md"))


def test_the_states_in_the_architecture_are_those_of_the_program() -> None:
    assert main(["--check"]) == 0


def test_what_can_be_said_behind_admin_is_what_the_page_says() -> None:
    assert admin_page.main(["--check"]) == 0


def test_the_table_of_faults_is_that_of_the_tests() -> None:
    assert reliability.main(["--check"]) == 0


def test_every_known_fault_has_its_test() -> None:
    assert {one.number for one in reliability.faults()} == set(range(1, 29))


def test_every_legal_step_is_in_the_table_and_in_the_drawing() -> None:
    rows = dict(re.findall(r"^\| ([A-Z_]+) \| (.*) \|$", table(), re.MULTILINE))
    arrows = dict(re.findall(r"^    (\w+ --> \w+): (.*)$", drawing(), re.MULTILINE))
    assert set(rows) == {state.name for state in State}
    for state, ways in TRANSITIONS.items():
        for event, after in ways.items():
            assert re.search(rf"`{event}`(\*\*)? → {after.name}( ·|$)", rows[state.name])
            assert event.value in arrows[f"{state.name} --> {after.name}"].split(", ")


def test_a_page_is_changed_between_its_markers_only() -> None:
    page = updated(f"before {BEGIN} stale {END} after")
    assert page.startswith(f"before {BEGIN}\n")
    assert page.endswith(f"{END} after")
    assert "stale" not in page
    assert updated(page) == page


def test_a_page_without_markers_is_an_error() -> None:
    with pytest.raises(ValueError, match="markers"):
        updated("no markers here")


def test_every_state_is_explained_in_words() -> None:
    explained = PAGE.read_text(encoding="utf-8").partition(BEGIN)[0]
    assert [state.name for state in State if f"\n| {state.name} | " not in explained] == []


def test_every_import_contract_is_explained_in_words() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    names = {contract["name"] for contract in settings["tool"]["importlinter"]["contracts"]}
    explained = set(re.findall(r"^\| ([^|]+?) \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE))
    assert names - explained == set()


def test_every_script_is_explained_to_contributors() -> None:
    page = (ROOT / "docs/contributing.md").read_text(encoding="utf-8")
    scripts = [path for path in (ROOT / "scripts").iterdir() if path.is_file() and not path.suffix]
    assert scripts
    assert [path.name for path in scripts if f"`scripts/{path.name}`" not in page] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_to_a_file_leads_to_one(page: Path) -> None:
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    targets = re.findall(r"\]\(([^)#\s]+)[^)]*\)", text)
    local = [target for target in targets if not re.match(r"[a-z]+:", target)]
    assert [target for target in local if not (page.parent / target).exists()] == []


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.stem)
def test_a_decision_record_has_its_number_and_its_four_parts(record: Path) -> None:
    title, *rest = record.read_text(encoding="utf-8").splitlines()
    assert title.startswith(f"# {record.name[:4]} ")
    assert [line for line in rest if line.startswith("## ")] == [
        "## Problem",
        "## Options",
        "## Choice",
        "## Consequences",
    ]


def test_no_two_decisions_share_a_number() -> None:
    numbers = [record.name[:4] for record in RECORDS]
    assert sorted(set(numbers)) == numbers
