"""A firm with an entry cost is founded when investors value it at more, fails like any other, and may return."""

from types import SimpleNamespace
from typing import Any

import mesa
import polars as pl
import pytest

from tests.tools.economy_fingerprints import BLOCKS
from watersellers import BadInput, Result, World, load_scenario, run
from watersellers.agents.assembly import records_of
from watersellers.agents.finance.investors import Investors
from watersellers.agents.labs.lab import Lab
from watersellers.agents.labs.month import Labs
from watersellers.agents.public_information import PublicInformation
from watersellers.agents.scenario_spec import ParticipantSpec
from watersellers.experiments.loading.catalogue import builtin_catalogue
from watersellers.market.chance import Chance

BLOCK = BLOCKS / "venture_pool.toml"
COST, STAFF, WAIT, STORY = (f"labs.startups.{name}" for name in ("entry_cost", "staff", "entry_wait", "story"))
FAILING = {STAFF: 60_000_000.0, COST: 50_000_000.0, "world.patience": 1, "investors.fear": 0.0}  # ends in a month
FAILING |= {"investors.opening_cash": 1e11}
LINGERING = {"world.patience": 2, "investors.runway": 0}  # it owes for two months, and nobody helps


def lived(**settings: Any) -> Result:
    return run(BLOCK, seed=1, users=30, set=settings)


def months_of(result: Result, what: str, who: str = "startups") -> list[int]:
    """Months, counted from the start, in which something happened to a firm."""
    months = result.events.filter(what=what, who=who)["month"].to_list()
    return [(each.year - 2023) * 12 + each.month - 1 for each in months]


def paid_in(result: Result, firm: str = "startups") -> pl.DataFrame:
    return result.flows.filter(pl.col("payee") == firm, pl.col("good") == "shares")


def test_its_founder_pays_its_cost_to_the_cent_and_holds_all_its_shares():
    first = paid_in(lived()).sort("month").row(0, named=True)
    assert (first["payer"], first["cents"]) == ("venture_west", 10 * 100_000_000_00)


def test_dearer_entry_is_later_and_in_the_end_none():
    """At a neutral belief each of ten companies is worth 9.24 years of a hundred millions."""
    costs = (5e8, 9.42e8, 9.8e8, 1e11)
    entries = [months_of(lived(**{COST: cost, "investors.opening_cash": 1e11}), "entry") for cost in costs]
    assert [len(each) for each in entries] == [1, 1, 1, 0]
    assert entries[0] == [1]
    assert entries[0] < entries[1] < entries[2]


def test_nobody_enters_before_its_date_and_nobody_whom_its_founder_can_not_pay():
    assert months_of(lived(**{"labs.startups.enters": "2023-06"}), "entry") == [5]
    poor = lived(**{"investors.opening_cash": 999e6, "investors.savers_wealth": 0.0})
    assert months_of(poor, "entry") == []
    assert paid_in(poor).is_empty()


@pytest.mark.parametrize("wait", [0, 3, 7])
def test_a_firm_that_failed_waits_and_begins_anew(wait):
    result = lived(**FAILING, **{WAIT: wait})
    left, came = months_of(result, "exit"), months_of(result, "entry")
    assert len(came) >= 2
    assert [after - before for before, after in zip(left, came[1:], strict=False)] == [wait + 1] * (len(came) - 1)
    assert set(paid_in(result)["cents"].to_list()) == {10 * 50_000_000_00}


def test_it_begins_anew_with_what_a_new_firm_has():
    world = World(BLOCK, rng=1, users=30, set={**FAILING, WAIT: 0, **LINGERING})
    lab = next(each for each in world.parts[Labs].labs if each.name == "startups")
    tracks, first, burned, entries = world.parts[Investors].tracks, None, 0.0, 0
    for _ in range(14):
        alive = lab.alive
        world.step()
        track = tracks[lab.account]
        burned = max(burned, track.burn.level)
        if lab.alive and not alive:
            state = (lab.knowledge, lab.budget, lab.load, lab.price, lab.served, lab.trained, lab.pivoted)
            first, entries = first or state, entries + 1
            assert state == first
            assert (track.revenue.level, track.burn.level, track.raised) == (0.0, 0.0, None)
    assert entries >= 2
    assert burned > 0


def test_what_failed_firms_taught_is_remembered_so_that_entry_ends():
    learning = lived(**FAILING, **{WAIT: 0, "investors.story_weight": 6, STORY: 7_000_000.0})
    stubborn = lived(**FAILING, **{WAIT: 0, "investors.story_weight": 1_000_000, STORY: 7_000_000.0})
    assert 0 < len(months_of(learning, "entry")) < len(months_of(stubborn, "entry"))
    assert max(months_of(learning, "entry")) < 24


