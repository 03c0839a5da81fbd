"""What bad input gets: a clear sentence naming all that is wrong, nothing charged, nothing half-written."""

import asyncio
import io
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from pathlib import Path

import pytest
from PIL import Image

from bot.actions.defaults import Defaults
from bot.actions.policies import Policies
from bot.actions.replies import Replies
from bot.app import clock as machine
from bot.app.reception import Reception
from bot.domain.ask import Attachment
from bot.domain.catalogue import Catalogue
from bot.domain.errors import Problem, Refused, Slug
from bot.domain.job import State
from bot.domain.phrases import refusal_notice
from bot.media.fetch import Fetcher
from bot.media.staging import Staging
from bot.media.studio import Studio
from bot.media.uploads import Uploads
from bot.media.worker import MediaWorker
from bot.store.books import Books
from bot.store.linking import LinkStore
from tests.actions.administrations import an_administration, some_stats
from tests.actions.consents import a_taking_back
from tests.actions.links import a_link
from tests.actions.privacies import a_privacy
from tests.builders import Ids
from tests.media.material import clip_file, sound_file
from tests.pipeline.example import EXAMPLE
from tests.pipeline.fal import Fal
from tests.pipeline.world import HandClock, Setting, World, limited, world

MB = 1_000_000
EFFECT = '/effect "Kiss Me AI"'


def image(width: int = 400, height: int = 300, format_: str = "JPEG", mode: str = "RGB") -> bytes:
    """A picture."""
    written = io.BytesIO()
    Image.new(mode, (width, height)).save(written, format_)
    return written.getvalue()


@pytest.fixture(scope="module")
def worker() -> Iterator[MediaWorker]:
    """One worker process for all of these."""
    shared = MediaWorker()
    yield shared
    asyncio.run(shared.close())


@pytest.fixture
async def studio(tmp_path: Path, worker: MediaWorker) -> AsyncIterator[Studio]:
    fetcher = Fetcher()
    yield Studio(
        staging=Staging(tmp_path / "media"),
        reels=Staging(tmp_path / "reels", suffix=".mp4"),
        worker=worker,
        fetcher=fetcher,
    )
    await fetcher.close()


@pytest.fixture
def uploads(tmp_path: Path) -> Uploads:
    return Uploads(Staging(tmp_path / "media"), max_bytes=100 * MB)


@pytest.fixture
async def real(
    tmp_path: Path, told: Fal, clock: HandClock, catalogue: Catalogue, studio: Studio, uploads: Uploads
) -> AsyncIterator[World]:
    """A world that looks into files."""
    setting = Setting(catalogue=catalogue, hosts=told.hosts(), clock=clock, media=studio, uploads=uploads)
    async with world(tmp_path, setting) as made:
        yield made


@pytest.fixture
def front(real: World) -> Reception:
    """The front desk, with nothing behind it that is not asked here."""
    privacy = a_privacy(real.database, real.presses, real.now)
    links = LinkStore(real.database, zone=real.setting.policy.zone, now=real.now, new_id=Ids())
    return Reception(
        catalogue=real.setting.catalogue,
        inbox=real.inbox,
        jobs=real.jobs,
        buttons=real.buttons,
        replies=Replies(
            books=Books(real.database),
            presses=real.presses,
            link=a_link(links, real.now),
            privacy=privacy,
            policies=Policies(policy=real.setting.policy, budgets=real.budgets),
            taking_back=a_taking_back(real.database, real.now),
            catalogue=real.setting.catalogue,
            now=real.now,
        ),
        defaults=Defaults(memory=real.people, catalogue=real.setting.catalogue),
        stats=some_stats(real.database, real.setting.catalogue, real.setting.policy, real.now),
        administration=an_administration(real.database, real.setting.catalogue, real.setting.policy, real.now),
        chat=real.chats[EXAMPLE],
        sandbox=False,
        sleep=machine.sleep,
    )


def problems_of(front: Reception, text: str, files: Sequence[Attachment]) -> Sequence[Problem]:
    """What is wrong with a text and its files."""
    reading = front.read(text)
    with pytest.raises(Refused) as refused:
        front.draft(reading.wish, files, reading.problems)
    return refused.value.problems


# --- what is wrong before anybody has looked into a file -----------------------------------------------------------

PHOTO = Attachment(platform=EXAMPLE, handle="me.jpg", name="me.jpg", content_type="image/jpeg")


