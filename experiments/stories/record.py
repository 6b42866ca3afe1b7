"""The recorded atlas: in how many seeds each claim held under laws of adoption, and in the bare chain before.

The rows of ``record.csv`` are what ``watersellers stories --seeds 10 --users 1000 --law LAW --json`` printed, law by
law. Rows of the bare chain are of November 2026, when the stories still stood on it; a claim that was put otherwise
then has none.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import polars as pl

from watersellers.experiments.stories.adoption_laws import USUAL_LAW
from watersellers.experiments.stories.story import story_text
from watersellers.experiments.stories.story_schema import TestText
from watersellers.experiments.stories.verdicts import reversed_under, verdict

RECORD = Path(__file__).parent / "record.csv"
BARE_CHAIN = "bare chain"
WORLDS = (BARE_CHAIN, USUAL_LAW, "epidemic", "probit")  # in the order in which they are shown


@dataclass(frozen=True)
class Recorded:
    """A claim of a story with the seeds in which it held, by world: (held, judged), without worlds that lack it."""

    story: str
    test: TestText
    held: dict[str, tuple[int, int]]

    @property
    def verdicts(self) -> dict[str, str]:
        """What the seeds of each world decide."""
        return {world: verdict(held, seeds) for world, (held, seeds) in self.held.items()}

    @property
    def turns(self) -> list[str]:
        """The worlds in which the verdict is the reverse of that under the usual law."""
        found = self.verdicts
        return reversed_under(found.get(USUAL_LAW, ""), found)


def recorded_claims(stories: Iterable[str]) -> list[Recorded]:
    """Return what is recorded of each claim of these stories, in their order.

    Raises
    ------
    BadInput
        If there is no story of one of the names.
    """
    found = _record()
    return [
        Recorded(name, test, found.get((name, test.says), {})) for name in stories for test in story_text(name).tests
    ]


def recorded_worlds() -> list[str]:
    """Return the worlds that the record has, in the order in which they are shown."""
    found = {world for held in _record().values() for world in held}
    return [world for world in WORLDS if world in found]


@cache
def recorded_users() -> int:
    """Return the number of simulated users of the recorded runs."""
    return int(pl.read_csv(RECORD)["users"].unique().item())


@cache
def _record() -> dict[tuple[str, str], dict[str, tuple[int, int]]]:
    """Read the seeds in which each claim held, by story and claim, then by world."""
    found: dict[tuple[str, str], dict[str, tuple[int, int]]] = {}
    for row in pl.read_csv(RECORD).iter_rows(named=True):
        found.setdefault((row["story"], row["claim"]), {})[row["world"]] = (row["held"], row["seeds"])
    return found
