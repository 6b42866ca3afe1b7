"""A firm that is removed in one line is gone as if it and every mention had been deleted by hand."""

# ruff: noqa: E501 - sentences are compared whole, each on its line

import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.scenarios.reference_scenario import refused
from watersellers import ScenarioWarning, World, load_scenario, run
from watersellers.experiments.loading.catalogue import FOLDER, builtin_catalogue
from watersellers.experiments.loading.parameters import FIRMS
from watersellers.experiments.loading.writer import scenario_toml

BASELINE = tomllib.loads((FOLDER / "plain.toml").read_text(encoding="utf-8"))
NAMED = {"name": "mine", "question": "Mine?"}
STAYING = {"azure", "baidu_cloud"}  # OpenAI shares its revenue with one, and owners and states rent in each region
OWNED = {firm.owner for layer in FIRMS for firm in load_scenario("plain").groups[layer] if firm.owner != firm.name}
REMOVABLE = [
    name
    for layer in FIRMS
    for name, own in BASELINE[layer].items()
    if isinstance(own, dict) and name not in OWNED | STAYING
]


def deleted_by_hand(names):
    """The reference world's own file without some firms, and without every mention of them."""
    doc = {group: value for group, value in BASELINE.items() if group != "event"}
    for layer in FIRMS:
        kept = {name: own for name, own in BASELINE[layer].items() if name not in names}
        doc[layer] = {name: _without(own, names) if isinstance(own, dict) else own for name, own in kept.items()}
    doc["event"] = [event for event in BASELINE["event"] if event["path"].split(".")[1] not in names]
    return {**doc, **NAMED}


def _without(own, names):
    lists = {layer: [name for name in own[layer] if name not in names] for layer in FIRMS if layer in own}
    return {key: value for key, value in (own | lists).items() if not (key == "patron" and value in names)}


@settings(max_examples=25)
@given(names=st.lists(st.sampled_from(REMOVABLE), min_size=1, max_size=6, unique=True))
def test_a_removed_firm_leaves_what_a_deletion_by_hand_leaves(names):
    assert load_scenario({"extends": "plain", "remove": names, **NAMED}) == load_scenario(deleted_by_hand(names))


@pytest.mark.parametrize("names", [["nvidia"], ["coreweave", "brave"], ["deepseek"]])
def test_a_removed_firm_gives_the_same_digest(names):
    removed = run({"extends": "plain", "remove": names, **NAMED}, months=4, users=50)
    by_hand = run(deleted_by_hand(names), months=4, users=50)
    by_setting = run("plain", months=4, users=50, set={"remove": names})
    assert removed.manifest["digest"] == by_hand.manifest["digest"] == by_setting.manifest["digest"]


def test_it_is_said_what_was_shortened_and_the_written_form_is_plain(tmp_path):
    spec = load_scenario("plain", {"remove": ["azure"], "labs.openai.revenue_share": 0})
    assert spec.notes == ("set: removed azure; shortened: labs.openai.cloud, labs.openai.patron",)
    (tmp_path / "plain.toml").write_text(scenario_toml(spec, builtin_catalogue().menus))
    again = load_scenario(tmp_path / "plain.toml")
    assert again == spec
    assert not again.notes
    assert run(spec, months=2, users=50).manifest["notes"] == list(spec.notes)


def test_a_list_that_a_removal_empties_is_warned_of_unless_it_is_written_anew():
    told = load_scenario("plain", {"remove": ["openai", "chatgpt"]}).warnings
    assert [each.split(":")[0] for each in told] == ["apps.copilot.labs", "apps.bing_search.labs"]
    anew = {"apps.copilot.labs": ["anthropic"], "apps.bing_search.labs": []}
    assert load_scenario("plain", {"remove": ["openai", "chatgpt"], **anew}).warnings == ()


