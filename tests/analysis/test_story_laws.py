"""A story under another law of adoption: its worlds have the law with its fit, and all else is as before."""

from dataclasses import replace

import pytest

from watersellers import load_scenario
from watersellers.agents.scenario_spec import ScenarioSpec
from watersellers.experiments.stories.adoption_laws import adoption_law, under_law
from watersellers.experiments.stories.story import load_story, story_names


def but_for_work(spec: ScenarioSpec) -> ScenarioSpec:
    return replace(spec, groups={**spec.groups, "work": ()}, scenario="")


@pytest.mark.parametrize("name", story_names())
def test_every_world_has_the_law_and_its_fit_and_all_else_as_before(name):
    usual, story = load_story(name), load_story(name, law="epidemic")
    fitted = load_scenario("adoption_epidemic").groups["work"]
    for before, now in zip(usual.arms, story.arms, strict=True):
        assert now.spec.groups["work"] == fitted != before.spec.groups["work"]
        assert but_for_work(now.spec) == but_for_work(before.spec)
    assert (story.law, story.question, story.tests) == ("epidemic", usual.question, usual.tests)
    assert "epidemic" in story.title


def test_a_world_that_does_not_stand_on_the_reference_world_keeps_its_own():
    other = {"name": "x", "question": "X?", "extends": "earlier_waves"}
    assert under_law(other, adoption_law("probit")) == other