@pytest.mark.parametrize(
    ("text", "files", "slugs", "said"),
    [
        ("/efect Kiss", [PHOTO], {Slug.UNKNOWN_COMMAND}, ["efect", "/effect"]),
        ("/effect Kis Me AI", [PHOTO], {Slug.UNKNOWN_CHOICE}, ["Kis Me AI", "Kiss Me AI"]),
        (
            "/animate boat --model klng-2.1-master",
            [PHOTO],
            {Slug.UNKNOWN_MODEL},
            ["klng-2.1-master", "kling-2.1-master"],
        ),
        (f"{EFFECT} --resolution 730p", [PHOTO], {Slug.UNKNOWN_CHOICE}, ["730p", "720p"]),
        (f"{EFFECT} --durration 8", [PHOTO], {Slug.UNKNOWN_OPTION}, ["durration", "duration"]),
        (EFFECT, [], {Slug.MISSING_MEDIA}, ["picture"]),
        (f"/video {'x' * 5001}", [], {Slug.TOO_LONG}, ["5,001"]),
        (
            "/video boat --model pixverse-4.5 --resolution 1080p --duration 8",
            [],
            {Slug.RULE_BROKEN},
            ["1080p is only possible with 5 seconds"],
        ),
        (
            "/effect Kis Me AI --resolution 730p --duration 99",
            [],
            {Slug.UNKNOWN_CHOICE, Slug.MISSING_MEDIA},
            ["Kiss Me AI", "720p", "99", "picture"],
        ),
        (
            "/video boat --model pixverse-4.5 --resolution 1080p --duration 8 --seed x --aspect 7:7",
            [],
            {Slug.RULE_BROKEN, Slug.NOT_A_NUMBER, Slug.UNKNOWN_CHOICE},
            ["1080p", "seed", "7:7"],
        ),
    ],
    ids=[
        "unknown command",
        "unknown effect",
        "unknown model",
        "unknown value",
        "unknown option",
        "missing picture",
        "prompt over the limit",
        "1080p with 8 s",
        "everything at once",
        "a rule and two values",
    ],
)
async def test_what_is_typed_wrongly_is_said_at_once(
    real: World, front: Reception, text: str, files: list[Attachment], slugs: set[Slug], said: Sequence[str]
) -> None:
    problems = problems_of(front, text, files)
    sentences = refusal_notice(problems).text

    assert {problem.slug for problem in problems} == slugs
    for word in said:
        assert word in sentences
    await nothing_was_kept(real)


# --- what is wrong inside a file -----------------------------------------------------------------------------------


def of_video(folder: Path) -> bytes:
    return clip_file(folder / "clip", seconds=0.5).read_bytes()


def of_sound(folder: Path) -> bytes:
    return sound_file(folder / "sound", seconds=0.5).read_bytes()


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("empty.jpg", b"", ["empty.jpg", "empty"]),
        ("cut.jpg", image(2000, 1500)[:4000], ["cut.jpg", "damaged"]),
        ("words.jpg", b"these are words and no picture, whatever the name says", ["words.jpg"]),
        ("huge.png", image(10_000, 6_000, "PNG", "1"), ["huge.png", "10,000 x 6,000 px", "40 megapixels"]),
        ("tiny.png", image(40, 30, "PNG"), ["tiny.png", "40 x 30 px", "300 px"]),
        ("slim.png", image(4000, 400, "PNG"), ["slim.png", "4,000 x 400 px"]),
    ],
    ids=["empty", "truncated", "not a picture", "60 megapixels", "too small", "too slim"],
)
async def test_a_picture_that_will_not_do_is_refused_before_money(
    real: World, tmp_path: Path, name: str, data: bytes, said: Sequence[str]
) -> None:
    sentences = await refused(real, {name: [data]})

    for word in said:
        assert word in sentences
    assert list((tmp_path / "media").iterdir()) == []


@pytest.mark.parametrize(("make", "kind"), [(of_video, "a video"), (of_sound, "a sound")])
async def test_a_renamed_file_is_known_by_its_content(
    real: World, tmp_path: Path, make: Callable[[Path], bytes], kind: str
) -> None:
    sentences = await refused(real, {"me.jpg": [make(tmp_path)]})

    for word in ("me.jpg", kind, "a picture"):
        assert word in sentences
    assert list((tmp_path / "media").iterdir()) == []


