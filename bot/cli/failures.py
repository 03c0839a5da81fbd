"""How a command fails: in plain words on stderr, with a code; never with a traceback for something foreseen."""

from collections.abc import Iterator
from contextlib import contextmanager

import typer

from bot.domain.errors import ConfigInvalid, FalError, FalMissing, ReelroomError, Refused

FAILED = 1
CONFIG_INVALID = 2
INTERRUPTED = 130


@contextmanager
def in_plain_words() -> Iterator[None]:
    """End the command instead of raising: ConfigInvalid with a line per problem and code 2, all else with code 1."""
    try:
        yield
    except ConfigInvalid as invalid:
        for problem in invalid.problems:
            typer.echo(str(problem), err=True)
        raise SystemExit(CONFIG_INVALID) from invalid
    except Refused as refused:
        from bot.domain.phrases import refusal_notice  # noqa: PLC0415  only now, so that --help need not import it

        raise failure(refusal_notice(refused.problems).text) from refused
    except FalMissing as missing:
        raise failure("fal has no such endpoint") from missing
    except FalError as error:
        raise failure(f"fal gave no usable answer: {error}") from error
    except ReelroomError as error:
        raise failure(str(error)) from error
    except KeyboardInterrupt as interrupt:
        raise SystemExit(INTERRUPTED) from interrupt


def failure(line: str) -> SystemExit:
    """Say one line on stderr; to be raised."""
    typer.echo(line, err=True)
    return SystemExit(FAILED)
