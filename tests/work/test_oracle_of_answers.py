"""The oracle agrees where labs price by what customers answered, and train as long as that pays."""

from dataclasses import replace
from typing import Any

import pytest

from tests.oracle import comparison
from tests.oracle import economy as oracle
from tests.oracle.comparison import changed, numbered, small
from tests.work.work_worlds import working
from watersellers.agents.labs.line_sales import LineSales
from watersellers.agents.scenario_spec import Event, ParticipantSpec, ScenarioSpec
from watersellers.agents.strategies.pricing import ElasticitySeen, Penetration
from watersellers.agents.strategies.research import Invest
from watersellers.agents.strategies.selling import PayingModels, WholeLine

MONTHS = 10
HOSTING = numbered(open_weights=1.0, hosts=1.0, host_threshold=0.0)
NIGHTS = numbered(peak=0.7, night_discount=0.5, night_share=0.4, batch_discount=0.5, batch_share=0.3)


def choosing(spec: ScenarioSpec, **strategies: Any) -> ScenarioSpec:
    """All labs choose these."""

    def change(lab: ParticipantSpec) -> ParticipantSpec:
        return replace(lab, strategies={**lab.strategies, **strategies})

    return changed(spec, change, ("labs",))


@pytest.mark.parametrize(("seed", "step", "more"), [(2, 0.25, numbered()), (3, 0.05, HOSTING), (5, 0.25, NIGHTS)])
def test_prices_from_the_elasticities_that_labs_saw(seed, step, more):
    spec = changed(working(seed), more)
    rows = comparison.compare(choosing(spec, pricing=ElasticitySeen(step=step)), 30, seed, MONTHS)
    assert rows != oracle.run(spec, 30, seed, MONTHS)


@pytest.mark.parametrize(("seed", "line", "more"), [(2, 2.0, HOSTING), (3, 3.0, numbered()), (5, 3.0, NIGHTS)])
def test_models_of_a_line_are_priced_together(seed, line, more, monkeypatch):
    spec = changed(working(seed), numbered(line=line, small_share=0.5, release=1.0), ("labs",))
    dates = tuple(Event(number, "set", "", "labs.release", float(number), "") for number in (2, 5))
    spec = replace(choosing(changed(spec, more), pricing=ElasticitySeen(step=0.25)), events=dates)
    rows = comparison.compare(spec, 30, seed, MONTHS)
    monkeypatch.setattr(LineSales, "siblings_gain", lambda *_: 0.0)
    assert comparison.journal(spec, 30, seed, MONTHS) != rows  # a mutation: each as if the others stood still


@pytest.mark.parametrize(("seed", "more"), [(2, numbered()), (3, HOSTING), (4, NIGHTS)])
def test_models_that_do_not_pay_are_withdrawn_until_the_next_release(seed, more):
    numbers = numbered(line=3.0, small_share=0.9, small_speed=2.0, release=1.0, payout=0.2)
    spec = changed(changed(working(seed), numbers, ("labs",)), more)
    spec = replace(
        spec, events=(Event(2, "set", "", "labs.release", 2.0, ""), Event(6, "set", "", "labs.release", 3.0, ""))
    )
    rows = comparison.compare(choosing(spec, offering=PayingModels()), 30, seed, MONTHS)
    assert rows != oracle.run(choosing(spec, offering=WholeLine()), 30, seed, MONTHS)


def test_rivals_as_good_bind_prices_in_a_world_that_no_work_pays_for():
    seed = 4
    spec = choosing(small(seed=seed), pricing=ElasticitySeen(step=0.9))
    cheap, *others = spec.groups["labs"]
    dumping = replace(cheap, strategies={**cheap.strategies, "pricing": Penetration(share=0.1)})
    spec = replace(spec, groups={**spec.groups, "labs": (dumping, *others)})
    rows = comparison.compare(changed(spec, numbered(like_quality=2.0), ("labs",)), 50, seed, 8)
    assert rows != oracle.run(changed(spec, numbered(like_quality=0.0), ("labs",)), 50, seed, 8)


@pytest.mark.parametrize(("seed", "more"), [(2, NIGHTS), (3, HOSTING)])
def test_training_that_pays(seed, more):
    spec = choosing(changed(working(seed), more), research=Invest(horizon=60.0, months=2.0))
    backed = changed(spec, numbered(story=3e9, knowledge_unit=2e6, twins=1.0), ("labs",))
    rows = comparison.compare(backed, 30, seed, MONTHS)
    assert rows != oracle.run(choosing(backed, research=Invest(horizon=0.0)), 30, seed, MONTHS)
