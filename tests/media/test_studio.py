import datetime as dt
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PIL import Image

from bot.domain.catalogue import Kind, MediaLimits, Option
from bot.domain.errors import FalMissing, FalUnavailable, Refused, Slug
from bot.domain.media import MediaKind
from bot.media.fetch import Fetcher
from bot.media.staging import Staging
from bot.media.studio import Studio
from bot.media.worker import MediaWorker
from tests.media.material import clip_file, corners, picture_file, quarters
from tests.media.test_staging import Upload, files, stream
from tests.media.web import Internet, Names, Web, web

FAR_AHEAD = dt.datetime(2200, 1, 1, tzinfo=dt.UTC)
LONG_AGO = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)


@pytest.fixture
async def site() -> AsyncIterator[Web]:
    async with web() as site:
        yield site


@pytest.fixture
async def studio(tmp_path: Path, site: Web) -> AsyncIterator[Studio]:
    fetcher = Fetcher(
        resolve=Names({"photos.example": [["93.184.215.14"]]}),
        transport=Internet(site.port),
        trusted_hosts=[f"127.0.0.1:{site.port}"],
    )
    studio = Studio(
        staging=Staging(tmp_path / "media"),
        reels=Staging(tmp_path / "reels", suffix=".mp4"),
        worker=MediaWorker(),
        fetcher=fetcher,
        max_bytes=20_000_000,
    )
    yield studio
    await studio.close()


def option(kind: Kind = Kind.IMAGE, **limits: object) -> Option:
    return Option(name="image", field="image_url", kind=kind, limits=MediaLimits(**limits))  # type: ignore[arg-type]  # table