def test_an_app_may_enter_freely_too_and_anew():
    app = {"key": 499, "region": "west", "west": 1, "enters": "2023-02", "founder": "venture_west", "staff": 2e7}
    doc = {"extends": str(BLOCK), "name": "mine", "question": "?", "months": 14, "world": {"patience": 1}}
    doc |= {"apps": {"little": app | {"entry_cost": 1e7, "entry_wait": 1}}}
    result = run(doc, seed=1, users=30)
    assert len(months_of(result, "entry", "little")) >= 2
    assert len(months_of(result, "exit", "little")) >= 1


def test_a_firm_that_is_there_from_the_start_may_be_founded_anew():
    settings = {"labs.anthropic.entry_cost": 1e8, "labs.anthropic.opening_cash": 1e6, "labs.anthropic.entry_wait": 0}
    result = lived(**settings, **{"world.patience": 1, "investors.runway": 0})
    assert len(months_of(result, "exit", "anthropic")) >= 1
    assert len(months_of(result, "entry", "anthropic")) >= 1


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"labs.deepseek.entry_cost": 1e8}, "labs.deepseek.entry_cost: found 1e+08, but the firm has no founder"),
        ({"apps.doubao.entry_cost": 5}, "apps.doubao.entry_cost: found 5, but the firm has no founder"),
        ({"labs.startups.entry_cost": -1}, "labs.startups.entry_cost: found -1"),
        ({"labs.startups.twins": -1}, "labs.startups.twins: found -1"),
        ({"labs.startups.entry_wait": "soon"}, "labs.startups.entry_wait: found 'soon'"),
        ({"investors.savers_most": 1.5}, "investors.savers_most: found 1.5"),
        ({"investors.savers_welth": 1.5}, "investors.savers_welth: unknown"),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_place(settings, named):
    with pytest.raises(BadInput) as refused:
        load_scenario(str(BLOCK), settings)
    assert named in str(refused.value)


def test_an_event_that_lets_a_firm_without_founder_enter_is_refused():
    event = {"month": "2023-05", "what": "set", "path": "labs.entry_cost", "value": 1e8}
    doc = {"extends": "dollar_paths", "name": "mine", "question": "?", "event": [event]}
    with pytest.raises(BadInput, match=r"labs.bytedance_seed.entry_cost: found 1e\+08, but the firm has no founder"):
        load_scenario(doc)


# one firm that stands for many


def lab_of(companies: int) -> Any:
    numbers = {"throughput": 1e5, "half_load": 1e9, "knowledge_unit": 1e6, "peak": 1.0, "opening_budget": 3e6}
    numbers |= {"release": 1.0}  # a date: no strategy is asked
    member = {name: numbers.get(name, 0.0) for name in builtin_catalogue().parameters.numbers("labs")}
    spec = ParticipantSpec("lab", 1, "", "lab", "west", 0, "", member | {"twins": companies - 1.0}, {}, {})
    return Lab(mesa.Model(), spec, 0, records_of("labs"))


def test_companies_in_one_firm_cost_and_know_what_they_do_apart():
    one, five = lab_of(1), lab_of(5)
    assert five.budget == 5 * one.budget
    assert five.hours(5e9, 0) == 5 * one.hours(1e9, 0) == 5 * 20_000
    assert five.engine(0).served(60_000, 5e9) == one.engine(0).served(12_000, 1e9) == 0.2
    assert five.engine(0).cost(2.0, 5e9) == one.engine(0).cost(2.0, 1e9)
    one.train(1000)
    five.train(5000)
    registers = SimpleNamespace(month=0, public=PublicInformation())
    labs = Labs.__new__(Labs)
    labs.labs, labs.registers = [one, five], registers  # type: ignore[assignment]
    labs.expect(Chance(1, 0))
    assert one.knowledge == five.knowledge == 1000


def test_staff_and_entry_grow_with_the_number_of_companies():
    small, large = (run(BLOCK, seed=1, users=30, months=4, set={"labs.startups.twins": n}) for n in (1, 3))
    for good, payer, payee in (("shares", "venture_west", "startups"), ("wages", "startups", "world")):
        paid = [
            result.flows.filter(good=good, payer=payer, payee=payee).sort("month")["cents"].item(0)
            for result in (small, large)
        ]
        assert paid[1] == 2 * paid[0]