async def test_a_file_of_the_wrong_kind_by_its_name_is_said_before_it_is_fetched(real: World, front: Reception) -> None:
    song = Attachment(platform=EXAMPLE, handle="song.mp3", name="song.mp3", content_type="audio/mpeg")
    problems = problems_of(front, EFFECT, [song])

    assert {problem.slug for problem in problems} == {Slug.FILE_UNUSED, Slug.MISSING_MEDIA}
    await nothing_was_kept(real)


async def test_a_file_of_200_megabytes_is_cut_off(real: World, tmp_path: Path) -> None:
    sentences = await refused(real, {"film.jpg": [b"\xff\xd8" + bytes(MB)] * 200})

    for word in ("film.jpg", "too large", "100 MB"):
        assert word in sentences
    assert list((tmp_path / "media").iterdir()) == []


async def test_an_upload_of_200_megabytes_is_refused_while_it_comes(uploads: Uploads, tmp_path: Path) -> None:
    sent = 0

    async def body() -> AsyncIterator[bytes]:
        nonlocal sent
        for _ in range(200):
            sent += 1
            yield bytes(MB)

    with pytest.raises(Refused) as refusal:
        await uploads.keep(body(), name="film.mp4")

    sentence = refusal_notice(refusal.value.problems).text
    for word in ("film.mp4", "too large", "100 MB"):
        assert word in sentence
    assert sent <= 101
    assert list((tmp_path / "media").iterdir()) == []


async def test_every_file_that_will_not_do_is_named_at_once(real: World) -> None:
    text = "/transition one becomes the other"
    sentences = await refused(real, {"first.png": [image(40, 30, "PNG")], "second.png": [b"no picture"]}, text)

    assert "first.png" in sentences
    assert "second.png" in sentences


async def test_a_good_picture_is_taken(real: World) -> None:
    real.example.files["me.jpg"] = [image()]
    job = await real.admitted(EFFECT, files=[PHOTO])

    assert job.state is State.ADMITTED
    assert await real.count("staged") == 1


async def test_two_pictures_side_by_side_are_made_fit_for_the_endpoint(real: World, studio: Studio) -> None:
    files = [real.picture(image(3000, 3000), "one.jpg"), real.picture(image(3000, 2000), "two.jpg")]
    job = await real.admitted(EFFECT, files=files)
    joined = await studio.facts(job.order.media["image"][0])

    assert job.order.joined
    assert max(joined.width_px, joined.height_px) == 4096
    assert await real.count("staged") == 1


async def test_two_pictures_that_make_an_impossible_shape_are_refused(real: World) -> None:
    wide = image(1500, 700)
    sentences = await refused(real, {"one.jpg": [wide], "two.jpg": [wide]})

    assert "shape" in sentences


# --- money ---------------------------------------------------------------------------------------------------------


async def test_a_budget_used_up_says_what_is_left_and_when_it_refills(
    tmp_path: Path, told: Fal, clock: HandClock, catalogue: Catalogue
) -> None:
    setting = Setting(catalogue=catalogue, hosts=told.hosts(), clock=clock, policy=limited(day=500_000))
    async with world(tmp_path, setting) as here:
        first = await here.admitted("/video boat --model pixverse-4.5")
        rows = await here.count("ledger")
        ask = here.ask("/video boat --model pixverse-4.5 --duration 8")
        await here.inbox.receive(ask)
        await here.intake.advance(ask.id)

        sentence = here.example.said[ask.id].text
        assert first.state is State.ADMITTED
        for word in ("$", "left", "refills", "tomorrow"):
            assert word in sentence
        assert (await here.count("jobs"), await here.count("ledger")) == (1, rows)
        assert await here.inbox.row(ask.id) is None


# --- shared --------------------------------------------------------------------------------------------------------


async def refused(real: World, files: dict[str, Sequence[bytes]], text: str = EFFECT) -> str:
    """What is said to an Ask with these files; nothing of it is kept."""
    real.example.files |= files
    named = [Attachment(platform=EXAMPLE, handle=name, name=name) for name in files]
    ask = real.ask(text, files=named)
    await real.inbox.receive(ask)
    await real.intake.advance(ask.id)
    assert await real.inbox.row(ask.id) is None
    await nothing_was_kept(real)
    return real.example.said[ask.id].text


async def nothing_was_kept(real: World) -> None:
    """No Job, no money, no row about a file."""
    assert [await real.count(table) for table in ("jobs", "ledger", "staged")] == [0, 0, 0]
