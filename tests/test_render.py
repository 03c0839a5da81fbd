"""`reelroom render` for every endpoint of the catalogue, against one sandbox: what was asked for is what comes out."""

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import av
import httpx
import pytest
from PIL import Image
from rich.console import Console
from rich.table import Table

from bot.app import clock
from bot.app.local_fal import at_sandbox, local_fal, quickened
from bot.app.program import Program, started
from bot.chat.terminal.client import Rendered, Terminal
from bot.cli.planning import on_port, plan_of
from bot.cli.rendering import read_line
from bot.domain.catalogue import Catalogue, Endpoint, FileCount, Kind, OneOf, Option
from bot.domain.job import State
from bot.domain.notice import Notice
from bot.domain.price import dollars
from bot.sandbox.settings import SandboxSettings
from bot.settings.quota import QuotaSection
from bot.store.audit import audit
from bot.store.books import Books
from tests.media.material import clip_file, sound_file

ROOT = Path(__file__).parents[1]
PICTURE = (800, 600)
CLIP = (1280, 720)
CLIP_S = 2.5
USUAL_S = 5.0
SHAPES = ("1:1", "9:16")
PLACES = 4
WORDS = "a paper boat crosses a puddle"
CLOSE_S = 0.2
A_SECOND_OF_FRAMES = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is typed for an endpoint, and what must come out; a size is (width, height)."""

    endpoint: Endpoint
    words: tuple[str, ...]
    seconds: float
    size: tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What came out, as PyAV reads the file."""

    order: Order
    rendered: Rendered
    codec: str
    seconds: float
    size: tuple[int, int]

    def flaws(self) -> list[str]:
        """Where it is not what was ordered."""
        found = [] if self.codec == "h264" else [f"the codec is {self.codec}"]
        if abs(self.seconds - self.order.seconds) > CLOSE_S:
            found.append(f"{self.seconds:.2f} s instead of {self.order.seconds:.2f} s")
        if any(abs(got - wanted) > 2 for got, wanted in zip(self.size, self.order.size, strict=True)):
            found.append(f"{self.size} instead of {self.order.size}")
        return [f"{self.order.endpoint.slug}: {flaw}" for flaw in found]


# --- a valid order for any endpoint, from the catalogue alone --------------------------------------------------------


def order_for(endpoint: Endpoint, files: dict[Kind, Path]) -> Order:
    """The smallest order: what the endpoint requires, the least time and pixels it has, and a shape if it has one."""
    chosen = {option.name: value for option in endpoint.options if (value := _chosen(option, files)) is not None}
    for rule in endpoint.rules:
        match rule:
            case OneOf():
                option = endpoint.option(rule.options[0])
                assert option is not None
                chosen[option.name] = _sample(option, files)
            case FileCount() if _holds(rule, chosen):
                chosen[rule.option] = [str(files[Kind.IMAGE])] * rule.count
            case _:
                pass
    words = [endpoint.command, "--model", endpoint.slug]
    words += [word for name, given in chosen.items() for text in given for word in (f"--{name}", text)]
    return Order(
        endpoint=endpoint, words=tuple(words), seconds=_seconds(endpoint, chosen), size=_size(endpoint, chosen, files)
    )


def _chosen(option: Option, files: dict[Kind, Path]) -> list[str] | None:
    """The value of an option that must or should be set, None for one that is left alone."""
    if option.name in {"resolution", "duration"}:
        return [min(option.choices, key=_number)]
    if option.name == "frames":
        return [str(max(A_SECOND_OF_FRAMES, int(option.minimum or 1)))]
    if option.name == "aspect":
        return [next((shape for shape in SHAPES if shape in option.choices), option.choices[0])]
    return _sample(option, files) if option.required else None


def _sample(option: Option, files: dict[Kind, Path]) -> list[str]:
    match option.kind:
        case Kind.TEXT:
            return [WORDS]
        case Kind.CHOICE:
            return [option.choices[0]]
        case Kind.INTEGER | Kind.NUMBER:
            return [str(int(option.minimum or 1))]
        case Kind.FLAG:
            return ["on"]
        case Kind.IMAGES:
            return [str(files[Kind.IMAGE])] * max(1, option.min_files)
        case Kind.IMAGE | Kind.VIDEO | Kind.AUDIO:
            return [str(files[option.kind])]


def _holds(rule: FileCount, chosen: dict[str, list[str]]) -> bool:
    return all(chosen.get(name, [""])[0] in values for name, values in rule.when.items())


def _seconds(endpoint: Endpoint, chosen: dict[str, list[str]]) -> float:
    if "duration" in chosen:
        return _number(chosen["duration"][0])
    if "frames" in chosen:
        rate = endpoint.option("fps")
        default = rate.default if rate else endpoint.fixed_fps
        return _number(chosen["frames"][0]) / float(default or 24)
    if endpoint.fixed_seconds is not None:
        return endpoint.fixed_seconds
    return CLIP_S if "video" in chosen else USUAL_S


def _size(endpoint: Endpoint, chosen: dict[str, list[str]], files: dict[Kind, Path]) -> tuple[int, int]:
    """The shorter side is the resolution; the shape is the one asked for, else that of the first file."""
    gives = [option for option in endpoint.options if option.name in chosen and option.is_media]
    clip = any(option.kind is Kind.VIDEO for option in gives)
    pictures = any(option.kind in {Kind.IMAGE, Kind.IMAGES} for option in gives)
    asked = re.match(r"\d+", chosen.get("resolution", [endpoint.fixed_resolution])[0])
    short = int(asked.group()) if asked else (min(CLIP) if clip else 720)
    shape = re.fullmatch(r"(\d+):(\d+)", chosen.get("aspect", [""])[0])
    given = CLIP if clip else PICTURE if pictures else (16, 9)
    width, height = (int(shape[1]), int(shape[2])) if shape else given
    long = round(short * max(width, height) / min(width, height))
    return (long, short) if width >= height else (short, long)


