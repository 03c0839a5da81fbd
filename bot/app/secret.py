"""`REELROOM_SECRET`, made in the data folder at the first start when nobody set it."""

import os
from pathlib import Path

from bot.domain.errors import StoreUnusable

SECRET_BYTES = 32


def kept_secret(folder: Path, fresh: bytes) -> bytes:
    """The secret of this data folder; `fresh`, in hexadecimal, becomes it when there is none.

    It is what the file holds, letter by letter, so that it can be handed on as `REELROOM_SECRET_OLD`. Only the owner
    may read the file.

    Raises:
        StoreUnusable: the file cannot be read or written.
    """
    path = folder / "secret"
    try:
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            kept = path.read_text("ascii").strip()
            bytes.fromhex(kept)  # a file that was cut short or is something else is found out here
            return kept.encode("ascii")
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(fresh.hex() + "\n")
    except (OSError, ValueError) as error:
        raise StoreUnusable(f"{path}: {error}") from error
    return fresh.hex().encode("ascii")
