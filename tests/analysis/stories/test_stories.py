"""Every story of the article runs and is judged, a bad one is refused in a sentence, and its page opens offline."""

import json
import signal
import tomllib
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

import pytest

from tests.tools.chromium import CROWDED
from watersellers import BadInput
from watersellers.agents.scenario_spec import ScenarioSpec
from watersellers.experiments.__main__ import main
from watersellers.experiments.cli.story_tables import print_atlas, print_story, story_facts
from watersellers.experiments.stories.simulation import Size, StoryOutcome, run_stories
from watersellers.experiments.stories.story import FOLDER, Story, load_story, make_story, story_names
from watersellers.experiments.stories.story_schema import CONTROL, STORY
from watersellers.viz.drawing.svg import escaped
from watersellers.viz.reports.story_atlas import atlas_html, write_atlas
from watersellers.viz.reports.story_report import story_html, write_story
from watersellers.viz.words.catalogue import LANGUAGES

THE_ARTICLES = {
    *("baseline", "deepseek_moment", "deepseek_day", "scale_trap", "ads_in_answers", "subscription_only"),
    *("api_squeeze", "appliance", "marketing_war", "capex_wave", "chip_rivals", "funding_winter", "qq_moment"),
    *("circular_finance", "three_routes", "fragile_water"),
}
SHORT = 6  # months that a story lives here, its events in the third and what is read in the last three
GOOD = tomllib.loads((FOLDER / "funding_winter.toml").read_text(encoding="utf-8"))


def brought_forward(story: Story) -> Story:
    """Shorten a story to six months: later events happen in the third, and figures are read after it."""
    span = date(2023, 4, 1), date(2023, SHORT, 1)
    tests = tuple(
        replace(test, figures=tuple(replace(reading, since=span[0], until=span[1]) for reading in test.figures))
        for test in story.tests
    )
    arms = tuple(replace(arm, spec=soon(arm.spec)) for arm in story.arms)
    return replace(story, since=span[0], until=span[1], arms=arms, tests=tests)


def soon(spec: ScenarioSpec) -> ScenarioSpec:
    events = tuple(replace(event, month=min(event.month, 2)) for event in spec.events)
    groups = {
        group: tuple(replace(member, enters=min(member.enters, 2)) for member in members)
        for group, members in spec.groups.items()
    }
    return replace(spec, months=SHORT, events=events, groups=groups)


@cache
def played(name: str) -> StoryOutcome:
    return next(run_stories([brought_forward(load_story(name))], Size(seeds=1, users=500, workers=1)))


def test_the_sixteen_stories_are_there_a_rival_explanation_and_six_of_mechanisms():
    mechanisms = {"adoption_laws", "own_silicon", "price_war_may_2024", "reasoning", "unearned_profit"}
    assert set(story_names()) == THE_ARTICLES | {"closer_to_the_user", "who_keeps_the_value"} | mechanisms


@pytest.mark.parametrize("name", story_names())
def test_a_story_has_a_control_that_is_another_world_and_claims_of_the_article(name):
    story = load_story(name)
    assert story.arm(CONTROL).spec != story.arm(STORY).spec
    assert any(test.of == "article" for test in story.tests)
    assert story.question == story.arm(STORY).spec.question


@pytest.mark.parametrize("name", story_names())
def test_every_story_runs_every_claim_is_judged_and_the_page_shows_it(name):
    found = played(name)
    assert [len(seen) for seen in found.observed.values()] == [1] * len(found.story.arms)
    for tested in found.outcomes:
        assert list(tested.under) == [found.story.arm(arm).title for arm in tested.test.under]
        assert tested.main.middle is not None, f"{tested.test.says}: nothing was read"
    page = story_html(found)
    assert page.count("<svg") >= 3
    assert all(row in page for row in found.story.rows)
    assert all(escaped(tested.test.says) in page for tested in found.outcomes)


