"""What was probably meant: said in the first sentences alone, for of thousands nobody reads more than the first."""

from collections.abc import Iterable
from dataclasses import dataclass

from watersellers.experiments.errors import TOLD, near, shown, unknown

MANY = 1_000  # names, of which only those that begin alike are compared


@dataclass
class Hints:
    """Says what names nothing, with what was probably meant as long as somebody reads it."""

    left: int = 2 * TOLD  # comparing a name with all others takes a while

    def unknown(self, kind: str, found: str, known: Iterable[str]) -> str:
        """Say that what was found names nothing of its kind; ``known`` is looked at only as long as hints are given."""
        if not self._given():
            return f"unknown {kind} {shown(found)}"
        names = list(known)
        if len(names) <= MANY:
            return unknown(kind, found, names)
        meant = near(found, _alike(found, names))
        cure = f". Did you mean {meant!r}?" if meant else f"; there are {len(names):,} to choose from"
        return f"unknown {kind} {shown(found)}{cure}"

    def near(self, found: str, names: Iterable[str]) -> str | None:
        """Find the name that was surely meant."""
        return near(found, _alike(found, list(names))) if self._given() else None

    def _given(self) -> bool:
        """Whether one more hint is given."""
        self.left -= 1
        return self.left >= 0


def _alike(found: str, names: list[str]) -> list[str]:
    """Names to compare with: all of a few, of many those that begin as what was found does."""
    return names if len(names) <= MANY else [name for name in names if name[:1] == found[:1]][:MANY]