@pytest.mark.parametrize(
    ("doc", "sentence"),
    [
        ({"remove": ["nvidai"]}, "mine, remove: unknown firm, investor or owner 'nvidai'. Did you mean 'nvidia'?"),
        ({"remove": ["amd", "amd"]}, "mine, remove: found 'amd' twice; leave one out"),
        ({"remove": ["openai"]}, "mine, remove: 'openai' is the owner of apps.chatgpt; remove it too, or write another apps.chatgpt.owner"),
        ({"remove": ["azure"]}, "mine, labs.openai.revenue_share: found 0.2, but the lab has no patron; name the firm that receives it in labs.openai.patron"),
        ({"remove": ["amd"], "chips": {"amd": {"lock_in": 0}}}, "mine, remove: 'amd' has values in chips.amd of the same file; leave out one of the two"),
        ({"remove": ["amd"], "cloud": {"aws": {"chips": ["amd"]}}}, "mine, cloud.aws.chips: 'amd' is absent in this scenario; mine removes it, so leave it out of lists"),
        ({"change": {"open_qwem": {"drop": True}}}, "mine, change.open_qwem: unknown inherited event 'open_qwem'. Did you mean 'open_qwen'?"),
        ({"change": {"open_qwen": {"value": 1}}}, "mine, change.open_qwen: changes nothing; give it another month or value, or write drop = true"),
        ({"change": {"open_qwen": {"drop": True, "value": 0}}}, "mine, change.open_qwen: found drop = true beside value; an event is either dropped or changed"),
        ({"change": {"open_qwen": {"names": ["aws"]}}}, "mine, change.open_qwen.names: found ['aws'], but scenarios/plain.toml, event 1 is of the kind 'set'; give it another value"),
        ({"change": {"open_qwen": {"month": "2030-01"}}}, "mine, change.open_qwen.month: 2030-01 is after the last month, 2026-12; give it an earlier month, or write months = 85"),
    ],
)  # fmt: skip
def test_an_impossible_removal_or_change_is_refused_with_its_cure(doc, sentence):
    assert refused(doc) == [sentence]


def test_a_firm_is_not_removed_twice_by_two_files(tmp_path):
    (tmp_path / "one.toml").write_text('# One?\nextends = "plain"\nremove = ["amd"]')
    two = tmp_path / "two.toml"
    two.write_text('# Two?\nextends = "one.toml"\nremove = ["amd"]')
    with pytest.raises(ValueError, match=r"remove: 'amd' is removed already, by .*one\.toml; leave it out"):
        load_scenario(two)


def test_two_events_can_not_have_one_name():
    event = {"name": "mine", "month": "2024-01", "what": "set", "path": "chips.lock_in", "value": 0}
    (sentence,) = refused({"event": [event, event]})
    assert sentence == "mine, event 2.name: 'mine' is the name of mine, event 1 too; each needs its own"
    (sentence,) = refused({"event": [event | {"name": "open_qwen"}]})
    assert sentence.endswith("scenarios/plain.toml, event 1 too; write [change.open_qwen] to change that one")


def test_a_saved_world_still_says_what_was_removed_and_what_it_was_warned_of(tmp_path):
    wanted = {"remove": ["brave"], "world": {"lenders_cash": 1e9}}
    with pytest.warns(ScenarioWarning):
        world = World({"extends": "plain", "name": "mine", "question": "?"} | wanted, rng=1, months=2, users=20)
    world.save(tmp_path / "saved")
    loaded = World.load(tmp_path / "saved")
    assert loaded.spec.notes == world.spec.notes != ()
    assert loaded.spec.warnings == world.spec.warnings != ()


def test_values_for_a_firm_that_an_earlier_file_took_out_are_told_with_their_cure():
    startups: dict[str, float] = {"twins": 3}
    world = {"extends": "dollar_paths", "name": "mine", "question": "?", "labs": {"startups": startups}}
    with pytest.warns(
        ScenarioWarning, match=r"labs.startups: has values in mine, but is absent: .*removes it; write abs"
    ):
        spec = load_scenario(world)
    assert "startups" not in {lab.name for lab in spec.groups["labs"]}
    startups["absent"] = False
    assert "startups" in {lab.name for lab in load_scenario(world).groups["labs"]}
    with pytest.warns(ScenarioWarning, match=r"labs.xai: has values in set, but is absent"):
        load_scenario("dollar_paths", {"labs.xai.staff": 3e6})


def test_an_inherited_event_is_moved_changed_and_dropped_by_its_name():
    changes = {"change.open_qwen.month": "2024-01", "change.open_deepseek.drop": True}
    events = {one.name: one for one in load_scenario("plain", changes).events}
    assert "open_deepseek" not in events
    event = events["open_qwen"]
    assert (event.name, event.month, event.text) == ("open_qwen", 12, "Alibaba gives the weights of Qwen away")
    (changed,) = (
        one for one in load_scenario("plain", {"change.open_qwen.value": 0}).events if one.name == "open_qwen"
    )
    assert changed.text == "labs.alibaba_qwen.open_weights becomes 0"  # the text told another value
