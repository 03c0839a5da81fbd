from pathlib import Path

import av
import pytest
from PIL import Image

from bot.domain.errors import Refused, StoreUnavailable
from bot.media.fit import fit, measure, still, thumbnail
from bot.media.join import side_by_side
from tests.media.material import clip_file, corners, full_disk, picture_file, quarters
from tests.sandbox.material import clip


@pytest.fixture(scope="module")
def heavy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two seconds that hardly compress: more than a megabyte."""
    path = clip_file(tmp_path_factory.mktemp("heavy") / "a", width=320, height=240, seconds=2, noisy=True)
    assert path.stat().st_size > 1_000_000
    return path


def played(path: Path) -> tuple[int, float]:
    with av.open(str(path)) as container:
        frames = sum(1 for _ in container.decode(video=0))
        container.seek(0)
        samples = sum(frame.samples for frame in container.decode(audio=0)) if container.streams.audio else 0
    return frames, samples / 48_000


def test_a_reel_is_measured(tmp_path: Path) -> None:
    path = clip_file(tmp_path / "a", width=96, height=64, seconds=2)
    facts = measure(path)
    assert (facts.width_px, facts.height_px, facts.has_audio, facts.size_bytes) == (96, 64, True, path.stat().st_size)
    assert facts.seconds == pytest.approx(2.0, abs=0.05)


def test_a_turned_reel_is_measured_as_it_is_shown(tmp_path: Path) -> None:
    facts = measure(clip_file(tmp_path / "a", width=96, height=64, turned=90))
    assert (facts.width_px, facts.height_px) == (64, 96)


def test_a_picture_is_no_reel(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="wrong_file_kind"):
        measure(picture_file(tmp_path / "a", quarters(), "PNG"))


@pytest.mark.parametrize(
    ("turned", "expected"),
    [
        (0, ["red", "green", "white", "blue"]),
        (90, ["green", "white", "blue", "red"]),
        (180, ["white", "blue", "red", "green"]),
        (-90, ["blue", "red", "green", "white"]),
    ],
)
def test_the_thumbnail_is_small_and_upright(tmp_path: Path, turned: int, expected: list[str]) -> None:
    path = clip_file(tmp_path / "a", width=640, height=480, seconds=0.2, turned=turned)
    thumbnail(path, tmp_path / "thumb")
    with Image.open(tmp_path / "thumb") as picture:
        assert (picture.format, max(picture.size), min(picture.size)) == ("JPEG", 320, 240)
        assert corners(picture) == expected


def test_the_frame_that_is_judged_is_none_of_the_first(tmp_path: Path) -> None:
    """Its red grows by three a frame, from none."""
    path = clip(tmp_path / "a.mp4", seconds=2.0, size=(320, 240))
    thumbnail(path, tmp_path / "first")
    still(path, tmp_path / "middle")
    reds = []
    for name in ("first", "middle"):
        with Image.open(tmp_path / name) as picture:
            assert picture.size == (320, 240)
            reds.append(picture.convert("RGB").resize((1, 1)).tobytes()[0])
    assert reds[0] < 12
    assert 60 < reds[1] < 90


@pytest.mark.parametrize("limit_bytes", [400_000, 150_000, 60_000])
def test_a_reel_is_made_to_fit_and_still_plays(tmp_path: Path, heavy: Path, limit_bytes: int) -> None:
    facts = fit(heavy, tmp_path / "out", limit_bytes)
    assert facts is not None
    assert facts.size_bytes == (tmp_path / "out").stat().st_size <= limit_bytes
    assert facts.size_bytes > limit_bytes / 4, "the room there is should be used"
    assert facts.width_px / facts.height_px == pytest.approx(4 / 3, rel=0.05)
    frames, sound_s = played(tmp_path / "out")
    assert frames == 24
    assert sound_s == pytest.approx(2.0, abs=0.1)


def test_a_fitted_reel_plays_from_its_first_bytes(tmp_path: Path, heavy: Path) -> None:
    assert fit(heavy, tmp_path / "out", 200_000) is not None
    content = (tmp_path / "out").read_bytes()
    assert content.index(b"moov") < content.index(b"mdat")


def test_a_reel_that_fits_already_is_left_alone(tmp_path: Path, heavy: Path) -> None:
    facts = fit(heavy, tmp_path / "out", 100_000_000)
    assert facts == measure(heavy)
    assert (tmp_path / "out").read_bytes() == heavy.read_bytes()


def test_a_limit_that_leaves_nothing_worth_watching_gives_nothing(tmp_path: Path, heavy: Path) -> None:
    assert fit(heavy, tmp_path / "out", 5_000) is None


@pytest.mark.parametrize("turned", [90, 180, -90])
def test_a_turned_reel_stays_upright_when_fitted(tmp_path: Path, turned: int) -> None:
    path = clip_file(tmp_path / "a", width=320, height=240, seconds=1, noisy=True, turned=turned)
    thumbnail(path, tmp_path / "before")
    facts = fit(path, tmp_path / "out", 100_000)
    assert facts is not None
    thumbnail(tmp_path / "out", tmp_path / "after")
    with Image.open(tmp_path / "before") as before, Image.open(tmp_path / "after") as after:
        assert (before.width > before.height) == (after.width > after.height)
        assert corners(before) == corners(after)


@pytest.mark.parametrize("limit_bytes", [100_000, 100_000_000])
def test_a_full_disk_is_ours_to_mend(tmp_path: Path, heavy: Path, limit_bytes: int) -> None:
    with full_disk(20_000), pytest.raises(StoreUnavailable):
        fit(heavy, tmp_path / "out", limit_bytes)


def test_odd_sides_are_no_obstacle(tmp_path: Path) -> None:
    path = clip_file(tmp_path / "a", format_="webm", codec="libvpx-vp9", width=321, height=241, seconds=1, noisy=True)
    facts = fit(path, tmp_path / "out", path.stat().st_size // 3)
    assert facts is not None
    assert facts.width_px % 2 == facts.height_px % 2 == 0


def test_two_pictures_are_joined_at_equal_height(tmp_path: Path) -> None:
    left = picture_file(tmp_path / "left", Image.new("RGB", (100, 200), (220, 20, 20)), "PNG")
    right = picture_file(tmp_path / "right", Image.new("RGBA", (300, 100), (0, 0, 0, 0)), "PNG")
    side_by_side(left, right, tmp_path / "out")
    with Image.open(tmp_path / "out") as joined:
        assert (joined.format, joined.size) == ("JPEG", (350, 100))
        assert joined.convert("RGB").getpixel((25, 50)) == pytest.approx((220, 20, 20), abs=6)
        assert joined.convert("RGB").getpixel((200, 50)) == pytest.approx((255, 255, 255), abs=6)
