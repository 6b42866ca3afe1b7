"""A number that the books can not hold stops the run, and the message names the deal and the decisions behind it."""

from dataclasses import dataclass
from typing import Any

import pytest

from watersellers import run
from watersellers.agents.decision_bounds import BOUNDS
from watersellers.market.exact import TooLarge

MONTHS = 12


@dataclass(frozen=True)
class Least:
    """Answers the least that a decision admits, which no rule of a menu does with a price."""

    decision: str

    def __call__(self, seen: Any, chance: Any) -> float:
        return BOUNDS[self.decision].least


@dataclass(frozen=True)
class Most:
    """Answers the most that a decision admits."""

    decision: str

    def __call__(self, seen: Any, chance: Any) -> float:
        return BOUNDS[self.decision].most


THIRSTY = {f"apps.{name}_tokens": 1e5 for name in ("cached", "input", "output")}


@pytest.mark.parametrize(
    ("strategies", "settings", "named"),
    [
        (
            {"openai.pricing": Least("labs.pricing")},
            {"enterprises.west.tokens_low": 1e12, "enterprises.west.tokens_high": 1e12},
            r"enterprises_west buys \S+ tokens_\w+ at \S+ dollars from openai; behind it stands openai\.pricing",
        ),
        (
            {"chatgpt.quota": Most("apps.quota")},
            {**THIRSTY, "users.west.people": 1e10, "users.use_median": 1e6},
            r"chatgpt buys \S+ tokens_\w+ at \S+ dollars from (\w+); behind it stands \1\.pricing and chatgpt\.quota",
        ),
    ],
    ids=["budget", "quota"],
)
def test_a_number_beyond_64_bits_stops_the_run_with_the_firm_and_the_decision(strategies, settings, named):
    with pytest.raises(TooLarge, match=rf"^2023-\d\d: \S+ does not fit into 64 bits.*; {named}$"):
        run("baseline", months=MONTHS, users=60, strategies=strategies, set=settings)
