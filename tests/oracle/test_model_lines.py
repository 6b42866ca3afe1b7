"""Lines of models and releases (RULES 9.48, 9.49) in the second program."""

from dataclasses import replace

import pytest

from tests.oracle import economy as oracle
from tests.oracle.comparison import MIXED, SMALL_WORLDS, busy, changed, compare, goods_in, numbered, on_paths, small
from watersellers import load_scenario, synthetic
from watersellers.agents.scenario_spec import Event, ParticipantSpec, ScenarioSpec
from watersellers.agents.strategies.selling import InGenerations, WholeLine
from watersellers.agents.strategies.sourcing import Spread
from watersellers.market.goods import GOODS, TOKENS_OF_LINE

LUCK = {"luck_quality": 0.3, "luck_speed": 0.4}
OLDER, FEW = ({GOODS[good].name for good in goods} for goods in TOKENS_OF_LINE[1:])


def releasing(spec: ScenarioSpec, gain: float = 0.01, months: float = 2, **numbers: float) -> ScenarioSpec:
    """Let all labs release in generations and sell all their models, and set numbers of theirs."""

    def change(lab: ParticipantSpec) -> ParticipantSpec:
        return replace(
            lab, strategies={**lab.strategies, "releasing": InGenerations(gain, months), "offering": WholeLine()}
        )

    return changed(changed(spec, change, ("labs",)), numbered(**numbers), ("labs",))


def spreading(spec: ScenarioSpec) -> ScenarioSpec:
    """Let all apps buy from every card something."""
    return changed(spec, lambda app: replace(app, strategies={**app.strategies, "sourcing": Spread()}), ("apps",))


@pytest.mark.parametrize(("seed", "line"), [(3, 1.0), (5, 2.0), (6, 3.0)])
def test_releases_in_generations(seed, line):
    rows = compare(releasing(spreading(busy(seed)), line=line, **LUCK), 60, seed, 8)
    assert bool(FEW & goods_in(rows)) == (line > 2)
    assert line > 1 or not OLDER & goods_in(rows)


def test_a_line_whose_flagship_improves_at_once_has_no_older_model():
    rows = compare(changed(spreading(busy(4)), numbered(line=3.0, **LUCK), ("labs",)), 60, 4, 8)
    assert goods_in(rows) >= FEW
    assert not OLDER & goods_in(rows)


@pytest.mark.parametrize(("size", "seed", "months"), [*SMALL_WORLDS[:6:2], SMALL_WORLDS[8]])
def test_lines_in_other_worlds(size, seed, months):
    spec = load_scenario(synthetic(size, seed=seed, months=months))  # in which work chooses among all models
    rows = compare(releasing(spec, line=3.0, small_share=0.5, small_speed=2.0, **LUCK), 60, seed, months)
    assert goods_in(rows) >= OLDER | FEW


def test_dated_releases_with_luck_open_weights_hosts_and_stakes():
    spec = releasing(changed(small(seed=4), numbered(hosts=1.0, open_weights=1.0, distillation=0.2, stake_share=0.4)))
    spec = changed(spec, numbered(release=1.0, line=3.0, free_tokens=2e5, moves=0.5, **LUCK), ("labs",))
    dates = ((2, 2.0), (4, 3.0), (5, 0.0))
    events = tuple(Event(month, "set", "", "labs.release", value, "") for month, value in dates)
    dated = compare(replace(spec, events=events), 60, 4, 8)
    assert dated != oracle.run(spec, 60, 4, 8)


def test_seeds_draw_luck():
    spec = releasing(load_scenario(on_paths(synthetic(MIXED, seed=7, months=6))), line=3.0, **LUCK)
    assert compare(spec, 60, 7, 6) != oracle.run(releasing(spec, luck_quality=0.0, luck_speed=0.0), 60, 7, 6)
