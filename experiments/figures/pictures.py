"""Pictures of results, as a notebook shows them. The room that draws stands above this one.

The package's front door says where it is (``draw_with``), so that nothing here imports it: a result that was made by a
process that never draws does not load it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from watersellers.experiments.input.errors import BadInput
from watersellers.experiments.saving.output_files import PICTURE, write_file


class Drawing(Protocol):
    """The room that draws: pictures as SVG, and what a notebook shows of a result."""

    def picture(self, kind: str, *of: Any) -> str: ...

    def html(self, kind: str, of: Any) -> str: ...


@dataclass(frozen=True)
class Picture:
    """A picture: a notebook shows it, and ``save`` writes it as an .svg file."""

    svg: str

    def _repr_html_(self) -> str:
        return self.svg

    def save(self, file: str | Path) -> Path:
        """Write the picture.

        Raises
        ------
        BadInput
            If the path does not end in .svg, holds something that Water Sellers did not write, or can't be written.
        """
        return write_file(self.svg, Path(file), PICTURE)


_load: list[Callable[[], Drawing]] = []


def draw_with(load: Callable[[], Drawing]) -> None:
    """Say how the room that draws is loaded."""
    _load[:] = [load]


def drawn(kind: str, *of: Any) -> Picture:
    """Draw a picture."""
    return Picture(_drawing().picture(kind, *of))


def drawn_html(kind: str, of: Any) -> str:
    """Write what a notebook shows of a result, as HTML that needs no script and no network."""
    return _drawing().html(kind, of)


def _drawing() -> Drawing:
    if not _load:
        raise BadInput("plot: nothing draws here; import watersellers, and not only parts of it")
    return _load[0]()
