"""Models of enterprises' own: signs, limits, merging, the bound, the month ahead, a rest, and input that is refused."""

from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as drawn

from watersellers.agents.enterprises.handed_over_work import HandedOverWork
from watersellers.agents.enterprises.own_models import OwnModels, own_models_budget
from watersellers.agents.enterprises.regions import EnterpriseRegions, EnterpriseTraits
from watersellers.agents.public_information import Card
from watersellers.agents.scenario_spec import RegionState
from watersellers.agents.work.adoption import Adoption
from watersellers.agents.work.segments import Segment, Segments
from watersellers.experiments.input.errors import BadInput
from watersellers.experiments.input.scenario_warnings import ScenarioWarning
from watersellers.experiments.loading.loader import load_scenario
from watersellers.experiments.runs.run import run
from watersellers.experiments.runs.world import World
from watersellers.market.chance import Chance

WEST = 3
REST = {"use": "mansfield", "innovators": 0.0, "imitators": 0.0, "power": 0.0, "usual": 0.02}  # nobody adopts any more
SPEC = load_scenario("plain", {"work.adoption": REST})


def card(price: float, quality: float = 0.0) -> Card:
    return Card(7, "west", "seven", quality, price, (0.1, 0.25, 1.0), 0.0, maker=7)


def firms_of(**numbers: float) -> tuple[OwnModels, RegionState]:
    """The firms of the West before a first month, with the numbers of the world whose demand follows from work."""
    member = next(one for one in SPEC.groups["enterprises"] if one.name == "west")
    region = RegionState("west", EnterpriseTraits.of({**member.numbers, **numbers}), WEST)
    registers: Any = SimpleNamespace(public=SimpleNamespace(cards=[card(10.0, 3.0)], paid_seats={}), month=0)
    segments = Segments(Segment(one) for one in SPEC.groups["work"])
    regions = EnterpriseRegions((region,))
    return OwnModels(regions, HandedOverWork(regions, segments, registers), registers), region


def granted(cards: list[Card] | None = None, adoption: Adoption | None = None, **numbers: Any) -> float:
    """Dollars that the firms of the West grant, without a bound unless there is one among the numbers."""
    models, _ = firms_of(**{"own_models_most": 1.0, "it_budget": 1e12, **numbers})
    if cards is not None:
        models.registers.public.cards = cards
    if adoption:
        models.work.adoption = dict.fromkeys(models.work.adoption, adoption)
    nothing: Any = None
    models.invest(nothing, nothing)
    return models.grants[WEST]


@given(wanted=drawn.floats(0, 1e12), most=drawn.floats(0, 1e12), more=drawn.floats(0, 1e12))
def test_a_budget_is_within_both_bounds_and_falls_with_neither(wanted, most, more):
    budget = own_models_budget(wanted, most)
    assert budget in (wanted, most)
    assert budget <= min(wanted, most)
    assert own_models_budget(wanted + more, most) >= budget
    assert own_models_budget(wanted, most + more) >= budget


@given(part=drawn.floats(0.01, 0.99))
def test_two_regions_alike_that_merge_grant_what_they_granted(part):
    hours = SPEC.groups["enterprises"][0].numbers["exposed_hours"]
    whole = granted(exposed_hours=hours)
    parts = granted(exposed_hours=part * hours) + granted(exposed_hours=(1 - part) * hours)
    assert parts == pytest.approx(whole, rel=1e-9)