def test_a_world_that_two_stories_look_at_is_lived_once():
    stories = [brought_forward(load_story(name)) for name in ("funding_winter", "fragile_water")]
    run_counts: list[int] = []
    outcomes = list(run_stories(stories, Size(1, 500, 1), lambda done, of: run_counts.append(of)))
    worlds = sum(len(each.arms) for each in stories)
    assert run_counts == [worlds - 1] * (worlds - 1)  # the reference world is the control of both
    assert outcomes[0].observed[CONTROL][0].quarters.equals(outcomes[1].observed[CONTROL][0].quarters)


def test_processes_move_no_figure():
    once = played("funding_winter")
    again = next(run_stories([once.story], Size(1, 500, 2)))
    assert story_facts(again) == story_facts(once)


# what is refused


def changed(**keys: Any) -> dict[str, Any]:
    return deepcopy(GOOD) | keys


def with_test(**keys: Any) -> dict[str, Any]:
    doc = deepcopy(GOOD)
    doc["tests"][0] |= keys
    return doc


@pytest.mark.parametrize(
    ("doc", "sentence"),
    [
        (
            {key: value for key, value in GOOD.items() if key != "control"},
            "control: is missing; a story needs a control",
        ),
        (with_test(measure="operating_proft"), "tests.1, measure: unknown measure 'operating_proft'. Did you mean"),
        (with_test(rule="fals"), "tests.1, rule: unknown rule 'fals'. Did you mean 'falls'?"),
        (with_test(who="clod"), "tests.1, who: unknown layer or firm 'clod'. Did you mean 'cloud'?"),
        (with_test(who=["cloud", "chips"]), "tests.1, who: found ['cloud', 'chips'], expected one name"),
        (with_test(rule="order"), "expected a list of two or more for the rule 'order'"),
        (with_test(bound=2.0), "tests.1, bound: found 2.0, expected none for the rule 'falls'"),
        (with_test(good="seats"), "tests.1, good: found 'seats', expected no good for the measure 'operating_profit'"),
        (with_test(measure="spent"), "tests.1, good: found '', expected the good that was paid for"),
        (with_test(against="story"), "tests.1, against: found 'story', expected an arm other"),
        (with_test(under=["promisd"]), "tests.1: unknown arm 'promisd'. Did you mean 'promised'?"),
        (with_test(until="2030-01"), "reads 2025-03 to 2030-01, expected months from 2023-01 to 2026-12"),
        (with_test(since="2026-13"), """tests.1.since: found '2026-13', expected a month such as "2025-02\""""),
        (changed(rows=["S999"]), "rows: unknown row of facts.csv 'S999'"),
        (changed(until="2025-01"), "until: found '2025-01', expected '2025-03' or later"),
        (changed(clam="x"), "clam: found 'x', expected one of the keys title, claim"),
        (
            changed(control={"title": "x", "scenario": "basline"}),
            "arms.control: unknown scenario 'basline'. Did you mean",
        ),
        (changed(tests=[]), "tests: found [], expected"),
    ],
)
def test_a_bad_story_is_refused_in_a_sentence(doc, sentence):
    with pytest.raises(BadInput) as refused:
        make_story("funding_winter", doc, "stories/bad.toml")
    assert f"stories/bad.toml, {sentence}" in str(refused.value) or sentence in str(refused.value)
    assert str(refused.value).startswith("stories/bad.toml, ")


def test_all_errors_are_reported_at_once():
    with pytest.raises(BadInput) as refused:
        make_story("funding_winter", with_test(measure="x", rule="y"), "stories/bad.toml")
    assert len(refused.value.problems) == 2


# what a user gets


def test_what_is_printed_says_claim_control_band_and_verdict(capsys):
    print_story(played("deepseek_day"), "here.html")
    out = capsys.readouterr().out
    for text in ("545 % more", "wrong if:", "control: no free app", "of 1", "562,027", "87,072", "here.html"):
        assert text in out
    print_atlas([played("deepseek_day"), played("funding_winter")], "atlas.html")
    out = capsys.readouterr().out
    assert "funding_winter" in out
    assert "turns around somewhere" in out