async def test_a_photo_is_taken_mended_and_kept(studio: Studio, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "Phone"
    stored = quarters(192, 256).transpose(Image.Transpose.ROTATE_90)
    photo = picture_file(tmp_path / "a", stored, "JPEG", exif=exif).read_bytes()

    sha256, facts = await studio.receive(stream(photo[:100], photo[100:]), option=option(), name="me.jpg")

    assert (facts.kind, facts.format, facts.width_px, facts.height_px) == (MediaKind.IMAGE, "jpeg", 192, 256)
    assert files(tmp_path / "media") == {sha256}
    assert b"Phone" not in studio.path(sha256).read_bytes()
    assert await studio.facts(sha256) == facts
    with Image.open(studio.path(sha256)) as picture:
        assert corners(picture) == ["red", "green", "white", "blue"]


async def test_all_that_is_wrong_with_a_file_is_said_at_once(studio: Studio, tmp_path: Path) -> None:
    path = picture_file(tmp_path / "a", quarters(400, 40), "PNG")
    with pytest.raises(Refused) as caught:
        await studio.receive(
            stream(path.read_bytes()), option=option(min_side_px=300, max_ratio=2.5), name="banner.png"
        )
    assert [problem.slug for problem in caught.value.problems] == [Slug.TOO_FEW_PIXELS, Slug.WRONG_RATIO]
    assert {problem.about for problem in caught.value.problems} == {"banner.png"}
    assert files(tmp_path / "media") == set()


@pytest.mark.parametrize(
    ("content", "slug"),
    [
        (b"", Slug.EMPTY_FILE),
        (b"%PDF-1.7 and so on", Slug.WRONG_FILE_KIND),
        (b"\xff\xd8\xff\xe0 and no more", Slug.UNREADABLE_FILE),
    ],
)
async def test_what_is_no_picture_is_refused_by_name_and_leaves_nothing(
    studio: Studio, tmp_path: Path, content: bytes, slug: Slug
) -> None:
    with pytest.raises(Refused) as caught:
        await studio.receive(stream(content), option=option(), name="photo.jpg")
    problem = caught.value.problems[0]
    assert (problem.slug, problem.about) == (slug, "photo.jpg")
    assert (problem.facts["option"], problem.facts["wanted"]) == ("image", "a picture")
    assert files(tmp_path / "media") == set()


async def test_a_clip_renamed_to_a_picture_is_seen_through(studio: Studio, tmp_path: Path) -> None:
    clip = clip_file(tmp_path / "a").read_bytes()
    with pytest.raises(Refused) as caught:
        await studio.receive(stream(clip), option=option(), name="photo.png")
    problem = caught.value.problems[0]
    assert problem.slug is Slug.WRONG_FILE_KIND
    assert (problem.facts["given"], problem.facts["wanted"]) == ("a video", "a picture")


@pytest.mark.parametrize(
    ("wanted", "most_bytes"),
    [
        (option(), 20_000_000),
        (option(max_bytes=8_000_000), 20_000_000),
        (option(Kind.VIDEO, max_bytes=8_000_000), 8_000_000),
    ],
    ids=["our cap", "pictures may be shrunk", "clips may not"],
)
async def test_a_large_upload_is_ended_early(studio: Studio, wanted: Option, most_bytes: int) -> None:
    upload = Upload(3_000)
    with pytest.raises(Refused) as caught:
        await studio.receive(aiter(upload), option=wanted, name="large")
    assert caught.value.problems[0].slug is Slug.TOO_MANY_BYTES
    assert upload.taken_bytes <= most_bytes + 64_000


async def test_a_clip_is_taken_for_a_clip(studio: Studio, tmp_path: Path) -> None:
    clip = clip_file(tmp_path / "a", format_="mov", tags={"location": "+52.52+013.40/"}).read_bytes()
    sha256, facts = await studio.receive(stream(clip), option=option(Kind.VIDEO), name="clip.mov")
    assert (facts.kind, facts.format, facts.tagged) == (MediaKind.VIDEO, "mp4", False)
    assert studio.path(sha256).stat().st_size == facts.size_bytes


async def test_a_link_is_fetched_checked_and_kept(studio: Studio, site: Web, tmp_path: Path) -> None:
    site.answer("/dir/me.png?token=x", picture_file(tmp_path / "a", quarters(), "PNG").read_bytes())
    sha256, facts = await studio.receive_url("https://photos.example/dir/me.png?token=x", option=option())
    assert (facts.format, files(tmp_path / "media")) == ("png", {sha256})
    with pytest.raises(Refused) as caught:
        await studio.receive_url("https://photos.example/dir/me.png?token=x", option=option(min_side_px=300))
    assert caught.value.problems[0].about == "me.png"
    for url in (f"http://127.0.0.1:{site.port}/dir/me.png", "https://169.254.169.254/"):
        with pytest.raises(Refused) as caught:
            await studio.receive_url(url, option=option())
        problem = caught.value.problems[0]
        assert (problem.slug, problem.facts["given"]) == (Slug.URL_REFUSED, url.split("/")[2].partition(":")[0])


async def test_two_pictures_become_one(studio: Studio, tmp_path: Path) -> None:
    hashes = [
        (
            await studio.receive(
                stream(picture_file(tmp_path / "a", picture, "PNG").read_bytes()), option=option(), name="a"
            )
        )[0]
        for picture in (quarters(600, 400), quarters(400, 800))
    ]
    sha256 = await studio.join(hashes[0], hashes[1])
    facts = await studio.facts(sha256)
    assert (facts.width_px, facts.height_px) == (800, 400)
    shrunk = await studio.facts(await studio.join(hashes[0], hashes[1], option=option(max_side_px=400)))
    assert (shrunk.width_px, shrunk.height_px) == (400, 200)
    with pytest.raises(Refused, match="wrong_ratio"):
        await studio.join(hashes[0], hashes[1], option=option(max_ratio=1.5))


async def test_a_picture_that_was_swept_cannot_be_joined(studio: Studio) -> None:
    with pytest.raises(Refused):
        await studio.join("a" * 64, "b" * 64)


async def test_a_reel_is_kept_measured_and_has_its_thumbnail(studio: Studio, site: Web, tmp_path: Path) -> None:
    clip = clip_file(tmp_path / "a", width=640, height=360, seconds=1).read_bytes()
    site.answer("/reel.mp4", clip)
    url = f"http://127.0.0.1:{site.port}/reel.mp4"

    reel = await studio.keep_reel(url, expected_bytes=None)

    assert (reel.width_px, reel.height_px, reel.has_audio, reel.size_bytes) == (640, 360, True, len(clip))
    assert reel.seconds == pytest.approx(1.0, abs=0.05)
    assert studio.reel_path(reel.sha256).read_bytes() == clip
    with Image.open(studio.thumbnail_path(reel.sha256)) as thumbnail:
        assert (thumbnail.format, thumbnail.size) == ("JPEG", (320, 180))
    assert await studio.keep_reel(url, expected_bytes=len(clip)) == reel
    assert files(tmp_path / "reels") == {f"{reel.sha256}.jpg", f"{reel.sha256}.mp4"}


async def test_a_reel_that_does_not_come_whole_is_not_kept(studio: Studio, site: Web, tmp_path: Path) -> None:
    clip = clip_file(tmp_path / "a", seconds=2, noisy=True).read_bytes()
    site.answer("/half", clip[: len(clip) // 2], content_length=str(len(clip)))
    site.answer("/page", b"<html>Sorry")
    base = f"http://127.0.0.1:{site.port}"
    for path, retryable in (("/half", True), ("/page", False)):
        with pytest.raises(FalUnavailable) as caught:
            await studio.keep_reel(base + path, expected_bytes=None)
        assert caught.value.retryable is retryable
    with pytest.raises(FalMissing):
        await studio.keep_reel(base + "/none", expected_bytes=None)
    assert files(tmp_path / "reels") == set()


async def test_a_reel_is_fitted_beside_the_original(studio: Studio, site: Web, tmp_path: Path) -> None:
    site.answer("/reel", clip_file(tmp_path / "a", width=320, height=240, seconds=1, noisy=True).read_bytes())
    reel = await studio.keep_reel(f"http://127.0.0.1:{site.port}/reel", expected_bytes=None)

    fitted = await studio.fit(reel.sha256, reel.size_bytes // 4)

    assert fitted is not None
    assert studio.reel_path(fitted.sha256).stat().st_size == fitted.size_bytes <= reel.size_bytes // 4
    assert studio.thumbnail_path(fitted.sha256).exists()
    assert studio.reel_path(reel.sha256).exists()
    assert await studio.fit(reel.sha256, 2_000) is None
    assert await studio.fit("a" * 64, 2_000) is None


async def test_a_sweep_keeps_what_rows_name(studio: Studio, site: Web, tmp_path: Path) -> None:
    picture = picture_file(tmp_path / "a", quarters(), "PNG").read_bytes()
    sha256, _ = await studio.receive(stream(picture), option=option(), name="a.png")
    site.answer("/reel", clip_file(tmp_path / "b").read_bytes())
    reel = await studio.keep_reel(f"http://127.0.0.1:{site.port}/reel", expected_bytes=None)

    assert await studio.sweep(media=[], reels=[], before=LONG_AGO) == 0
    assert await studio.sweep(media=[sha256], reels=[reel.sha256], before=FAR_AHEAD) == 0
    assert await studio.sweep(media=[sha256], reels=[], before=FAR_AHEAD) == 2
    assert (files(tmp_path / "media"), files(tmp_path / "reels")) == ({sha256}, set())
