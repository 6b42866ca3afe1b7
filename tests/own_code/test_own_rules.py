"""A strategy of one's own is chosen by its name wherever a scenario chooses one, and is recorded with its source."""

from copy import deepcopy
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from watersellers import BadInput, Sweep, World, compare, load_scenario, run
from watersellers.experiments.own_code.own_rules import find_rule
from watersellers.experiments.runs.rerun import rerun
from watersellers.experiments.stories.story import load_story

BRIEF: dict[str, Any] = {"months": 3, "users": 50}
RESEARCH = "openai.research"
WITHIN = {"use": "within_revenue", "share": 0.5}  # the rule of the menu that the rules here repeat


def digest_with(**how):
    return run("plain", **BRIEF, **how).manifest["digest"]


def test_a_rule_by_its_name_an_object_and_a_function_do_what_the_same_rule_on_the_menu_does(mine):
    usual, listed = digest_with(), digest_with(set={RESEARCH: WITHIN})
    assert usual != listed
    rule, function = find_rule(f"{mine}:Share"), f"{mine}:share_of"
    assert digest_with(set={RESEARCH: f"{mine}:Share"}) == listed
    assert digest_with(set={RESEARCH: function}) == listed
    assert digest_with(strategies={RESEARCH: rule(0.5)}) == listed
    assert digest_with(strategies={RESEARCH: f"{mine}:Share"}) == listed
    assert digest_with(strategies={RESEARCH: lambda seen, chance: 0.5 * seen.revenue}) == listed


def test_a_number_of_a_rule_is_set_by_path_for_one_firm_and_for_all_that_use_it(mine):
    listed = digest_with(set={RESEARCH: WITHIN | {"share": 0.8}})
    named = {RESEARCH: f"{mine}:Share"}
    assert digest_with(set=named | {f"{RESEARCH}.share": 0.8}) == listed
    assert digest_with(set=named | {f"labs.research.{mine}:Share.share": 0.8}) == listed
    assert digest_with(set={RESEARCH: {"use": f"{mine}:Given", "dollars": 5e6}}) != listed


def test_a_scenario_file_finds_its_rules_beside_it(mine, tmp_path, monkeypatch):
    file = tmp_path / "frugal.toml"
    file.write_text(f'# What if?\nextends = "plain"\n[labs.openai]\nresearch = "{mine}:Share"\n', encoding="utf-8")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    assert run(file, **BRIEF).manifest["digest"] == digest_with(set={RESEARCH: WITHIN})


def test_an_event_may_choose_a_rule(mine):
    events = [
        {"month": "2023-02", "what": "strategy", "path": "labs.openai.research", "choice": each}
        for each in (f"{mine}:Share", WITHIN)
    ]
    made = [run({"extends": "plain", "event": [event]}, **BRIEF) for event in events]
    assert made[0].manifest["digest"] == made[1].manifest["digest"]
    (place,) = made[0].manifest["strategies"]
    assert place == "labs.openai.research from 2023-02"


def test_a_world_that_runs_takes_a_rule_by_its_name(mine):
    worlds = [World("plain", rng=1, **BRIEF) for _ in range(2)]
    for world, rule in zip(worlds, (f"{mine}:Share", WITHIN), strict=True):
        world.step()
        world.set(RESEARCH, rule)
        world.run_model()
    one, other = (world.result().manifest["digest"] for world in worlds)
    assert one == other != digest_with()