@pytest.mark.parametrize(
    ("doses", "up"),
    [
        ([{"own_models": part} for part in (0.0, 0.01, 0.05, 0.3, 1.0)], True),
        ([{"wage": wage} for wage in (5.0, 10.0, 20.0, 40.0)], True),
        ([{"exposed_hours": hours} for hours in (0.0, 1e9, 4e9, 4e10)], True),
        ([{"cards": [card(10.0, quality)]} for quality in (1.0, 2.0, 3.0, 4.0)], True),
        ([{"cards": [card(price, 3.0)]} for price in (1.0, 10.0, 100.0, 1000.0)], False),
        ([{"adoption": Adoption(firms, 0.2)} for firms in (0.0, 0.01, 0.1, 0.5, 0.9)], True),
        ([{"own_models_most": 0.001, "it_budget": budget} for budget in (0.0, 1e9, 1e10, 1e11)], True),
    ],
)
def test_a_grant_follows_each_cause_over_all_doses(doses, up):
    grants = [granted(**dose) for dose in doses]
    assert grants == sorted(grants, reverse=not up)
    assert len(set(grants)) == len(doses)


def test_what_firms_have_opened_so_far_does_not_count_but_that_they_use_models():
    """They expect to open all their work, so that the depth of now moves nothing."""
    assert granted(adoption=Adoption(0.2, 0.01)) == granted(adoption=Adoption(0.2, 1.0)) > 0
    models, region = firms_of()
    models.work.adoption = dict.fromkeys(models.work.adoption, Adoption(0.2, 1.0))
    assert models.work.surplus_in_sight(region) == pytest.approx(
        sum(row.surplus for row in models.work.rows), rel=1e-12
    )


@pytest.mark.parametrize(
    "without", [{"own_models": 0.0}, {"exposed_hours": 0.0}, {"cards": []}, {"adoption": Adoption(0.0, 0.0)}]
)
def test_without_a_cause_nothing_is_granted(without):
    assert granted(**without) == 0.0


def test_an_hour_of_work_counts_once():
    """Seats that people pay for take on hours, here half of them."""
    models, region = firms_of(seat_hours=20.0, seats_at_work=0.5)
    all_hours = models.work.surplus_in_sight(region)
    models.registers.public.paid_seats["west"] = 2_000_000_000
    assert models.work.surplus_in_sight(region) == pytest.approx(all_hours / 2, rel=1e-12)


def test_where_the_bound_binds_it_is_spent_whatever_models_bring():
    bound: Any = {"own_models_most": 0.01, "it_budget": 1e6}
    assert granted(**bound) == granted([card(1.0, 5.0)], **bound) == 1e4


def test_where_nothing_changes_the_grant_is_constant():
    models, region = firms_of(own_models_most=1.0, it_budget=1e12)
    months = []
    nothing: Any = None
    for month in range(24):
        models.work.expect(Chance(1, month))
        months.append(models.compute(region))
        models.invest(nothing, nothing)
    assert months[0] == 0.0
    assert set(months[1:]) == {months[1]} != {0.0}


# in a world

MONTHS = 8


def hours_paid(settings: dict[str, Any]) -> list[int]:
    """Cents that western enterprises paid for hours, month by month."""
    flows = run("plain", months=MONTHS, users=20, set=settings).flows
    mine = flows.filter(pl.col("payer") == "enterprises_west", pl.col("good") == "gpu_hours")
    months = mine.group_by(pl.col("month").dt.month()).agg(pl.col("cents").sum())
    paid = dict(months.iter_rows())
    return [paid.get(month, 0) for month in range(1, MONTHS + 1)]


def test_nothing_is_spent_in_the_first_month_and_nothing_ever_without_a_share():
    paid = hours_paid({})
    assert paid[0] == 0 < min(paid[1:])
    assert hours_paid({"enterprises.own_models": 0}) == [0] * MONTHS


@pytest.mark.parametrize(
    ("number", "doses"),
    [
        ("enterprises.own_models", (0.01, 0.03, 0.1, 0.3)),
        ("enterprises.own_models_most", (0.00005, 0.0001, 0.0002, 0.0004)),
        ("enterprises.west.wage", (12.0, 24.0, 48.0)),
    ],
)
def test_hours_in_a_world_follow_each_cause_over_all_doses(number, doses):
    spent = [sum(hours_paid({number: dose})) for dose in doses]
    assert spent == sorted(set(spent))


