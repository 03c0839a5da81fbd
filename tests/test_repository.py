"""What a stranger gets with a clone: nothing of one machine, every version pinned, an image that is safe to run."""

import ast
import os
import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from bot.settings.bot import WebSection
from bot.web.site import HEALTH_PATH
from tests.source import ROOT, committed, text

LOCKS = ["requirements.lock", "requirements-dev.lock"]
SCRIPTS = sorted(
    [*(path for path in (ROOT / "scripts").iterdir() if path.is_file() and not path.suffix), ROOT / ".ci/run"]
)
WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))

# Put together here, so that this file does not contain what it looks for.
REGISTRIES = re.compile(
    "|".join(
        re.escape(".".join(parts))
        for parts in [
            ("pypi", "org"),
            ("pythonhosted", "org"),
            ("registry", "npmjs"),
            ("npmjs", "com"),
            ("proxy", "golang", "org"),
            ("deb", "debian", "org"),
            ("docker", "io"),
            ("ghcr", "io"),
        ]
    )
)
INDEX_OPTIONS = re.compile(r"--(?:(?:extra-)?index-url|find-links|trusted-host)[ =]|^-[if] ", re.MULTILINE)
MACHINE_PATHS = re.compile(r"(?:^|[\s\"'`(=:])/(?:home|root|Users|work)/\w")


def project() -> dict[str, Any]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    parsed: dict[str, Any] = settings["project"]
    return parsed


# --- texts ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pattern", "what"),
    [(REGISTRIES, "registry host"), (INDEX_OPTIONS, "index option"), (MACHINE_PATHS, "path of one machine")],
    ids=["registry", "index", "path"],
)
def test_no_file_names_a_place_that_only_one_machine_has(pattern: re.Pattern[str], what: str) -> None:
    found = [
        f"{path}:{number}: {what}"
        for path in committed()
        for number, line in enumerate((text(path) or "").splitlines(), 1)
        if pattern.search(line)
    ]
    assert found == []


@pytest.mark.parametrize(
    ("pattern", "line"),
    [
        (REGISTRIES, "see https://" + "pypi" + ".org/simple"),
        (INDEX_OPTIONS, "--index-url" + " https://example.com"),
        (MACHINE_PATHS, "cd " + "/ho" + "me/somebody/reelroom"),
    ],
)
def test_such_a_place_would_be_found(pattern: re.Pattern[str], line: str) -> None:
    assert pattern.search(line)


def test_the_folder_beside_the_repository_is_read_by_tests_only() -> None:
    outside = re.compile(r"\.\./sha" + "red")
    assert [str(path) for path in committed() if path.parts[0] != "tests" and outside.search(text(path) or "")] == []


def test_no_secret_or_data_is_committed() -> None:
    assert [str(path) for path in committed() if path.name == ".env" or path.suffix in {".db", ".sqlite"}] == []


# --- versions -------------------------------------------------------------------------------------------------------