@pytest.mark.parametrize(
    ("choice", "sentence"),
    [
        ("{}:Shar", r"labs\.openai\.research: found '.*:Shar': unknown rule of .*\.py 'Shar'\. Did you mean 'Share'\?"),
        ("absent_module:Share", "there is no module absent_module where you call, or installed; put absent_module.py"),
        ("__main__:Share", "which no other run would find; put Share into a module, as in mine:Share"),
        ("{}:Loose", "found <class '.*Loose'>, expected a frozen dataclass"),
        ("{}:Listed", "found the field names of the type <class 'list'>, expected float, int, bool or str"),
        ("{}:LIMIT", "unknown rule of"),
        ("{}:Misspelt", "the types of its fields can't be read: name 'flaot' is not defined"),
        ("{}:short", r"of \(seen\), expected one of seen and chance"),
        (
            {"use": "{}:Share", "shar": 1.0},
            r"research\.shar: unknown number of .*:Share 'shar'\. Did you mean 'share'\?",
        ),
        ({"use": "{}:Share", "share": 3.0}, r"research\.share: found 3\.0, expected at least 0 and at most 2 share of"),
        ({"use": "{}:Share", "share": "much"}, r"research\.share: found 'much', expected a finite number"),
        ({"use": "{}:Share", "share": True}, r"research\.share: found True, expected a finite number"),
        ({"use": "{}:Given"}, r"research\.dollars: is missing; .*:Given has no usual value for it"),
        ({"use": "{}:Given", "dollars": 1.0, "sure": 1}, r"research\.sure: found 1, expected true or false"),
    ],
)
def test_a_choice_that_cannot_be_used_is_refused_with_its_place_and_its_cure(mine, choice, sentence):
    if isinstance(choice, str):
        choice = choice.replace("{}", mine)
    else:
        choice |= {"use": choice["use"].replace("{}", mine)}
    with pytest.raises(BadInput, match=sentence):
        load_scenario("plain", {RESEARCH: choice})


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("def broken(seen, chance)\n    return 1.0\n", "line 1 is no Python: expected ':'"),
        ("def broken(seen, chance): return 1.0\nraise OSError('no disk')\n", "raised OSError: no disk; mend it"),
        ("import os\n", "unknown rule of"),
    ],
)
def test_a_module_that_cannot_be_loaded_is_refused(mine, tmp_path, text, sentence):
    (tmp_path / f"{mine}_broken.py").write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match=sentence):
        load_scenario("plain", {RESEARCH: f"{mine}_broken:broken"})


def test_a_module_is_loaded_only_if_it_defines_the_rule(mine, tmp_path):
    (tmp_path / f"{mine}_trap.py").write_text("open('trapped', 'w').close()\n", encoding="utf-8")
    with pytest.raises(BadInput, match="unknown rule"):
        load_scenario("plain", {RESEARCH: f"{mine}_trap:system"})
    assert not (tmp_path / "trapped").exists()


def test_a_module_that_was_changed_is_loaded_again(mine, tmp_path):
    before = digest_with(set={RESEARCH: f"{mine}:share_of"})
    file = tmp_path / f"{mine}.py"
    file.write_text(file.read_text(encoding="utf-8").replace("share=0.5", "share=0.25"), encoding="utf-8")
    after = digest_with(set={RESEARCH: f"{mine}:share_of"})
    assert after == digest_with(set={RESEARCH: WITHIN | {"share": 0.25}}) != before


def test_a_world_with_rules_is_saved_copied_and_made_again_with_their_source(mine, tmp_path):
    given = {RESEARCH: {"use": f"{mine}:Share", "share": 0.4}, "anthropic.research": f"{mine}:share_of"}
    world = World("plain", rng=1, set=given, **BRIEF)
    world.step()
    world.save("half")
    worlds = [world, World.load("half"), deepcopy(world)]
    for each in worlds:
        each.run_model()
    (digest,) = {each.result().manifest["digest"] for each in worlds}
    result = world.result()
    recorded = result.manifest["strategies"]["labs.openai.research"]
    assert (recorded["module"], recorded["name"], recorded["numbers"]) == (mine, "Share", {"share": "0.4"})
    assert "Spend a share" in recorded["source"]
    assert result.manifest["strategies"]["labs.anthropic.research"]["source"].startswith("def share_of")
    result.save("run")
    again = rerun(Path("run"))
    assert (again.same, again.digest, again.differs) == (True, digest, [])
    text = Path(f"{mine}.py").read_text(encoding="utf-8")
    Path(f"{mine}.py").write_text(text.replace("share=0.5", "share=0.25"), encoding="utf-8")
    assert "strategies" in rerun(Path("run")).differs


def test_a_rule_in_a_sweep_is_varied_recorded_and_made_by_other_processes(mine, tmp_path):
    rule = find_rule(f"{mine}:Share")
    number, grid = f"{RESEARCH}.share", {"kind": "grid", "levels": 2}
    named = Sweep("plain", {number: (0.2, 0.8)}, grid, **BRIEF, set={RESEARCH: f"{mine}:Share"})
    passed = Sweep("plain", {number: None}, grid, **BRIEF, strategies={RESEARCH: rule()})
    swept = named.run(tmp_path / "swept")
    assert swept.runs["error"].to_list() == [None, None]
    for share, seed, digest in swept.runs.select(number, "seed", "digest").iter_rows():
        assert run("plain", seed, **BRIEF, set={RESEARCH: WITHIN | {"share": share}}).manifest["digest"] == digest
    assert passed.plan().design[number].to_list() == [0.0, 2.0]
    (recorded,) = swept.provenance["rules"].values()
    assert "Spend a share" in recorded["source"]
    assert swept.open(swept.folder).plan.ids == swept.plan.ids
    before = named.plan().ids
    file = Path(f"{mine}.py")
    file.write_text(file.read_text(encoding="utf-8") + "\nLIMIT = 4\n", encoding="utf-8")
    assert not before & named.plan().ids  # another module, so other runs