def test_no_path_in_time_is_left_in_the_world_whose_demand_follows_from_work():
    for path in ("tokens", "compute"):
        for member in SPEC.groups["enterprises"]:
            assert (member.numbers[f"{path}_low"], member.numbers[f"{path}_high"]) == (0, 0), (path, member.name)
    assert (SPEC.numbers["own_use_low"], SPEC.numbers["own_use_high"]) == (0, 0)
    for pool in SPEC.groups["investors"]:
        assert (pool.numbers["inflow_low"], pool.numbers["inflow_high"]) == (0, 0), pool.name


def test_what_is_set_aside_for_machines_follows_the_grant():
    """In the second month a region gets its grants of the first: for each dollar of hours, dollars for machines."""
    capitals, incomes = (0.0, 1.0, 2.0), []
    for capital in capitals:
        flows = run("plain", months=2, users=20, set={"enterprises.capital": capital}).flows
        west = flows.filter(pl.col("payee") == "enterprises_west", pl.col("good") == "income")
        incomes.append(int(west.filter(pl.col("month").dt.month() == 2)["cents"].sum()))
    assert incomes[2] - incomes[1] == pytest.approx(incomes[1] - incomes[0], abs=1)
    world = World("plain", rng=1, months=2, users=20)
    world.step()
    grant = 100 * next(iter(world.parts[OwnModels].grants.values()))
    assert incomes[1] - incomes[0] == pytest.approx(grant, abs=1)


def test_a_resumed_world_goes_on_as_if_it_had_never_stopped(tmp_path):
    world = World("plain", rng=3, months=6, users=20)
    world.run_for(3)
    world.save(tmp_path / "half.ckpt")
    again = World.load(tmp_path / "half.ckpt")
    assert again.parts[OwnModels].grants == world.parts[OwnModels].grants != {WEST: 0.0}
    for each in (world, again):
        each.run_model()
    assert again.result().manifest["digest"] == world.result().manifest["digest"]


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"enterprises.own_models": 1.5}, "enterprises.own_models: found 1.5, expected 0 to 1"),
        ({"enterprises.own_models": -0.1}, "enterprises.own_models: found -0.1, expected 0 to 1"),
        ({"enterprises.own_models_most": 2}, "enterprises.own_models_most: found 2, expected 0 to 1"),
        ({"enterprises.it_budget": -1}, "enterprises.it_budget: found -1, expected 0 to"),
    ],
)
def test_what_does_not_fit_is_refused(settings, said):

    with pytest.raises(BadInput) as refused:
        load_scenario("plain", settings)
    assert said in str(refused.value)


def test_a_share_where_no_cloud_rents_is_told():
    said = (
        r"enterprises\.west\.own_models: nothing is ever spent on models of their own, because no cloud in west rents"
        r" to them; write cloud\.NAME\.sells = 1 for one, or enterprises\.west\.own_models = 0"
    )
    alone = {"enterprises.west.own_models": 0.1, "enterprises.west.exposed_hours": 1e9, "work.tasks.share": 1}
    closed = {"cloud.sells": 0, **{f"labs.{lab}.cloud": [] for lab in ("openai", "anthropic")}}
    work = {"work": {"adoption": "mansfield", "tasks": {"key": 71}}}
    with pytest.warns(ScenarioWarning, match=said):
        load_scenario({"extends": "dollar_paths", "name": "mine", "question": "?", **work}, alone | closed)


@pytest.mark.parametrize("number", ["exposed_hours", "own_models_most", "it_budget"])
def test_a_share_that_never_spends_anything_is_told(number):
    said = rf"enterprises\.china\.own_models: nothing is ever spent on models of their own, because {number} is 0"
    with pytest.warns(ScenarioWarning, match=said):
        load_scenario("plain", {f"enterprises.china.{number}": 0})
