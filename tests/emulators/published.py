"""Where a vendor's published description lies: beside the repository, or beside any folder the repository lies in."""

from pathlib import Path

REPOSITORY = Path(__file__).parents[2]


def published(name: str) -> Path | None:
    """The file `shared/specs/<name>`, None where it is absent."""
    found = (folder / "shared" / "specs" / name for folder in REPOSITORY.parents)
    return next((path for path in found if path.is_file()), None)
