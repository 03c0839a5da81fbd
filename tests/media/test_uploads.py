from pathlib import Path

import pytest

from bot.domain.ask import STAGED
from bot.domain.errors import Refused, Slug
from bot.media.staging import Staging
from bot.media.uploads import Uploads
from tests.media.test_staging import stream


async def test_a_file_is_kept_as_it_came_and_opened_again(tmp_path: Path) -> None:
    uploads = Uploads(Staging(tmp_path), max_bytes=1_000_000)
    attachment = await uploads.keep(stream(b"one", b"two" * 200_000), name="me.jpg")
    assert (attachment.platform, attachment.name, attachment.size_bytes) == (STAGED, "me.jpg", 600_003)
    assert b"".join([chunk async for chunk in uploads.open(attachment.handle)]) == b"one" + b"two" * 200_000


@pytest.mark.parametrize(("content", "slug"), [(b"", Slug.EMPTY_FILE), (b"x" * 11, Slug.TOO_MANY_BYTES)])
async def test_what_cannot_be_kept_is_refused_by_name(tmp_path: Path, content: bytes, slug: Slug) -> None:
    with pytest.raises(Refused) as caught:
        await Uploads(Staging(tmp_path), max_bytes=10).keep(stream(content), name="me.jpg")
    assert [(problem.slug, problem.about) for problem in caught.value.problems] == [(slug, "me.jpg")]


@pytest.mark.parametrize("name", ["a" * 64, "../../etc/passwd", ""])
async def test_what_is_not_there_is_gone(tmp_path: Path, name: str) -> None:
    with pytest.raises(Refused, match="file_gone"):
        await anext(Uploads(Staging(tmp_path), max_bytes=10).open(name))
