"""A progress bar with an estimate of the time left, shown only on a terminal."""

from collections.abc import Callable
from itertools import count
from time import perf_counter
from typing import Self

LEFT = "{task.description}"


class Progress:
    """A bar on the terminal with an estimate of the time left; without a terminal, nothing is shown."""

    def __init__(self, what: str, shown: bool):
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        terminal = Console(stderr=True)
        columns = (
            TextColumn(what),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            TextColumn("{task.description}"),
        )
        self.bar = Progress(*columns, console=terminal, transient=True, disable=not (shown and terminal.is_terminal))
        self.task = self.bar.add_task("left", total=None)
        self.started = perf_counter()

    def __enter__(self) -> Self:
        self.bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        if not self.bar.disable:  # rich before 15 prints an empty line after a bar that was never shown
            self.bar.stop()

    def done(self, done: int, of: int) -> None:
        """Move the bar."""
        self.bar.update(self.task, completed=done, total=of)

    @property
    def seconds(self) -> float:
        """Return the seconds since the start."""
        return perf_counter() - self.started

    def counting(self, of: int) -> Callable[[], None]:
        """Make a function to call each time that one more of ``of`` is done."""
        done = count(1)
        return lambda: self.done(next(done), of)

    def ended(self, done: int, of: int, badly: int) -> None:
        """Move the bar, and show how many ended badly so far."""
        self.bar.update(
            self.task, completed=done, total=of, description=f"left, {badly} ended badly" if badly else "left"
        )

    def nearing(self, done: int, of: int, loss: float | None) -> None:
        """Move the bar, and show the least loss so far."""
        description = "left" if loss is None else f"left, least loss {loss:.3g}"
        self.bar.update(self.task, completed=done, total=of, description=description)
