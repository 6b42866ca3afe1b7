"""A bar that says how far long work has come, where somebody looks."""

from collections.abc import Callable
from itertools import count
from time import perf_counter
from typing import Self


class Progress:
    """A bar on the terminal with an estimate of the time left; nothing where there is no terminal."""

    def __init__(self, what: str, shown: bool):
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        terminal = Console(stderr=True)
        columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), TextColumn("left"))
        self.bar = Progress(*columns, console=terminal, transient=True, disable=not (shown and terminal.is_terminal))
        self.task = self.bar.add_task(what, total=None)
        self.started = perf_counter()

    def __enter__(self) -> Self:
        self.bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.bar.stop()

    def done(self, done: int, of: int) -> None:
        """Move the bar."""
        self.bar.update(self.task, completed=done, total=of)

    @property
    def seconds(self) -> float:
        """How long it has taken so far."""
        return perf_counter() - self.started

    def counting(self, of: int) -> Callable[[], None]:
        """A function to be called each time that one more of so many is done."""
        done = count(1)
        return lambda: self.done(next(done), of)
