import dataclasses
import json
import threading
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result
from typing_extensions import override

from bot.cli.catalogue import app
from bot.cli.endpoint_pages import endpoints_page
from bot.cli.endpoint_words import exact, price_lines, takes, usual_price
from bot.domain.catalogue import Endpoint, Kind
from bot.fal.openapi import document_from_endpoint
from bot.settings.endpoint_writer import write_endpoint
from bot.settings.endpoints import catalogue_of, load_catalogue, read_endpoint
from tests.domain.endpoints import ENDPOINTS, KLING_IMAGE, MAGI_IMAGE, PIXVERSE_EFFECTS, PIXVERSE_IMAGE, SOUND

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "config"
NEW_ID = "xai/grok-imagine-video/image-to-video"


def reelroom(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def saved(endpoint: Endpoint, folder: Path) -> Path:
    """The document of an endpoint, as a file."""
    path = folder / "document.json"
    path.write_text(json.dumps(document_from_endpoint(endpoint)), encoding="utf-8")
    return path


@pytest.fixture(name="config")
def make_config(tmp_path: Path) -> Path:
    """A folder of settings with three shipped endpoints."""
    config = tmp_path / "config"
    (config / "endpoints").mkdir(parents=True)
    for endpoint in load_catalogue(SHIPPED / "endpoints").endpoints:
        if endpoint.slug in {"pixverse-v4.5-effects", "magi-distilled", "magi-distilled-image-to-video"}:
            write_endpoint(endpoint, config / "endpoints")
    return config


@pytest.fixture(name="grok")
def make_grok() -> Endpoint:
    """An endpoint nobody has described yet."""
    return dataclasses.replace(KLING_IMAGE, id=NEW_ID, slug="xai-grok-imagine-video-image-to-video")


def test_the_list_names_every_endpoint_with_its_usual_price() -> None:
    listed = reelroom("list", "--config", SHIPPED)
    assert listed.exit_code == 0
    for endpoint in load_catalogue(SHIPPED / "endpoints").endpoints:
        assert endpoint.slug in listed.stdout
        assert usual_price(endpoint) in listed.stdout


def test_the_list_for_machines_is_the_whole_catalogue() -> None:
    listed = json.loads(reelroom("list", "--json", "--config", SHIPPED).stdout)
    assert [one["slug"] for one in listed] == [one.slug for one in load_catalogue(SHIPPED / "endpoints").everything]
    effects = next(one for one in listed if one["slug"] == "pixverse-v4.5-effects")
    assert effects["options"][0]["name"] == "effect"
    assert effects["price"]["factors"] == [{"times": "2", "when": {"duration": ["8"]}}]


@pytest.mark.parametrize("name", ["magi-distilled", "fal-ai/magi-distilled", "MAGI distilled"])
def test_one_endpoint_is_shown_by_slug_or_id(config: Path, name: str) -> None:
    shown = reelroom("show", name, "--config", config)
    assert shown.exit_code == 0
    assert "/video --model magi" in shown.stdout
    assert "96 to 192" in shown.stdout
    assert "plus $0.08 for every 24 of frames above 96" in shown.stdout


def test_one_endpoint_is_shown_to_machines(config: Path) -> None:
    assert json.loads(reelroom("show", "magi-distilled", "--json", "--config", config).stdout)["model"] == "magi"


def test_a_name_that_means_several_or_none_is_told(config: Path) -> None:
    several = reelroom("show", "magi", "--config", config)
    assert several.exit_code == 1
    assert several.stderr == "'magi' could be magi-distilled-image-to-video or magi-distilled\n"
    none = reelroom("show", "pixverse-4.5-efects", "--config", config)
    assert none.exit_code == 1
    assert none.stderr == "there is no endpoint 'pixverse-4.5-efects'; did you mean pixverse-v4.5-effects?\n"
    assert reelroom("show", "klng-2.1", "--config", SHIPPED).stderr.endswith("did you mean kling-2.1?\n")


def test_every_problem_of_broken_files_is_a_line_and_the_code_is_two(config: Path) -> None:
    for name in ("one", "two"):
        (config / "endpoints" / f"{name}.toml").write_text("id =", encoding="utf-8")
    for command in ("list", "docs", "diff"):
        broken = reelroom(command, "--config", config)
        assert broken.exit_code == 2
        assert [line.partition(":")[0].rpartition("/")[2] for line in broken.stderr.splitlines()] == [
            "one.toml",
            "two.toml",
        ]


def test_an_endpoint_is_added_from_a_saved_document_and_loads(config: Path, tmp_path: Path, grok: Endpoint) -> None:
    added = reelroom("add", NEW_ID, "--command", "animate", "--from", saved(grok, tmp_path), "--config", config)
    assert (added.exit_code, added.stderr) == (0, "")
    path = config / "endpoints" / f"{grok.slug}.toml"
    assert str(path) in added.stdout
    read = read_endpoint(path)
    assert (read.id, read.command, read.price) == (NEW_ID, "animate", None)
    assert [option.name for option in read.options] == [
        option.name if option.name != "cfg" else "guidance" for option in grok.options
    ]
    assert reelroom("list", "--config", config).exit_code == 0


def test_the_command_is_guessed_from_the_id_or_asked_for(config: Path, tmp_path: Path, grok: Endpoint) -> None:
    assert reelroom("add", NEW_ID, "--from", saved(grok, tmp_path), "--config", config).exit_code == 0
    odd = dataclasses.replace(grok, id="xai/odd")
    asked = reelroom("add", "xai/odd", "--from", saved(odd, tmp_path), "--config", config)
    assert asked.exit_code == 1
    assert asked.stderr.startswith("say with --command what xai/odd is offered under: effect, animate, video")


def test_nothing_is_written_over_a_file_that_is_there(config: Path, tmp_path: Path) -> None:
    path = config / "endpoints" / "magi-distilled.toml"
    before = path.read_bytes()
    magi = read_endpoint(path)
    added = reelroom("add", magi.id, "--command", "video", "--from", saved(magi, tmp_path), "--config", config)
    assert added.exit_code == 2
    assert "magi-distilled.toml" in added.stderr
    assert path.read_bytes() == before


def test_an_option_that_means_another_kind_in_its_command_keeps_fals_name(config: Path, tmp_path: Path) -> None:
    options = [
        dataclasses.replace(one, kind=Kind.INTEGER, choices=(), default=None) if one.name == "steps" else one
        for one in read_endpoint(config / "endpoints" / "magi-distilled.toml").options
    ]
    other = dataclasses.replace(MAGI_IMAGE, id="fal-ai/other/text-to-video", options=tuple(options))
    added = reelroom("add", other.id, "--from", saved(other, tmp_path), "--config", config)
    assert (added.exit_code, added.stderr) == (0, "")
    assert read_endpoint(config / "endpoints" / "other-text-to-video.toml").option("num_inference_steps") is not None


def test_no_drift_is_said_and_drift_is_a_line_and_code_one(config: Path, tmp_path: Path) -> None:
    magi = read_endpoint(config / "endpoints" / "magi-distilled.toml")
    same = reelroom("diff", "magi-distilled", "--from", saved(magi, tmp_path), "--config", config)
    assert (same.exit_code, same.stdout) == (0, "No drift.\n")
    fewer = dataclasses.replace(magi, options=tuple(one for one in magi.options if one.name != "seed"))
    drifted = reelroom("diff", "magi-distilled", "--from", saved(fewer, tmp_path), "--config", config)
    assert (drifted.exit_code, drifted.stdout) == (1, "magi-distilled: seed: fal has no field seed\n")


def test_a_saved_document_needs_the_name_it_is_of(config: Path, tmp_path: Path, grok: Endpoint) -> None:
    assert reelroom("diff", "--from", saved(grok, tmp_path), "--config", config).exit_code == 1


@pytest.mark.parametrize("text", ["{", "[]", "{}", None])
def test_a_file_that_is_no_document_is_refused(config: Path, tmp_path: Path, text: str | None) -> None:
    path = tmp_path / "odd.json"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    refused = reelroom("diff", "magi-distilled", "--from", path, "--config", config)
    assert refused.exit_code == 2
    assert len(refused.stderr.splitlines()) == 1


def test_the_page_is_written_and_checked(config: Path, tmp_path: Path) -> None:
    page = tmp_path / "docs" / "endpoints.md"
    assert reelroom("docs", "--check", "--config", config, "--output", page).exit_code == 1
    assert reelroom("docs", "--config", config, "--output", page).exit_code == 0
    assert reelroom("docs", "--check", "--config", config, "--output", page).exit_code == 0
    (config / "endpoints" / "magi-distilled.toml").unlink()
    stale = reelroom("docs", "--check", "--config", config, "--output", page)
    assert stale.exit_code == 1
    assert "out of date" in stale.stderr


def test_the_page_in_the_repository_is_that_of_the_shipped_files() -> None:
    assert reelroom("docs", "--check", "--config", SHIPPED, "--output", ROOT / "docs" / "endpoints.md").exit_code == 0


def test_the_page_has_every_option_rule_price_and_choice() -> None:
    page = endpoints_page(catalogue_of(ENDPOINTS))
    for endpoint in ENDPOINTS:
        assert f"### {endpoint.model}: {endpoint.title}" in page
        assert all(f"| `{option.name}` |" in page for option in endpoint.options)
        assert all(choice in page for option in endpoint.options for choice in option.choices)
        assert all(rule.text in page for rule in endpoint.rules)
    assert "- plus $0.04 for every started second of the video." in page
    assert "Two pictures are put side by side" in page


def test_a_price_is_told_as_it_is_computed() -> None:
    assert PIXVERSE_IMAGE.price is not None
    assert price_lines(PIXVERSE_IMAGE.price) == [
        "$0.20 when resolution is 720p",
        "$0.40 when resolution is 1080p",
        "$0.15 otherwise",
        "times 2 when duration is 8",
    ]
    assert SOUND.price is not None
    assert price_lines(SOUND.price) == [
        "plus $0.04 for every started second of the video",
        "plus $0.24 for every started 100 characters of text",
    ]
    assert [usual_price(one) for one in (PIXVERSE_EFFECTS, MAGI_IMAGE, SOUND)] == [
        "$0.20",
        "about $0.32",
        "up to $1.20",
    ]


def test_amounts_keep_all_their_digits() -> None:
    assert [exact(amount) for amount in (200_000, 5_600, 1, 0, 1_250_000_000)] == [
        "$0.20",
        "$0.0056",
        "$0.000001",
        "$0.00",
        "$1,250.00",
    ]


def test_what_an_option_takes_is_said_with_its_unit() -> None:
    said = {option.name: takes(option) for option in (*MAGI_IMAGE.options, *PIXVERSE_IMAGE.options)}
    assert said["frames"] == "a whole number, 96 to 192 frames"
    assert said["duration"] == "5 or 8 s"
    assert said["resolution"] == "360p, 540p, 720p or 1080p"
    assert said["prompt"] == "text of up to 200 characters"


class _Site(BaseHTTPRequestHandler):
    """fal's site, as far as its documents go."""

    documents: Mapping[str, Mapping[str, Any]] = {}

    def do_GET(self) -> None:
        endpoint_id = self.path.partition("endpoint_id=")[2].replace("%2F", "/")
        document = self.documents.get(endpoint_id)
        body = json.dumps(document or {"detail": "Not found"}).encode()
        self.send_response(200 if document else 404)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    @override
    def log_message(self, format: str, *args: object) -> None:
        return


@pytest.fixture(name="site")
def run_site(config: Path, grok: Endpoint) -> Iterator[None]:
    """A site on loopback that has the document of `grok`; the settings point to it."""
    handler = type("Site", (_Site,), {"documents": {NEW_ID: document_from_endpoint(grok)}})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    (config / "bot.toml").write_text(f'[fal]\nsite_url = "http://127.0.0.1:{server.server_port}"\n', encoding="utf-8")
    yield
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.usefixtures("site")
def test_without_a_saved_document_fal_is_asked(config: Path) -> None:
    added = reelroom("add", NEW_ID, "--config", config)
    assert (added.exit_code, added.stderr) == (0, "")
    assert reelroom("diff", NEW_ID, "--config", config).stdout == "No drift.\n"
    missing = reelroom("diff", "magi-distilled", "--config", config)
    assert missing.exit_code == 1
    assert len(missing.stderr.splitlines()) == 1
