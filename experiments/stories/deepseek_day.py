"""DeepSeek's published day to the dollar, the effect of leaks, and why a token costs another host so much more.

Exact figures are computed from published rows. The shares of tokens that were V3's, free, or sold at night were not
published: each leak is shown at a stated share. The share that must be billed to cover the machines needs no such
assumption.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod

from watersellers.agents.compute.inference_engine import Engine
from watersellers.experiments.analysis.article_facts import CNY_PER_USD, DAYS, MILLION, facts
from watersellers.experiments.loading.catalogue import builtin_catalogue

HALF, THIRD = 0.5, 1 / 3  # shares at which leaks are shown; the true ones are not published
GPUS, HOURS, SECONDS = 8, 24, 86_400  # in a node; in a day


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the day's accounts: revenue and profit in dollars, profit over cost, and the rows it is based on."""

    says: str
    revenue: float
    profit: float
    over_cost: float
    note: str


@dataclass(frozen=True, slots=True)
class Factor:
    """One reason why a token costs the other host more, as a factor."""

    says: str
    times: float
    note: str


@dataclass(frozen=True)
class Day:
    """The day's accounts, the share of tokens that pays for the machines, and the cost gap between two hosts."""

    bill: float  # dollars for the machines
    lines: tuple[Line, ...]
    break_even: float  # share of the tokens billed at list price that covers the bill
    costs: tuple[float, float]  # dollars a million output tokens, DeepSeek's and the other host's
    factors: tuple[Factor, ...]

    @property
    def gap(self) -> float:
        """The other host's cost of a token over DeepSeek's."""
        return self.costs[1] / self.costs[0]


def deepseek_day() -> Day:
    """Compute the day's accounts."""
    bill = _value("C004") * GPUS * HOURS * _value("S001")
    full = _revenue(*R1)
    costs = bill / _value("C003") * MILLION, _value("A002") / CNY_PER_USD
    return Day(bill, tuple(_lines(bill, full)), bill / full, costs, tuple(_factors(costs[1] / costs[0])))


R1 = ("C011", "C012", "C013")  # rows of prices: cached input, other input, output
V3 = ("A003", "C018", "C019")


def _value(name: str) -> float:
    return float(facts()[name].value)


def _revenue(hit: str, miss: str, output: str) -> float:
    """Return the day's revenue in dollars at a list of prices."""
    cached, read, written = _value("C002"), _value("C001"), _value("C003")
    return (cached * _value(hit) + (read - cached) * _value(miss) + written * _value(output)) / MILLION


def _lines(bill: float, full: float) -> Iterator[Line]:
    """Yield the day's accounts as published, with each leak alone, and with all of them."""
    v3 = _revenue(*V3)
    nightly = THIRD * _value("C021") / 100
    mixed = (1 - HALF) * full + HALF * v3
    nights = (1 - HALF) * full * _value("C021") / 100 + HALF * v3 * _value("C022") / 100
    cases = (
        (
            "published: every token at R1's list price",
            _value("S004"),
            "S004; S006 and S008 follow from it to the dollar",
        ),
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
    """Explain the gap as a product of factors: the cost of a machine, the load of the day, of the batch, and the rest.

    The load curve is the model's own (``agents/compute/inference_engine.py``) at both hosts' loads. The rest is the
    number of answers that a node writes at once, which is not observed for the other host; the line says so.
    """
    loads = _value("C003") * DAYS, _value("S027") * DAYS
    half_load = builtin_catalogue().parameters.by_name["labs.half_load"].value
    ours_node = GPUS * HOURS * DAYS * _value("S001")
    theirs_node = _value("C118") / CNY_PER_USD
    full, half = (Engine(1.0, half_load, 1.0).cost(1.0, load) for load in loads)
    known = (
        Factor("hardware: a node of eight for a month", theirs_node / ours_node, "C118 over S001's 2 dollars per hour"),
        Factor(
            "load: machines for the busiest hour are kept all day",
            _value("C005") / _value("C004"),
            "C005 over C004: DeepSeek's bill is for the mean, since it trains on the rest; the same shape of the other"
            " host's day is an assumption",
        ),
        Factor(
            "load: half-empty batches, by the model's load curve",
            half / full,
            f"labs.half_load, {half_load:,.0f} tokens per month, against {loads[1]:,.0f} and {loads[0]:,.0f}",
        ),
    )
    yield from known
    rest = gap / prod(factor.times for factor in known)
    mine, theirs = _parallel_answers(1.0), _parallel_answers(rest)
    yield Factor(
        "batch: answers that a node writes at once, the rest of the gap",
        rest,
        f"by C007 over C009 DeepSeek's node writes {mine:,.0f} at once, so the other's would write {theirs:,.0f}; at"
        " these loads the model's load curve explains none of it",
    )


def _parallel_answers(times: float) -> float:
    """Return the answers that a node writes at once if they are ``times`` fewer than on DeepSeek's nodes."""
    return _value("C007") / _value("C009") / times
