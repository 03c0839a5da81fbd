"""What a file is, by its content and never by its name. Runs in the worker process."""

from pathlib import Path

from bot.domain.media import MediaFacts
from bot.media import clips, pictures
from bot.media.sniff import PICTURES, format_of


def inspect(path: Path, *, max_pixels: int = pictures.MAX_PIXELS) -> MediaFacts:
    """The facts of a picture, clip or sound; the problems of what is none of these.

    Pictures are decoded completely, of clips and sounds the first frame, after the pixels their header promises were
    counted. Problems have no `about`: only the caller knows what the file is called.

    Raises:
        Refused: EMPTY_FILE, FILE_GONE, WRONG_FILE_KIND, UNREADABLE_FILE or TOO_MANY_PIXELS.
    """
    found = format_of(path)
    if found in PICTURES:
        return pictures.facts_of(path, max_pixels=max_pixels)
    return clips.facts_of(path, found, max_pixels=max_pixels)
