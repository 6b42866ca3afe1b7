"""All errors in settings and strategies that a script gives are reported at once: place, value, and cure."""

# ruff: noqa: E501 - sentences are compared whole, each on its line

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.scenarios.small_catalogue import FollowUse, refusal, small_catalogue
from watersellers import BadInput
from watersellers.experiments.loading.loader import load_scenario

OPENED = {"month": "2023-02", "what": "set", "path": "apps.lonely.west", "value": 1}


@pytest.mark.parametrize(
    ("settings", "events", "sentence"),
    [
        ({}, [], "lonely, apps.lonely: is offered nowhere (west = 0, china = 0); write west = 1"),
        ({"apps.claude.west": 0}, [OPENED], "lonely, apps.claude: is offered nowhere (west = 0, china = 0); write west = 1"),
        ({"apps.lonely.china": 0.5}, [], None),
        ({}, [OPENED], None),
    ],
)  # fmt: skip
def test_an_app_that_nobody_can_use_is_refused_unless_an_event_opens_a_region(settings, events, sentence):
    lonely = {"key": 499, "region": "west"}
    world = {"extends": "baseline", "name": "lonely", "apps": {"lonely": lonely}, "event": events}
    if sentence:
        with pytest.raises(BadInput) as refused:
            load_scenario(world, settings)
        assert str(refused.value) == sentence
    else:
        assert "lonely" in [app.name for app in load_scenario(world, settings).groups["apps"]]


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"chips.lock_in": 2}, "set, chips.lock_in: found 2, expected 0 to 1 share"),
        ({"chips.lok_in": 2}, "set, chips.lok_in: unknown key 'lok_in'. Did you mean 'lock_in'?"),
        ({"chips.nvdia.lock_in": 1}, "set, chips.nvdia.lock_in: unknown member 'nvdia'. Did you mean 'nvidia'?"),
        ({"nvdia.lock_in": 1}, "set, nvdia.lock_in: unknown group or firm 'nvdia'. Did you mean 'nvidia'?"),
        ({"cloud": 1}, "set, cloud: names a whole group; expected one of its numbers or choices: older_revenue, power_cost, pricing"),
        ({"aws": 1}, "set, aws: names a whole member; expected one of its keys, as in cloud.aws.key"),
        ({"aws.pricing": "cost_plsu"}, "set, cloud.aws.pricing: unknown strategy 'cost_plsu'. Did you mean 'cost_plus'?"),
        ({"aws.pricing.target": 3}, "set, cloud.aws.pricing.target: found 3, expected 0 to 1 share"),
        ({"cloud.pricing.folow_use.target": 1}, "set, cloud.pricing.folow_use.target: unknown strategy 'folow_use'. Did you mean 'follow_use'?"),
        (
            {"cloud.pricing.cost_plus.markup": 1},
            "set, cloud.pricing.cost_plus.markup: no member of cloud uses 'cost_plus' for pricing, so it would change"
            " nothing; used: ['follow_use']",
        ),
        ({"months": 10**9}, "set, months: found 1000000000, expected at most 600"),
        ({"azure.enters": "soon"}, "set, cloud.azure.enters: found 'soon', expected a month such as \"2024-05\""),
    ],
)  # fmt: skip
def test_an_error_in_a_setting_is_reported(catalogue, settings, sentence):
    assert refusal(catalogue, settings=settings) == sentence


@dataclass
class Thawed:
    def __call__(self, seen: object, chance: object) -> float:
        return 0.0


@pytest.mark.parametrize("strategy", [3, FollowUse, Thawed(), len])
def test_a_strategy_of_ones_own_must_be_a_frozen_dataclass_that_can_be_called(catalogue, strategy):
    problem = refusal(catalogue, strategies={"aws.pricing": strategy})
    assert problem.startswith("strategies, aws.pricing: found ")
    assert "expected an object of a frozen dataclass with __call__(seen, chance)" in problem


def test_a_strategy_of_ones_own_for_an_unknown_choice_is_refused(catalogue):
    problem = refusal(catalogue, strategies={"aws.prcing": FollowUse()})
    assert problem == "strategies, aws.prcing: unknown choice of strategy 'prcing'. Did you mean 'pricing'?"


words = st.sampled_from(["cloud", "aws", "pricing", "target", "months", "event", "use", "follow_use", "key", "", "."])
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words | st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@given(doc=st.dictionaries(words | st.text(max_size=3), values, max_size=4))
def test_any_scenario_is_loaded_or_refused_in_sentences(tmp_path_factory, doc):
    assert "" not in _problems({"extends": "baseline", **doc}, {}, small_catalogue(tmp_path_factory))


@given(settings=st.dictionaries(st.lists(words | st.text(max_size=3), max_size=5).map(".".join), values, max_size=3))
def test_any_setting_is_accepted_or_refused_in_sentences(tmp_path_factory, settings):
    assert "" not in _problems("baseline", settings, small_catalogue(tmp_path_factory))


def _problems(scenario, settings, catalogue) -> list[str]:
    """Load a scenario and give what is wrong with it; anything raised but BadInput fails the test."""
    try:
        load_scenario(scenario, settings, catalogue=catalogue)
    except BadInput as refused:
        return refused.problems or [""]
    return []