def test_rules_are_values_of_a_parameter(mine, tmp_path):
    sweep = Sweep("plain", {RESEARCH: ["race", f"{mine}:Share", f"{mine}:share_of"]}, **BRIEF)
    digests = sweep.run(tmp_path / "swept").runs["digest"].to_list()
    assert digests[1] == digests[2] != digests[0]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (lambda seen, chance: 1.0, "which stands inside a function or has no name; put it at the top of a module"),
        (3.0, "found 3.0, expected an object of a frozen dataclass"),
    ],
)
def test_what_other_processes_cannot_find_is_refused_before_anything_runs(mine, tmp_path, given, sentence):
    with pytest.raises(BadInput, match=f"strategies, {RESEARCH}: .*{sentence}"):
        Sweep("plain", strategies={RESEARCH: given}, **BRIEF).run(tmp_path / "swept")
    with pytest.raises(BadInput, match=sentence):
        compare("plain", strategies={RESEARCH: given}, seeds=1, **BRIEF)
    with pytest.raises(BadInput, match=sentence):
        load_story("funding_winter", strategies={RESEARCH: given})
    assert not (tmp_path / "swept").exists()


def test_a_range_that_nobody_gave_is_asked_for(mine):
    sweep = Sweep("plain", {f"{RESEARCH}.share": None}, set={RESEARCH: f"{mine}:share_of"}, **BRIEF)
    with pytest.raises(BadInput, match=r"has no range, for its rule says none; write low and high, or say them"):
        sweep.plan()


def test_compare_takes_a_rule_and_settings_of_the_second_world_alone(mine):
    found = compare("plain", seeds=2, workers=2, strategies={RESEARCH: find_rule(f"{mine}:Share")()}, **BRIEF)
    listed = compare("plain", seeds=2, workers=1, set={RESEARCH: WITHIN}, **BRIEF)
    assert found.names == ("plain", "changed")
    assert found.layers.equals(listed.layers)
    assert found.differs
    both = compare("plain", "dollar_paths", seeds=1, set={RESEARCH: WITHIN}, **BRIEF)
    assert both.names == ("plain", "dollar_paths")
    with pytest.raises(BadInput, match="found none and nothing set, expected another scenario, or what to set"):
        compare("plain", seeds=1, **BRIEF)


def test_a_rule_that_was_found_and_is_gone_does_not_stop_other_processes(mine):
    old = Path(f"{mine}_old.py")
    old.write_text("def gone(seen, chance): return 1.0\n", encoding="utf-8")
    assert find_rule(f"{mine}_old:gone")
    old.unlink()
    assert compare("plain", seeds=2, workers=2, strategies={RESEARCH: f"{mine}:Share"}, **BRIEF).differs


def test_a_story_is_told_with_a_rule_in_all_its_worlds(mine):
    story = load_story("funding_winter", set={RESEARCH: f"{mine}:Share"})
    labs = [lab for arm in story.arms for lab in arm.spec.groups["labs"] if lab.name == "openai"]
    names = {type(lab.strategies["research"]).__name__ for lab in labs}
    assert names == {"Share"}
    assert "with openai.research" in story.title


def test_rivals_are_seen_one_by_one():
    seen_rivals = []

    def watch(seen, chance):
        seen_rivals.append([(each.name, each.offer.price) for each in seen.rivals])
        return 0.5 * seen.revenue

    result = run("plain", **BRIEF, strategies={RESEARCH: watch})
    labs = result.firms.filter(pl.col("layer") == "labs", pl.col("month") == pl.col("month").max())
    prices = dict(labs.select("firm", "price").iter_rows())
    last = dict(seen_rivals[-1])
    assert "openai" not in last
    assert {"anthropic", "deepseek"} <= set(last)
    for name in ("anthropic", "deepseek"):
        assert last[name] == pytest.approx(prices[name])


def test_what_is_no_table_of_strategies_or_settings_is_refused(mine):
    for given in ({"strategies": [1]}, {"strategies": "mine"}, {"strategies": {RESEARCH: f"{mine}:Share"}, "set": [1]}):
        with pytest.raises(BadInput, match=r"(set|strategies): found .*, expected values by path"):
            Sweep("plain", **BRIEF, **given).plan()
        with pytest.raises(BadInput, match=r"(set|strategies): found .*, expected values by path"):
            compare("plain", seeds=1, **BRIEF, **given)
