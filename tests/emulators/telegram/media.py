"""Files as Telegram keeps them: photos made small again and again, videos looked at while they are not too large.

A photo is re-encoded as JPEG in up to four sizes, its name and metadata lost; a document stays as it is. A video is
only looked into below 10 MB: above, it is what its sender says, or a black square of no length.
https://core.telegram.org/bots/api#sending-files
"""

import base64
import hashlib
from dataclasses import dataclass, field
from functools import lru_cache
from io import BytesIO

import av
from PIL import Image, UnidentifiedImageError

from tests.emulators.telegram.refusals import refuse
from tests.emulators.telegram.things import File, Media, MediaKind, Picture

MIB = 1024 * 1024
SIDES = (90, 320, 800, 1280)
PHOTO_BYTES = 10 * MIB
PHOTO_SIDES = 10_000
PHOTO_RATIO = 20
LOOKED_AT_BYTES = 10 * MIB
THUMBNAIL_BYTES = 200 * 1024 - 1
THUMBNAIL_SIDE = 320
UNSEEN_SIDE = 320
FOLDERS = {
    MediaKind.PHOTO: ("AgAC", "photos"),
    MediaKind.VIDEO: ("BAAC", "videos"),
    MediaKind.DOCUMENT: ("BQAC", "documents"),
    MediaKind.ANIMATION: ("CgAC", "animations"),
    MediaKind.AUDIO: ("CQAC", "music"),
    MediaKind.VIDEO_NOTE: ("DQAC", "video_notes"),
    MediaKind.VOICE: ("AwAC", "voice"),
    MediaKind.STICKER: ("CAAC", "stickers"),
}
THUMBNAILS = ("AAMC", "thumbnails")
SUFFIXES = {"image/jpeg": ".jpg", "video/mp4": ".mp4", "audio/ogg": ".oga", "image/webp": ".webp"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file as it is sent."""

    filename: str
    data: bytes = field(repr=False)
    mime: str = "application/octet-stream"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What a sender says of a video."""

    width: int = 0
    height: int = 0
    duration: int = 0


@lru_cache(maxsize=256)
def sizes(data: bytes) -> tuple[tuple[bytes, int, int], ...]:
    """A picture as JPEGs, smallest first: each of the usual sides it is larger than, and itself.

    Raises:
        Refusal: It is no picture, or one Telegram takes for none.
    """
    try:
        with Image.open(BytesIO(data)) as opened:
            picture = opened.convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError):
        raise refuse("IMAGE_PROCESS_FAILED") from None
    width, height = picture.size
    if width + height > PHOTO_SIDES or max(width, height) > PHOTO_RATIO * min(width, height):
        raise refuse("PHOTO_INVALID_DIMENSIONS")
    wanted = [side for side in SIDES if side < max(width, height)]
    largest = min(max(width, height), SIDES[-1])
    return tuple(shrunk(picture, side) for side in dict.fromkeys([*wanted, largest]))


def shrunk(picture: Image.Image, side: int) -> tuple[bytes, int, int]:
    """The picture with its long side so long."""
    small = picture.copy()
    small.thumbnail((side, side))
    out = BytesIO()
    small.save(out, "JPEG", quality=87)
    return out.getvalue(), *small.size


@lru_cache(maxsize=256)
def measured(data: bytes) -> Claim | None:
    """A video's size and seconds; None when it is none."""
    try:
        with av.open(BytesIO(data), mode="r") as container:
            stream = next(iter(container.streams.video), None)
            seconds = (container.duration or 0) / 1_000_000
            return Claim(width=stream.width, height=stream.height, duration=round(seconds)) if stream else None
    except (av.FFmpegError, ValueError):
        return None


