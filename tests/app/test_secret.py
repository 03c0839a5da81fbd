"""The secret of a data folder: made once, read by its owner alone."""

import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.app.secret import kept_secret
from bot.domain.errors import StoreUnusable
from bot.web.session import Sessions

NOW = datetime(2026, 11, 24, tzinfo=UTC)


def test_it_is_made_once_and_kept(tmp_path: Path) -> None:
    first = kept_secret(tmp_path, b"a" * 32)
    assert kept_secret(tmp_path, b"b" * 32) == first == (b"a" * 32).hex().encode()
    assert stat.S_IMODE((tmp_path / "secret").stat().st_mode) == 0o600


def test_a_damaged_one_is_named_and_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("not hexadecimal", "ascii")
    with pytest.raises(StoreUnusable, match="secret"):
        kept_secret(tmp_path, b"a" * 32)
    assert (tmp_path / "secret").read_text("ascii") == "not hexadecimal"


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreUnusable, match="nowhere"):
        kept_secret(tmp_path / "nowhere", b"a" * 32)


def test_what_its_file_holds_can_be_handed_on_as_the_old_one(tmp_path: Path) -> None:
    """As docs/operations.md tells: `REELROOM_SECRET_OLD` becomes what the file holds, and old sessions are believed."""
    before = Sessions(secrets=[kept_secret(tmp_path, b"a" * 32)], now=lambda: NOW, entropy=bytes)
    old = (tmp_path / "secret").read_text("ascii").strip().encode()
    after = Sessions(secrets=[b"a new one", old], now=lambda: NOW, entropy=bytes)
    assert after.knows(before.cookie())
