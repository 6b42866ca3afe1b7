""" "Did you mean" hints, given only in the first sentences, because comparing names takes time."""

from collections.abc import Iterable
from dataclasses import dataclass

from watersellers.experiments.input.errors import PROBLEMS_SHOWN, likely_name, shown, unknown

MANY = 1_000  # with more names than this, only those with the same first letter are compared


@dataclass
class Hints:
    """Says that names are unknown, and suggests the ones that were meant as long as ``left`` lasts."""

    left: int = 2 * PROBLEMS_SHOWN  # hints still to give: comparing a name with all others takes time

    def unknown(self, kind: str, found: str, known: Iterable[str]) -> str:
        """Say that a name is unknown; ``known`` is read only while hints are left."""
        if not self._given():
            return f"unknown {kind} {shown(found)}"
        names = list(known)
        if len(names) <= MANY:
            return unknown(kind, found, names)
        meant = likely_name(found, _alike(found, names))
        cure = f". Did you mean {meant!r}?" if meant else f"; there are {len(names):,} to choose from"
        return f"unknown {kind} {shown(found)}{cure}"

    def likely_name(self, found: str, names: Iterable[str]) -> str | None:
        """Find the name that was almost certainly meant, while hints are left."""
        return likely_name(found, _alike(found, list(names))) if self._given() else None

    def _given(self) -> bool:
        """Count one hint, and say whether it may be given."""
        self.left -= 1
        return self.left >= 0


def _alike(found: str, names: list[str]) -> list[str]:
    """Choose the names to compare with: all if there are few, else those with the same first letter."""
    return names if len(names) <= MANY else [name for name in names if name[:1] == found[:1]][:MANY]
