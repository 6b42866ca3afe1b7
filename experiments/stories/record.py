"""The recorded atlas: in how many seeds each claim held under laws of adoption, and in the bare chain before.

The rows of ``record.csv`` are what ``watersellers stories --seeds 20 --users 1000 --law LAW --json`` printed, law by
law. Rows of the bare chain are of November 2026 and of ten seeds, when the stories still stood on it, with the rules
and controls of then; a claim that was put otherwise, or of other firms, has none.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

import polars as pl

from watersellers.experiments.stories.adoption_laws import USUAL_LAW
from watersellers.experiments.stories.story import story_text
from watersellers.experiments.stories.story_schema import CONTROL, StoryText, TestText
from watersellers.experiments.stories.verdicts import verdict

RECORD = Path(__file__).parent / "record.csv"
BARE_CHAIN = "bare chain"
WORLDS = (BARE_CHAIN, USUAL_LAW, "epidemic", "probit")  # in the order in which they are shown
TURN = 0.5  # of the seeds: a claim that holds in so many more, or so many fewer, has turned


@dataclass(frozen=True)
class Count:
    """In how many seeds a claim held."""

    held: int
    seeds: int

    @property
    def share(self) -> float:
        """Share of the seeds."""
        return self.held / self.seeds

    def __str__(self) -> str:
        return f"{self.held} of {self.seeds}"


@dataclass(frozen=True)
class Recorded:
    """A claim of a story with the seeds in which it held, by world, without worlds that lack it."""

    story: str
    test: TestText
    counts: dict[str, Count]

    @property
    def verdicts(self) -> dict[str, str]:
        """What the seeds of each world decide."""
        return {world: verdict(count.held, count.seeds) for world, count in self.counts.items()}

    @property
    def turns(self) -> list[str]:
        """The worlds in which it holds in many more or many fewer of the seeds than under the usual law."""
        usual = self.counts.get(USUAL_LAW)
        return [world for world, each in self.counts.items() if usual and abs(each.share - usual.share) >= TURN]


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
    found = {world for counts in _record().values() for world in counts}
    return [world for world in WORLDS if world in found]


@cache
def recorded_size() -> tuple[int, int]:
    """Return the number of seeds and of simulated users of the recorded runs under laws of adoption."""
    rows = pl.read_csv(RECORD).filter(pl.col("world") != BARE_CHAIN)
    return int(rows["seeds"].unique().item()), int(rows["users"].unique().item())


def definition_of(story: StoryText, test: TestText) -> str:
    """Return a short hash of what is judged: the measure, the rule, of whom, in which worlds and months."""
    judged = test.model_dump(exclude={"says", "of", "under", "turned"})
    months = test.since or story.since, test.until or story.until
    arms = {CONTROL: story.control} | story.arms
    worlds = [arms[name].model_dump(exclude={"title"}) for name in (test.arm, test.against) if name in arms]
    return sha256(repr((sorted(judged.items()), months, worlds)).encode()).hexdigest()[:8]


@cache
def _record() -> dict[tuple[str, str], dict[str, Count]]:
    """Read the seeds in which each claim held, by story and claim, then by world."""
    found: dict[tuple[str, str], dict[str, Count]] = {}
    for row in pl.read_csv(RECORD).iter_rows(named=True):
        found.setdefault((row["story"], row["claim"]), {})[row["world"]] = Count(row["held"], row["seeds"])
    return found
