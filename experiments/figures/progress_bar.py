"""A bar that shows how far a long call is, in a terminal or in a notebook, where its caller asks for one."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from watersellers.experiments.input.errors import BadInput, shown

type Progress = Callable[..., object] | bool | None


@contextmanager
def reporting(progress: Any, what: str) -> Iterator[Callable[..., object] | None]:
    """Yield the function to call with what is done and what there is in all: the caller's own, or a bar's for True.

    Raises
    ------
    BadInput
        If it is neither a function, nor True, False or None.
    """
    if progress is None or progress is False:
        yield None
    elif progress is True:
        from rich.progress import Progress as Bar

        with Bar(transient=True) as bar:
            task = bar.add_task(what, total=None)
            yield lambda done, of, *_: bar.update(task, completed=done, total=of)
    elif callable(progress):
        yield progress
    else:
        expected = f"expected True for a bar, or a function of the {what} so far and in all"
        raise BadInput(f"progress: found {shown(progress)}, {expected}")