def test_the_command_writes_a_page_and_says_the_same_for_machines(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(
        "watersellers.experiments.stories.story.load_story",
        lambda name, **how: brought_forward(load_story(name, **how)),
    )
    command = [
        "story",
        "funding_winter",
        "--seeds",
        "1",
        "--users",
        "200",
        "--workers",
        "1",
        "--out",
        str(tmp_path / "new"),
    ]
    assert main([*command, "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert [each["held"] in (0, 1) for each in printed["tests"]] == [True] * 4
    assert (tmp_path / "new" / "funding_winter.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_over_one_seed_calls_nothing_nine_in_ten_and_decides_nothing(language):
    story, say = played("funding_winter"), LANGUAGES[language]
    page, atlas = story_html(story, say), atlas_html([story], say)
    for band, there in (("band.all", True), ("band.nine_in_ten", False)):
        assert (escaped(say("story.band", band=say(band, seeds=1))) in page) == there
        assert (escaped(say("story.shaded", band=say(band, seeds=1))) in page) == there
    for text in (page, atlas):
        assert say("verdict.not enough seeds", seeds=1, least=10) in text
        assert say("verdict.holds", seeds=1) not in text


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        (["story", "fundig_winter"], "unknown story 'fundig_winter'. Did you mean 'funding_winter'?"),
        (["story", "funding_winter", "--seeds", "0"], "seeds: found 0, expected a whole number from 1"),
        (["stories", "funding_winter", "nobody"], "unknown story 'nobody'"),
        (["stories", "--law", "epidemc"], "law: unknown law of adoption 'epidemc'. Did you mean 'epidemic'?"),
    ],
)
def test_bad_input_is_refused_and_nothing_written(command, sentence, tmp_path, capsys):
    assert main([*command, "--out", str(tmp_path / "new")]) == 2
    assert sentence in capsys.readouterr().err
    assert not (tmp_path / "new").exists()


def test_a_file_instead_of_the_folder_is_refused(tmp_path, capsys):
    (tmp_path / "taken").write_text("mine")
    assert main(["story", "funding_winter", "--out", str(tmp_path / "taken")]) == 2
    assert "found a file, expected a folder or nothing" in capsys.readouterr().err


def test_an_interrupted_story_ends_with_a_sentence_and_writes_nothing(tmp_path, capsys, monkeypatch):
    def stopped(*_: object) -> Iterator[StoryOutcome]:
        signal.raise_signal(signal.SIGINT)
        raise AssertionError("nobody heard it")

    monkeypatch.setattr("watersellers.experiments.cli.story_tables.run_stories", stopped)
    assert main(["story", "funding_winter", "--out", str(tmp_path / "new")]) == 130
    assert "stopped; nothing is left half written" in capsys.readouterr().err
    assert not (tmp_path / "new").exists()


def test_stories_are_listed_with_their_questions(capsys):
    assert main(["stories", "--list", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert {each["name"] for each in listed} == set(story_names())
    assert all(each["question"].endswith("?") for each in listed)


def test_the_atlas_leads_to_every_story():
    names = ("deepseek_day", "funding_winter")
    page = atlas_html([played(name) for name in names])
    assert all(f'href="{name}.html"' in page and f'id="{name}"' in page for name in names)


@pytest.mark.parametrize("width", [390, 1280])
def test_the_pages_open_offline_ask_for_nothing_and_are_no_wider_than_the_window(browser, tmp_path, width):
    pages = [
        write_story(played("deepseek_day"), tmp_path / "deepseek_day.html"),
        write_atlas([played("deepseek_day"), played("funding_winter")], tmp_path / "atlas.html"),
    ]
    for path in pages:
        browser.open(path, width=width)
        assert browser.requests() == [path.as_uri()]
        assert browser.faults() == []
        assert browser.ask("document.documentElement.scrollWidth") <= width


def test_texts_of_a_picture_neither_overlap_nor_leave_it(browser, tmp_path):
    for name in ("qq_moment", "scale_trap"):  # the longest names of conditions
        browser.open(write_story(played(name), tmp_path / f"{name}.html"))
        assert browser.ask(CROWDED) == []
