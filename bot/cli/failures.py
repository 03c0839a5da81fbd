"""How a command fails: in plain words on stderr, with a code; never with a traceback for something foreseen."""

from collections.abc import Iterator
from contextlib import contextmanager

import typer

from bot.domain.errors import ConfigInvalid, FalError, FalMissing

FAILED = 1
CONFIG_INVALID = 2


@contextmanager
def in_plain_words() -> Iterator[None]:
    """End the command instead of raising: ConfigInvalid with a line per problem and code 2, FalError with code 1."""
    try:
        yield
    except ConfigInvalid as invalid:
        for problem in invalid.problems:
            typer.echo(str(problem), err=True)
        raise typer.Exit(CONFIG_INVALID) from invalid
    except FalMissing as missing:
        raise failure("fal has no such endpoint") from missing
    except FalError as error:
        raise failure(f"fal gave no usable answer: {error}") from error


def failure(line: str) -> typer.Exit:
    """Say one line on stderr; to be raised."""
    typer.echo(line, err=True)
    return typer.Exit(FAILED)
