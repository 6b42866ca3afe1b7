"""Events that change a strategy or a list of partners: their effect, their limits, and what is refused."""

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tests.worlds.turbulence import differences
from watersellers import World, load_scenario, run
from watersellers.agents.strategies.monetisation import FollowRivals, GrowthFirst
from watersellers.agents.strategies.pricing import CostPlus
from watersellers.experiments.input.errors import BadInput

BRIEF: dict[str, Any] = {
    "extends": "dollar_paths",
    "name": "brief",
    "question": "What if choices changed?",
    "months": 6,
}
CHANGE = [
    {"month": "2023-03", "what": "partners", "path": "apps.yuanbao.labs", "names": ["deepseek"]},
    {"month": "2023-04", "what": "strategy", "path": "yuanbao.marketing", "choice": "follow_rivals"},
    {"month": "2023-04", "what": "strategy", "path": "cloud.pricing", "choice": {"use": "cost_plus", "markup": 0.4}},
    {"month": "2023-04", "what": "strategy", "path": "investors.valuation", "choice": "cash_back"},
]
CHANGED = BRIEF | {"event": CHANGE}


def simulate(months: int, **options: Any) -> World:
    world = World(CHANGED, rng=3, users=100, **options)
    for _ in range(months):
        world.step()
    return world


def firm(world: World, name: str) -> Any:
    return next(each for each in world.agents if each.name == name)


def test_a_strategy_and_a_list_of_partners_change_in_their_month():
    world = simulate(3)
    app, places = firm(world, "yuanbao"), world.accounts.index
    assert (app.partners["labs"], type(app.strategies["marketing"])) == (("deepseek",), GrowthFirst)
    assert set(app.lab_share) == {(places["deepseek"], 0)}
    world.step()
    assert isinstance(app.strategies["marketing"], FollowRivals)
    assert firm(world, "aws").strategies["pricing"] == CostPlus(markup=0.4)
    texts = {text for month, what, who, text in world.record.events if what in ("partners", "strategy")}
    assert texts == {
        "apps.yuanbao.labs becomes deepseek",
        "apps.yuanbao.marketing becomes follow_rivals",
        "cloud.pricing becomes cost_plus",
        "investors.valuation becomes cash_back",
    }


def test_before_the_event_nothing_differs_and_the_scenario_is_left_as_it_is():
    spec = load_scenario(CHANGED)
    first = run(spec, users=100, seed=3)
    assert first.manifest["digest"] == run(spec, users=100, seed=3).manifest["digest"]
    usual = run(BRIEF, users=100, seed=3)
    early = pl.col("month") < pl.date(2023, 3, 1)
    assert first.journal.filter(early).equals(usual.journal.filter(early))
    assert first.manifest["digest"] != usual.manifest["digest"]


@pytest.mark.parametrize("stop", [2, 3, 4, 5])
def test_a_world_that_goes_on_has_the_choices_of_one_that_never_stopped(stop: int, tmp_path: Path):
    simulate(stop).save(tmp_path / "half.ckpt")
    world = World.load(tmp_path / "half.ckpt")
    assert differences(simulate(stop), world) == []
    while world.month < 6:
        world.step()
    assert differences(simulate(6), world) == []


@pytest.mark.parametrize(
    ("event", "sentence"),
    [
        ({"what": "strategy", "path": "apps.yuanbao.pricin", "choice": "lerner"}, "Did you mean 'pricing'"),
        ({"what": "strategy", "path": "apps.yuanbao.ad_load", "choice": "lerner"}, "choice of strategy"),
        ({"what": "strategy", "path": "apps.yuanbao.pricing", "choice": "lernr"}, "Did you mean 'lerner'"),
        ({"what": "strategy", "path": "cloud.pricing", "choice": {"use": "cost_plus", "markup": 99.0}}, "expected"),
        ({"what": "strategy", "path": "apps.yuanbao.pricing"}, "choice: is missing"),
        ({"what": "partners", "path": "apps.yuanbao.labs", "names": ["deepsek"]}, "Did you mean 'deepseek'"),
        ({"what": "partners", "path": "apps.labs", "names": ["deepseek"]}, "apps.chatgpt.labs"),
        ({"what": "partners", "path": "apps.yuanbo.labs", "names": ["deepseek"]}, "Did you mean 'yuanbao'"),
        ({"what": "partners", "path": "apps.yuanbao.users", "names": ["west"]}, "apps.chatgpt.labs"),
    ],
)
def test_a_choice_that_cannot_be_made_is_refused_when_the_scenario_is_loaded(event, sentence):
    with pytest.raises(BadInput, match=sentence):
        load_scenario(BRIEF | {"event": [{"month": "2023-03", **event}]})