def _number(text: str) -> float:
    found = re.match(r"\d+(\.\d+)?", text)
    return float(found.group()) if found else 0.0


# --- one program, one sandbox ----------------------------------------------------------------------------------------


@contextlib.asynccontextmanager
async def a_program(data: Path) -> AsyncIterator[tuple[Program, Catalogue, str]]:
    """The program without quotas, as `render` starts it, beside a sandbox that waits for nothing."""
    plan = on_port(plan_of(ROOT / "config", data), 0)
    speed = 500.0
    simulated = SandboxSettings(speed=speed, concurrency=PLACES, render_workers=2)
    async with local_fal(plan.catalogue, simulated) as url:
        settings = at_sandbox(plan.settings, url)
        fal = settings.fal.model_copy(update={"concurrency": PLACES})
        settings = settings.model_copy(update={"fal": fal, "quota": QuotaSection()})
        async with started(replace(plan, settings=settings, catalogue=quickened(plan.catalogue, speed))) as program:
            yield program, plan.catalogue, url


async def render(program: Program, catalogue: Catalogue, order: Order, folder: Path, turn: asyncio.Semaphore) -> Made:
    """What `reelroom render` does with these words."""
    seen: list[Notice] = []
    async with turn, Terminal(program.door, new_id=clock.new_id, sleep=clock.sleep) as terminal:
        line = read_line(order.words, catalogue)
        target = folder / f"{order.endpoint.slug}.mp4"
        rendered = await terminal.render(line.wish, line.files, target, on_progress=seen.append)
    assert seen
    with av.open(str(target)) as container:
        stream = container.streams.video[0]
        return Made(
            order=order,
            rendered=rendered,
            codec=stream.codec_context.name,
            seconds=(container.duration or 0) / av.time_base,
            size=(stream.codec_context.width, stream.codec_context.height),
        )


@pytest.fixture
def files(tmp_path: Path) -> dict[Kind, Path]:
    picture = tmp_path / "me.jpg"
    Image.linear_gradient("L").resize(PICTURE).convert("RGB").save(picture)
    return {
        Kind.IMAGE: picture,
        Kind.VIDEO: clip_file(tmp_path / "clip.mp4", width=CLIP[0], height=CLIP[1], seconds=CLIP_S, rate=24),
        Kind.AUDIO: sound_file(tmp_path / "voice.wav", seconds=3.0),
    }


@pytest.mark.slow
@pytest.mark.timeout(420)
async def test_every_endpoint_of_the_catalogue_makes_the_reel_that_was_asked_for(
    tmp_path: Path, files: dict[Kind, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "reels").mkdir()
    async with a_program(tmp_path / "data") as (program, catalogue, url):
        orders = [order_for(endpoint, files) for endpoint in catalogue.endpoints]
        turn = asyncio.Semaphore(PLACES)
        rendering = [render(program, catalogue, order, tmp_path / "reels", turn) for order in orders]
        outcomes = await asyncio.gather(*rendering, return_exceptions=True)
        jobs = {job.order.endpoint: job for job in await Books(program.kept.database).latest(limit=1000)}
        found = await audit(program.kept.database)
        async with httpx.AsyncClient(base_url=url, trust_env=False) as http:
            taken = (await http.get("/sandbox/requests")).json()["requests"]

    paired = list(zip(orders, outcomes, strict=True))
    broken = [f"{order.endpoint.slug}: {outcome}" for order, outcome in paired if isinstance(outcome, BaseException)]
    made = [outcome for outcome in outcomes if not isinstance(outcome, BaseException)]
    with capsys.disabled():
        show(made, {slug: job.cost_microusd or 0 for slug, job in jobs.items()})

    assert broken == []
    assert [flaw for one in made for flaw in one.flaws()] == []
    assert found.findings == ()
    assert {one["endpoint_id"] for one in taken} == {endpoint.id for endpoint in catalogue.endpoints}
    assert len(taken) == len(jobs) == len(catalogue.endpoints)
    assert {job.state for job in jobs.values()} <= {State.DELIVERING, State.DELIVERED}
    for order in orders:
        assert jobs[order.endpoint.slug].cost_microusd == jobs[order.endpoint.slug].order.quote.cost_microusd


def show(made: Sequence[Made], costs: dict[str, int]) -> None:
    """The table of all of them."""
    table = Table("endpoint", "options", "seconds", "size", "MB", "price", title="every endpoint, rendered")
    for one in sorted(made, key=lambda one: one.order.words):
        options = " ".join(_short(word) for word in one.order.words[3:])
        size = f"{one.size[0]} x {one.size[1]}"
        weight = f"{one.rendered.size_bytes / 1e6:.2f}"
        price = dollars(costs.get(one.order.endpoint.slug, 0))
        table.add_row(one.order.endpoint.id, options, f"{one.seconds:.2f}", size, weight, price)
    Console(width=170).print(table)


def _short(word: str) -> str:
    return Path(word).name if "/" in word else f'"{word}"' if " " in word else word
