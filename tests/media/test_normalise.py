from pathlib import Path

import av
import pytest
from PIL import Image, ImageCms

from bot.domain.catalogue import MediaLimits
from bot.domain.errors import Refused, Slug, StoreUnavailable
from bot.domain.media import MediaFacts
from bot.media.inspect import inspect
from bot.media.normalise import normalise
from tests.media.material import clip_file, corners, picture_file, quarters, sound_file

UPRIGHT = ["red", "green", "white", "blue"]


def normalised(path: Path, limits: MediaLimits | None = None) -> tuple[Path, MediaFacts]:
    out = path.with_name("out")
    return out, normalise(path, inspect(path), limits or MediaLimits(), out)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_comes_out_upright_and_says_nothing_of_where_it_was_taken(tmp_path: Path, orientation: int) -> None:
    turns = {
        1: [],
        2: [Image.Transpose.FLIP_LEFT_RIGHT],
        3: [Image.Transpose.ROTATE_180],
        4: [Image.Transpose.FLIP_TOP_BOTTOM],
        5: [Image.Transpose.TRANSPOSE],
        6: [Image.Transpose.ROTATE_90],
        7: [Image.Transpose.TRANSVERSE],
        8: [Image.Transpose.ROTATE_270],
    }
    stored = quarters(256, 192)
    for turn in turns[orientation]:
        stored = stored.transpose(turn)
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = orientation, "Phone"
    exif.get_ifd(0x8825)[2] = (52.0, 31.0, 12.0)
    path = picture_file(tmp_path / "a", stored, "JPEG", exif=exif, quality=95, comment=b"at home", xmp=b"<x:xmpmeta/>")

    out, facts = normalised(path)

    assert (facts.format, facts.width_px, facts.height_px, facts.turned, facts.tagged) == (
        "jpeg",
        256,
        192,
        False,
        False,
    )
    with Image.open(out) as picture:
        assert corners(picture) == UPRIGHT
        assert dict(picture.getexif()) == {}
        assert set(picture.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert b"Phone" not in out.read_bytes()


@pytest.mark.parametrize("pillow", ["HEIF", "AVIF", "WEBP", "GIF", "BMP", "TIFF", "MPO"])
def test_foreign_formats_become_what_the_endpoint_takes(tmp_path: Path, pillow: str) -> None:
    out, facts = normalised(picture_file(tmp_path / "a", quarters(256, 192), pillow))
    assert facts.format == "jpeg"
    with Image.open(out) as picture:
        assert (picture.format, corners(picture)) == ("JPEG", UPRIGHT)


@pytest.mark.parametrize("mode", ["RGB", "CMYK", "P", "L", "1", "YCbCr", "LAB", "I;16", "I", "F"])
def test_every_kind_of_pixel_becomes_plain_colour(tmp_path: Path, mode: str) -> None:
    if mode in {"I;16", "I"}:
        picture = Image.new(mode, (64, 48), 40_000)
    elif mode == "F":
        picture = Image.new(mode, (64, 48), 0.61)
    else:
        picture = quarters(mode=mode)
    out, facts = normalised(picture_file(tmp_path / "a", picture, "TIFF"), MediaLimits(formats=("png",)))
    assert facts.format == "png"
    with Image.open(out) as written:
        assert written.mode == "RGB"
        if mode in {"I;16", "I", "F"}:
            assert written.getpixel((5, 5)) == pytest.approx((155, 155, 155), abs=2)
        elif mode not in {"L", "1"}:
            assert corners(written) == UPRIGHT


def test_a_palette_with_a_see_through_colour_stays_see_through(tmp_path: Path) -> None:
    picture = Image.new("P", (64, 48), 1)
    picture.putpalette([0, 0, 0, 220, 20, 20])
    picture.paste(0, (0, 0, 32, 48))
    out, facts = normalised(picture_file(tmp_path / "a", picture, "GIF", transparency=0))
    assert (facts.format, facts.has_alpha) == ("png", True)
    with Image.open(out) as written:
        assert written.convert("RGBA").getpixel((5, 5))[3] == 0  # type: ignore[index]  # RGBA pixels are tuples


def test_a_see_through_picture_is_laid_on_white_where_only_jpeg_is_taken(tmp_path: Path) -> None:
    path = picture_file(tmp_path / "a", Image.new("RGBA", (64, 48), (0, 0, 0, 0)), "PNG")
    out, facts = normalised(path, MediaLimits(formats=("jpeg",)))
    assert (facts.format, facts.has_alpha) == ("jpeg", False)
    with Image.open(out) as written:
        assert written.getpixel((5, 5)) == (255, 255, 255)


def test_an_accepted_format_stays_what_it_is(tmp_path: Path) -> None:
    path = picture_file(tmp_path / "a", quarters(), "WEBP")
    assert normalised(path, MediaLimits(formats=("jpeg", "webp")))[1].format == "webp"
    assert normalised(path, MediaLimits(formats=("png", "jpeg")))[1].format == "png"


def test_an_endpoint_that_takes_no_format_we_write_is_an_honest_refusal(tmp_path: Path) -> None:
    with pytest.raises(Refused) as caught:
        normalised(picture_file(tmp_path / "a", quarters(), "PNG"), MediaLimits(formats=("tga",)))
    assert caught.value.problems[0].slug is Slug.WRONG_FILE_KIND


def test_a_large_picture_is_shrunk_in_proportion(tmp_path: Path) -> None:
    _, facts = normalised(picture_file(tmp_path / "a", quarters(800, 600), "PNG"), MediaLimits(max_side_px=400))
    assert (facts.format, facts.width_px, facts.height_px) == ("png", 400, 300)


def test_a_picture_of_many_bytes_is_made_to_fit(tmp_path: Path) -> None:
    path = picture_file(tmp_path / "a", Image.effect_noise((900, 700), 90).convert("RGB"), "PNG")
    assert path.stat().st_size > 200_000
    out, facts = normalised(path, MediaLimits(max_bytes=60_000, min_side_px=100))
    assert facts.size_bytes == out.stat().st_size <= 60_000
    assert min(facts.width_px, facts.height_px) >= 100
    assert facts.width_px / facts.height_px == pytest.approx(9 / 7, rel=0.02)


def test_a_picture_that_no_shrinking_makes_fit_is_refused(tmp_path: Path) -> None:
    path = picture_file(tmp_path / "a", Image.effect_noise((900, 700), 90).convert("RGB"), "PNG")
    with pytest.raises(Refused) as caught:
        normalised(path, MediaLimits(max_bytes=9_000, min_side_px=600))
    problem = caught.value.problems[0]
    assert (problem.slug, problem.facts["limit"]) == (Slug.TOO_MANY_BYTES, "9 kB")


def test_colours_stay_what_they_look_like_when_their_profile_is_dropped(tmp_path: Path) -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    path = picture_file(tmp_path / "a", quarters(256, 192), "PNG", icc_profile=lab)
    out, _ = normalised(path)  # a profile that does not suit the picture is ignored, as viewers do
    with Image.open(out) as written:
        assert corners(written) == UPRIGHT
        assert "icc_profile" not in written.info


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    for name, path in [
        ("picture", picture_file(tmp_path / "a", quarters(300, 200), "HEIF")),
        ("clip", clip_file(tmp_path / "b", format_="webm", codec="libvpx-vp9")),
    ]:
        facts = inspect(path)
        for out in ("one", "two"):
            normalise(path, facts, MediaLimits(), tmp_path / f"{name}-{out}")
        assert (tmp_path / f"{name}-one").read_bytes() == (tmp_path / f"{name}-two").read_bytes()


def test_a_clip_in_an_accepted_format_is_passed_as_it_is(tmp_path: Path) -> None:
    path = clip_file(tmp_path / "a")
    out, _ = normalised(path)
    assert out.read_bytes() == path.read_bytes()


@pytest.mark.parametrize("muxer", ["mp4", "mov"])
def test_a_clip_loses_what_it_says_of_its_maker_and_keeps_its_pictures(tmp_path: Path, muxer: str) -> None:
    path = clip_file(tmp_path / "a", format_=muxer, turned=90, tags={"location": "+52.52+013.40/", "title": "At home"})
    out, facts = normalised(path, MediaLimits(formats=("mp4", "mov")))
    assert b"At home" in path.read_bytes()
    assert b"At home" not in out.read_bytes()
    assert b"+52.52" not in out.read_bytes()
    assert (facts.format, facts.tagged, facts.has_audio, facts.turned) == (muxer, False, True, True)
    assert (facts.width_px, facts.height_px) == (48, 64)
    assert facts.seconds == pytest.approx(1.0, abs=0.1)


@pytest.mark.parametrize(
    ("muxer", "codec"), [("mov", "libx264"), ("matroska", "libx264"), ("webm", "libvpx-vp9"), ("avi", "mpeg4")]
)
def test_foreign_clips_become_mp4_that_plays(tmp_path: Path, muxer: str, codec: str) -> None:
    out, facts = normalised(clip_file(tmp_path / "a", format_=muxer, codec=codec, width=96, height=64))
    assert (facts.format, facts.width_px, facts.height_px, facts.has_audio) == ("mp4", 96, 64, True)
    with av.open(str(out)) as container:
        frames = [frame.to_image() for frame in container.decode(video=0)]  # type: ignore[no-untyped-call]  # PyAV
        assert container.streams.video[0].codec_context.name == "h264"
        assert container.streams.audio[0].codec_context.name == "aac"
    assert len(frames) == 12
    assert corners(frames[-1]) == UPRIGHT


@pytest.mark.parametrize(
    ("accepted", "muxer", "codec", "expected"),
    [
        ((), "ogg", "libopus", "mp3"),
        (("wav",), "mp3", "libmp3lame", "wav"),
        (("m4a", "mp3"), "flac", "flac", "m4a"),
        (("mp3",), "ipod", "aac", "mp3"),
        (("mp3",), "mp3", "libmp3lame", "mp3"),
    ],
)
def test_sounds_become_what_the_endpoint_takes(
    tmp_path: Path, accepted: tuple[str, ...], muxer: str, codec: str, expected: str
) -> None:
    _, facts = normalised(sound_file(tmp_path / "a", format_=muxer, codec=codec), MediaLimits(formats=accepted))
    assert facts.format == expected
    assert facts.seconds == pytest.approx(1.0, abs=0.1)


def test_a_clip_that_ends_up_too_large_is_refused(tmp_path: Path) -> None:
    path = clip_file(tmp_path / "a", format_="matroska", noisy=True, width=160, height=120)
    with pytest.raises(Refused, match="too_many_bytes"):
        normalised(path, MediaLimits(max_bytes=5_000))


@pytest.mark.parametrize("kind", ["picture", "clip"])
def test_a_place_that_cannot_be_written_is_ours_to_mend(tmp_path: Path, kind: str) -> None:
    made = {"picture": lambda path: picture_file(path, quarters(), "PNG"), "clip": clip_file}
    path = made[kind](tmp_path / "a")
    with pytest.raises(StoreUnavailable):
        normalise(path, inspect(path), MediaLimits(), tmp_path / "nowhere" / "out")
