"""A story under another law of adoption: its worlds have the law with its fit, and all else is as before."""

from typing import Any

import pytest

from watersellers import load_scenario
from watersellers.agents.scenario_spec import ScenarioSpec
from watersellers.experiments.stories.adoption_laws import adoption_law, under_law
from watersellers.experiments.stories.story import load_story, story_names


def told(spec: ScenarioSpec) -> tuple[Any, ...]:
    """Who is there, what happens and how long: all that a fit does not find."""
    return spec.events, spec.months, {group: [one.name for one in members] for group, members in spec.groups.items()}


@pytest.mark.parametrize("name", [name for name in story_names() if name != "adoption_laws"])  # which has all of them
def test_every_world_has_the_law_and_its_fit_and_all_else_as_before(name):
    usual, story = load_story(name), load_story(name, law="epidemic")
    fitted = load_scenario("adoption_epidemic").groups["work"]
    for before, now in zip(usual.arms, story.arms, strict=True):
        assert now.spec.groups["work"] == fitted
        assert told(now.spec) == told(before.spec)
    assert any(before.spec.groups["work"] != fitted for before in usual.arms)
    assert (story.law, story.question, story.tests) == ("epidemic", usual.question, usual.tests)
    assert "epidemic" in story.title


def test_a_world_that_does_not_stand_on_the_reference_world_keeps_its_own():
    other = {"name": "x", "question": "X?", "extends": "earlier_waves"}
    assert under_law(other, adoption_law("probit")) == other
