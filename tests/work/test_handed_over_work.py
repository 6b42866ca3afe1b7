"""Work that enterprises hand over: no path in time, budgets of the month before, signs, and input that is refused."""

from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest

from watersellers.agents.enterprises.handed_over_work import HandedOverWork
from watersellers.agents.enterprises.regions import EnterpriseRegions
from watersellers.agents.public_information import Card
from watersellers.agents.scenario_spec import RegionState
from watersellers.agents.work.segments import Segment, Segments
from watersellers.experiments.input.errors import BadInput
from watersellers.experiments.loading.loader import load_scenario
from watersellers.experiments.runs.run import run
from watersellers.market.chance import Chance

WEST = 3
CARDS = [Card(7, "west", "seven", 3.0, 10.0, (0.1, 0.25, 1.0), 0.0, maker=7)]
REST = {"innovators": 0.0, "imitators": 0.0, "power": 0.0, "usual": 0.02}  # nobody adopts any more


def spending_by_month(cards, months, settings=None, cash_left=0.0, seats=None):
    """Dollars wanted, spent and granted in each month, of the west's firms, which see the same cards all the time."""
    spec = load_scenario("plain", {"work.adoption": {"use": "mansfield", **REST}, **(settings or {})})
    traits = SimpleNamespace(
        wage=35.5,
        exposed_hours=4e10,
        budget_margin=0.25,
        cached_mix=1.0,
        input_mix=3.0,
        mix=(1.0, 3.0, 1.0),
        seat_hours=20.0,
        seats_at_work=0.5,
    )
    region = RegionState("west", traits, WEST)
    registers = SimpleNamespace(public=SimpleNamespace(cards=cards, paid_seats=seats or {}))
    segments = Segments(Segment(member) for member in spec.groups["work"])
    shared: Any = registers
    work: Any = HandedOverWork(EnterpriseRegions((region,)), segments, shared)
    wanted, spent, granted = [], [], []
    cash = 0.0
    for month in range(months):
        if month:
            cash += work.grants[WEST]
        work.expect(Chance(1, month))
        spent.append(work.affordable(region))
        wanted.append(work.wanted(region))
        cash += cash_left - spent[-1]
        work.invest(SimpleNamespace(cash={WEST: round(cash * 100)}), Chance(1, month))
        granted.append(work.grants[WEST])
    return wanted, spent, granted


def test_where_nothing_changes_demand_is_constant():
    """Quality, prices and wages are constant and adoption is at rest: from the second month on so is demand."""
    wanted, spent, _ = spending_by_month(CARDS, 24)
    assert set(wanted) == {wanted[0]}
    assert wanted[0] > 0
    assert spent == [0.0, *wanted[1:]]


def test_budgets_are_those_of_the_month_before():
    """Without a margin the wish is met a month later; other money of the region changes nothing."""
    wanted, spent, granted = spending_by_month(CARDS, 3, {"enterprises.budget_margin": 0.0})
    assert spent == [0.0, *wanted[:2]]
    assert granted[1:] == pytest.approx(wanted[1:], rel=1e-9)
    for found, usual in zip(
        spending_by_month(CARDS, 3, {"enterprises.budget_margin": 0.0}, cash_left=1e9),
        (wanted, spent, granted),
        strict=True,
    ):
        assert found == pytest.approx(usual, rel=1e-9)  # whole cents are granted


def test_an_hour_of_work_counts_once():
    """Seats that people pay for take on hours: 10 of each of 2 billion seats leave half of 40 billion hours."""
    all_hours, _, _ = spending_by_month(CARDS, 1)
    half, _, _ = spending_by_month(CARDS, 1, seats={"west": 2_000_000_000})
    none, _, _ = spending_by_month(CARDS, 1, seats={"west": 5_000_000_000})
    assert half == pytest.approx([all_hours[0] / 2], rel=1e-12)
    assert none == [0.0]


def test_nothing_is_bought_where_no_model_is_sold():
    wanted, spent, _ = spending_by_month([], 3)
    assert (wanted, spent) == ([0.0] * 3, [0.0] * 3)


def tokens(number, value):
    """Output tokens that western enterprises receive in a year of the world in which demand follows from work."""
    result = run("plain", months=12, users=20, set={number: value})
    bought = result.flows.filter((pl.col("payer") == "enterprises_west") & (pl.col("good") == "tokens_output"))
    return int(bought["quantity"].sum())


@pytest.mark.parametrize(
    ("number", "doses", "up"),
    [
        ("enterprises.wage", (12.0, 24.0, 36.0, 48.0), True),
        ("work.review", (0.05, 0.15, 0.3, 0.5), False),
        ("work.adoption_cost", (0.02, 0.05, 0.2, 0.8), False),
        ("enterprises.exposed_hours", (1e9, 4e9, 1.6e10, 6.4e10), True),
    ],
)
def test_tokens_of_a_world_follow_each_cause_over_four_doses(number, doses, up):
    asked = [tokens(number, dose) for dose in doses]
    assert asked == sorted(asked, reverse=not up)
    assert len(set(asked)) == len(doses)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"work.coding.share": 0.06}, "work: the shares of segments add up to 1.01 (coding 0.06"),
        ({"work.coding.share": 0, "work.other.share": 0.4}, "work.coding.share: found 0, so it has no work"),
        ({"work.adoption": "bass"}, "unknown strategy 'bass'; expected one of epidemic, mansfield, probit"),
        ({"work.start_horizon": 0}, "work.start_horizon: found 0, expected 1e-05 to 10000 hours"),
        ({"work.effort_power": 0.7}, "expected at most 0.9: beyond it spending on a task leaps"),
        (
            {"work.use_sensitivity": 40},
            "use_sensitivity: found 40, expected at most choice_sensitivity, 30",
        ),
    ],
)
def test_what_does_not_fit_together_is_refused(settings, said):
    with pytest.raises(BadInput) as refused:
        load_scenario("plain", settings)
    assert said in str(refused.value)


def test_shares_that_an_event_takes_apart_are_refused_with_the_month():
    event = {"month": "2024-01", "what": "set", "path": "work.coding.share", "value": 0.1}
    with pytest.raises(BadInput) as refused:
        load_scenario({"extends": "plain", "name": "mine", "question": "?", "event": [event]})
    assert "add up to 1.05 from 2024-01 on" in str(refused.value)


def test_hours_without_a_segment_are_refused():
    with pytest.raises(BadInput, match="exposed_hours: found hours of work, but there is no segment of work"):
        load_scenario("dollar_paths", {"enterprises.west.exposed_hours": 1e9})
