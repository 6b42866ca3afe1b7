"""DeepSeek's published day to the dollar, what leaks leave of it, and why a token costs another host so much more.

What is exact is computed from published rows. Which part of the tokens was V3's, free, or sold at night was not
published: each leak is shown at a stated share, and the share that must be billed to cover the machines needs none.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod

from watersellers.agents.serving import Engine
from watersellers.experiments.catalogue import ours
from watersellers.experiments.facts import CNY_PER_USD, DAYS, MILLION, facts

HALF, THIRD = 0.5, 1 / 3  # shares that a leak is shown at; no published figure says which is right
GPUS, HOURS, SECONDS = 8, 24, 86_400  # in a node; in a day


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the day's accounts: dollars of revenue, what is left over cost, and what it rests on."""

    says: str
    revenue: float
    profit: float
    over_cost: float
    note: str


@dataclass(frozen=True, slots=True)
class Factor:
    """One reason why a token costs the other host more, and by how many times."""

    says: str
    times: float
    note: str


@dataclass(frozen=True)
class Day:
    """The day's accounts, the share of tokens that pays for the machines, and the gap between two hosts."""

    bill: float  # dollars for the machines
    lines: tuple[Line, ...]
    break_even: float  # share of the tokens billed at list price that covers the bill
    costs: tuple[float, float]  # dollars a million output tokens, DeepSeek's and the other host's
    factors: tuple[Factor, ...]

    @property
    def gap(self) -> float:
        """How many times as much a token costs the other host."""
        return self.costs[1] / self.costs[0]


def deepseek_day() -> Day:
    """Do the sums."""
    bill = _row("C004") * GPUS * HOURS * _row("S001")
    full = _billed(*R1)
    costs = bill / _row("C003") * MILLION, _row("A002") / CNY_PER_USD
    return Day(bill, tuple(_lines(bill, full)), bill / full, costs, tuple(_factors(costs[1] / costs[0])))


R1 = ("C011", "C012", "C013")  # rows of prices: cached input, other input, output
V3 = ("A003", "C018", "C019")


def _row(name: str) -> float:
    return float(facts()[name].value)


def _billed(hit: str, miss: str, output: str) -> float:
    """Dollars for the day's tokens at a price card."""
    cached, read, written = _row("C002"), _row("C001"), _row("C003")
    return (cached * _row(hit) + (read - cached) * _row(miss) + written * _row(output)) / MILLION


def _lines(bill: float, full: float) -> Iterator[Line]:
    """Take what leaks away from the day's revenue: each alone, then all."""
    v3 = _billed(*V3)
    nightly = THIRD * _row("C021") / 100
    mixed = (1 - HALF) * full + HALF * v3
    nights = (1 - HALF) * full * _row("C021") / 100 + HALF * v3 * _row("C022") / 100
    cases = (
        ("published: every token at R1's list price", _row("S004"), "S004; S006 and S008 follow from it to the dollar"),
        ("the same from the rounded volumes", full, "C001 to C003, C011 to C013; volumes are whole billions"),
        ("half of the tokens are V3's", mixed, "V3's prices: C018, C019, A003; the half is an assumption"),
        ("half are read and written in the free app", HALF * full, "that web and app are free: S010; the half is one"),
        ("a third is sold at night, at a quarter", full * (1 - nightly), "C021; a third of the day, evenly used"),
        (
            "all three: half V3's, half of all free, a third at night",
            HALF * (mixed - THIRD * nights),
            "C021 and C022; the paid half has the same mix and the same nights",
        ),
    )
    for says, revenue, note in cases:
        yield Line(says, revenue, revenue - bill, (revenue - bill) / bill, note)


def _factors(gap: float) -> Iterator[Factor]:
    """Explain the gap as a product: what a machine costs, how full the day and the batch are, and what is left.

    The load curve is the model's own (``agents/serving.py``) at both hosts' loads. What is left over is how many
    answers a node writes at once; of the other host that is not observed, and the line says so.
    """
    loads = _row("C003") * DAYS, _row("S027") * DAYS
    half_load = ours().parameters.by_name["labs.half_load"].value
    ours_node = GPUS * HOURS * DAYS * _row("S001")
    theirs_node = _row("C118") / CNY_PER_USD
    full, half = (Engine(1.0, half_load, 1.0).cost(1.0, load) for load in loads)
    known = (
        Factor("hardware: a node of eight for a month", theirs_node / ours_node, "C118 over S001's 2 dollars an hour"),
        Factor(
            "load: machines kept for the busiest hour all day",
            _row("C005") / _row("C004"),
            "C005 over C004: DeepSeek bills the mean, for it trains with the rest; that the other host's day has the"
            " same shape is an assumption",
        ),
        Factor(
            "load: the half-empty batch that always runs, by the model's load curve",
            half / full,
            f"labs.half_load, {half_load:,.0f} tokens a month, against {loads[1]:,.0f} and {loads[0]:,.0f}",
        ),
    )
    yield from known
    rest = gap / prod(factor.times for factor in known)
    mine, theirs = _streams(1.0), _streams(rest)
    yield Factor(
        "batch: answers that a node writes at once, what is left of the gap",
        rest,
        f"by C007 over C009 DeepSeek's node writes {mine:,.0f} at once, so that the other's writes {theirs:,.0f}; at"
        " these loads the model's load curve explains none of it",
    )


def _streams(times: float) -> float:
    """Answers that a node writes at once, a number of times fewer than DeepSeek's."""
    return _row("C007") / _row("C009") / times