def test_the_version_is_the_newest_of_the_changelog() -> None:
    versions = re.findall(r"^## (\d+\.\d+\.\d+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert versions[0] == project()["version"]
    assert sorted(versions, key=Version, reverse=True) == versions


def locked(name: str) -> dict[str, list[tuple[Requirement, int]]]:
    """Each package of a lock file, with its requirements (one per platform) and how many hashes each has."""
    content = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ")
    packages: dict[str, list[tuple[Requirement, int]]] = {}
    for line in content.splitlines():
        if line.strip() and not line.lstrip().startswith("#"):
            wanted, *hashes = line.split("--hash=sha256:")
            requirement = Requirement(wanted)
            packages.setdefault(canonicalize_name(requirement.name), []).append((requirement, len(hashes)))
    return packages


@pytest.mark.parametrize("name", LOCKS)
def test_everything_locked_has_one_exact_version_and_hashes(name: str) -> None:
    packages = locked(name)
    assert packages
    for requirement, hashes in (entry for entries in packages.values() for entry in entries):
        assert re.fullmatch(r"==[0-9][0-9A-Za-z.!+]*", str(requirement.specifier)), requirement
        assert hashes > 0, requirement


@pytest.mark.parametrize(
    ("name", "extras"), [("requirements.lock", ["build"]), ("requirements-dev.lock", ["build", "dev"])]
)
def test_a_lock_has_what_the_project_asks_for(name: str, extras: list[str]) -> None:
    packages = locked(name)
    asked = [
        *project()["dependencies"],
        *(line for extra in extras for line in project()["optional-dependencies"][extra]),
    ]
    for wanted in map(Requirement, asked):
        entries = packages.get(canonicalize_name(wanted.name), [])
        assert entries, f"{wanted} is not locked: run scripts/lock"
        for entry, _ in entries:
            assert wanted.specifier.contains(str(entry.specifier).removeprefix("==")), f"{entry} is not {wanted}"


def test_the_build_backend_is_locked() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    backends = {canonicalize_name(Requirement(line).name) for line in settings["build-system"]["requires"]}
    assert backends
    assert all(backends <= set(locked(name)) for name in LOCKS)


def test_what_runs_is_what_was_tested() -> None:
    tested = locked("requirements-dev.lock")
    for name, entries in locked("requirements.lock").items():
        assert [str(entry) for entry, _ in entries] == [str(entry) for entry, _ in tested[name]]


# --- scripts and workflows ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_script_is_plain_sh_that_can_be_run(script: Path) -> None:
    assert os.access(script, os.X_OK)
    assert script.read_text(encoding="utf-8").startswith("#!/bin/sh\n# ")
    subprocess.run(["sh", "-n", str(script)], check=True)


@pytest.mark.parametrize("target", ["demo", "test", "check", "format", "bench", "docs", "lock", "setup"])
def test_make_knows_the_scripts_by_name(target: str) -> None:
    asked = subprocess.run(["make", "--dry-run", target], cwd=ROOT, check=True, capture_output=True, text=True)
    named = re.findall(r"scripts/\w+", asked.stdout)
    assert named
    assert [name for name in named if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_is_allowed_nothing_and_moves_with_no_tag(workflow: Path) -> None:
    content = workflow.read_text(encoding="utf-8")
    actions = re.findall(r"uses: (\S+)", content)
    assert "\npermissions: {}\n" in content
    assert [action for action in actions if not re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", action)] == []
    assert [line for line in content.splitlines() if re.match(r" +\w+: write", line)] == []


def test_continuous_integration_runs_the_scripts_everybody_has() -> None:
    commands = [
        command for path in WORKFLOWS for command in re.findall(r"- run: (.+)", path.read_text(encoding="utf-8"))
    ]
    assert ".ci/run" in commands
    assert all(re.search(r"\.ci/run|scripts/|make |docker ", command) for command in commands)
    steps = (ROOT / ".ci/run").read_text(encoding="utf-8")
    assert "scripts/check" in steps
    assert "make test" in steps


# --- the image ------------------------------------------------------------------------------------------------------


def stages() -> list[list[tuple[str, str]]]:
    """The Dockerfile's instructions by stage: (INSTRUCTION, arguments), lines joined and comments left out."""
    lines = [
        line for line in (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines() if not line.startswith("#")
    ]
    joined = re.sub(r"\\\n\s*", "", "\n".join(lines))
    built: list[list[tuple[str, str]]] = []
    for line in filter(None, map(str.strip, joined.splitlines())):
        instruction, _, arguments = line.partition(" ")
        assert re.fullmatch(r"[A-Z]+", instruction), f"not an instruction: {line}"
        if instruction == "FROM":
            built.append([])
        if built:
            built[-1].append((instruction, arguments))
    return built


def last(instruction: str) -> str:
    """What the image that is shipped was last told by `instruction`."""
    return [arguments for name, arguments in stages()[-1] if name == instruction][-1]


def test_the_images_default_command_is_the_bot() -> None:
    assert ast.literal_eval(last("ENTRYPOINT")) == ["python", "-m", "bot"]
    assert ast.literal_eval(last("CMD")) == ["run"]


def test_the_image_runs_as_an_ordinary_user() -> None:
    user, group = map(int, last("USER").split(":"))
    assert user >= 1000
    assert group >= 1000
    names = [name for name, _ in stages()[-1]]
    assert "RUN" not in names[names.index("USER") :]


def test_the_image_is_asked_to_stop_politely_and_asked_for_its_health() -> None:
    assert last("STOPSIGNAL") == "SIGTERM"
    check = last("HEALTHCHECK").partition("CMD ")[2]
    program, flag, code = ast.literal_eval(check)
    assert (program, flag) == ("python", "-c")
    assert f"127.0.0.1:{WebSection().port}{HEALTH_PATH}" in code
    compile(code, "HEALTHCHECK", "exec")


def test_the_image_is_built_from_hashes_in_a_stage_that_is_left_behind() -> None:
    building, *between, shipped = stages()
    installs = [arguments for name, arguments in building if name == "RUN" and " install " in arguments]
    assert not between
    assert "--require-hashes" in installs[0]
    assert "requirements.lock" in installs[0]
    assert all("--no-deps" in arguments for arguments in installs[1:])
    assert not any("pip" in arguments for name, arguments in shipped if name == "RUN")


def test_the_image_finds_its_configuration_and_keeps_its_data() -> None:
    copies = [arguments for name, arguments in stages()[-1] if name == "COPY"]
    assert "config /config" in copies
    assert ast.literal_eval(last("VOLUME")) == ["/data"]
    assert last("WORKDIR") == "/"


def test_the_container_is_given_as_little_as_it_needs() -> None:
    compose = (ROOT / "compose.yaml").read_text(encoding="utf-8")
    for line in ("read_only: true", "tmpfs: [/tmp]", "cap_drop: [ALL]", 'security_opt: ["no-new-privileges:true"]'):
        assert f"    {line}\n" in compose
    assert not re.search(r"privileged: true|network_mode|docker\.sock|cap_add|pid:", compose)
    assert "- ./config:/config:ro\n" in compose
    assert last("ENTRYPOINT").startswith("[")  # a list is started as it is; a sentence would need a shell
    assert last("CMD").startswith("[")
    assert last("HEALTHCHECK").partition("CMD ")[2].startswith("[")


def test_compose_hands_every_secret_through_and_holds_none() -> None:
    compose = (ROOT / "compose.yaml").read_text(encoding="utf-8")
    handed = set(re.findall(r"^ +- ([A-Z_]+)$", compose, re.MULTILINE))
    assert handed == {"FAL_KEY", "DISCORD_TOKEN", "TELEGRAM_TOKEN", "REELROOM_SECRET", "REELROOM_SECRET_OLD"}
    assert not re.search(r"(?:KEY|TOKEN|SECRET\w*)[=:]", compose)


def test_compose_publishes_the_rooms_port_on_this_machine_only() -> None:
    port = WebSection().port
    published = re.findall(r'- "([\d.:]+)"', (ROOT / "compose.yaml").read_text(encoding="utf-8"))
    assert published == [f"127.0.0.1:{port}:{port}"]
    assert last("EXPOSE") == str(port)


def test_what_the_image_copies_is_let_through_and_nothing_else() -> None:
    rules = [
        line for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines() if line[:1] not in {"", "#"}
    ]
    sources = {
        source
        for stage in stages()
        for name, arguments in stage
        if name == "COPY" and not arguments.startswith("--from")
        for source in arguments.split()[:-1]
    }
    assert rules[0] == "*"
    assert {rule.removeprefix("!") for rule in rules if rule.startswith("!")} == sources
    assert [source for source in sources if not (ROOT / source).exists()] == []