class Shelf:
    """Every file on the servers, by its id."""

    def __init__(self) -> None:
        self.media: dict[str, Media] = {}
        self.files: dict[str, File] = {}
        self._count = 0

    def photo(self, upload: Upload) -> Media:
        """A photo of several sizes.

        Raises:
            Refusal: It is too large, or no picture.
        """
        if len(upload.data) > PHOTO_BYTES:
            raise refuse(
                f"file of size {len(upload.data)} bytes is too big for a photo; the maximum size is {PHOTO_BYTES} bytes"
            )
        made = [
            Picture(file=self._file(*FOLDERS[MediaKind.PHOTO], data, mime="image/jpeg"), width=width, height=height)
            for data, width, height in sizes(upload.data)
        ]
        return self._known(Media(kind=MediaKind.PHOTO, file=made[-1].file, sizes=made), *made)

    def video(self, upload: Upload, claim: Claim, *, kind: MediaKind = MediaKind.VIDEO) -> Media:
        """A video, looked into if it is small enough."""
        seen = measured(upload.data) if len(upload.data) < LOOKED_AT_BYTES else None
        file = self._file(*FOLDERS[kind], upload.data, name=upload.filename, mime="video/mp4")
        told = seen or claim
        return self._known(
            Media(
                kind=kind,
                file=file,
                width=told.width or UNSEEN_SIDE,
                height=told.height or UNSEEN_SIDE,
                duration=told.duration,
            )
        )

    def document(self, upload: Upload) -> Media:
        """A file as it is."""
        file = self._file(*FOLDERS[MediaKind.DOCUMENT], upload.data, name=upload.filename, mime=upload.mime)
        return self._known(Media(kind=MediaKind.DOCUMENT, file=file))

    def sound(self, upload: Upload, seconds: int, kind: MediaKind = MediaKind.VOICE) -> Media:
        """A voice note, or music."""
        file = self._file(*FOLDERS[kind], upload.data, name=upload.filename, mime=upload.mime)
        return self._known(Media(kind=kind, file=file, duration=seconds))

    def sticker(self, upload: Upload) -> Media:
        """A sticker of 512 pixels."""
        file = self._file(*FOLDERS[MediaKind.STICKER], upload.data, mime="image/webp")
        return self._known(Media(kind=MediaKind.STICKER, file=file, width=512, height=512))

    def thumbnail(self, upload: Upload) -> Picture | None:
        """A thumbnail, as its sender made it; what is no JPEG, or larger than a thumbnail, is let fall without a word.

        Raises:
            Refusal: It is too heavy.
        """
        if len(upload.data) > THUMBNAIL_BYTES:
            raise refuse(
                f"file of size {len(upload.data)} bytes is too big for a thumbnail; "
                f"the maximum size is {THUMBNAIL_BYTES} bytes"
            )
        try:
            with Image.open(BytesIO(upload.data)) as opened:
                kind, (width, height) = opened.format, opened.size
        except (UnidentifiedImageError, OSError):
            return None
        if kind != "JPEG" or max(width, height) > THUMBNAIL_SIDE:
            return None
        file = self._file(*THUMBNAILS, upload.data, mime="image/jpeg")
        self.files[file.id] = file
        return Picture(file=file, width=width, height=height)

    def named(self, file_id: str) -> File:
        """A file by its id.

        Raises:
            Refusal: There is none.
        """
        found = self.files.get(file_id)
        if found is None:
            raise refuse("wrong file_id or the file is temporarily unavailable" if file_id else "file_id not specified")
        return found

    def _known(self, media: Media, *pictures: Picture) -> Media:
        for file in (media.file, *(one.file for one in pictures)):
            self.files[file.id] = file
            self.media[file.id] = media
        return media

    def _file(self, prefix: str, folder: str, data: bytes, *, name: str = "", mime: str = "") -> File:
        self._count += 1
        drawn = hashlib.sha256(f"{prefix} {self._count}".encode()).digest()
        same = hashlib.sha256(data).digest()
        suffix = SUFFIXES.get(mime) or (f".{name.rsplit('.', 1)[1]}" if "." in name else "")
        return File(
            id=prefix + base64.urlsafe_b64encode(drawn).decode().rstrip("="),
            unique_id="AQAD" + base64.urlsafe_b64encode(same[:9]).decode(),
            data=data,
            path=f"{folder}/file_{self._count}{suffix}",
            name=name,
            mime=mime,
        )
