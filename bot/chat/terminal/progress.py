"""A progress bar fed by notices; where no terminal is, one line per thing said."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from bot.domain.notice import Notice


@contextmanager
def shown(stream: TextIO) -> Iterator[Callable[[Notice], None]]:
    """Gives the function to tell; the bar stands as long as the block."""
    console = Console(file=stream)
    if not console.is_terminal:
        yield _Lines(console).tell
        return
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        TextColumn("{task.fields[share]}"),
        TextColumn("[dim]{task.fields[detail]}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("Asking …", total=None, share="", detail="")
        yield _Bar(progress, task).tell


class _Bar:
    def __init__(self, progress: Progress, task: TaskID) -> None:
        self._progress = progress
        self._task = task

    def tell(self, notice: Notice) -> None:
        """Move the bar; without a known share it swings."""
        share = notice.progress
        self._progress.update(
            self._task,
            description=_first_line(notice),
            total=None if share is None else 1.0,
            completed=share or 0.0,
            share="" if share is None else f"{share:4.0%}",
            detail=notice.detail,
        )


class _Lines:
    def __init__(self, console: Console) -> None:
        self._console = console
        self._last = ""

    def tell(self, notice: Notice) -> None:
        """Print what is new."""
        line = _first_line(notice)
        if line != self._last:
            self._last = line
            self._console.print(line, markup=False, highlight=False)


def _first_line(notice: Notice) -> str:
    return notice.text.partition("\n")[0]
