"""Dated events are edited by name, those of every scenario that ships, and edit lists of partners themselves."""

# ruff: noqa: E501 - sentences are compared whole, each on its line

import pytest

from watersellers import BadInput, load_scenario, run, scenario_names
from watersellers.experiments.loading.schema import calendar_month

EVENT = {"month": "2024-01", "what": "partners", "path": "cloud.aws.chips"}


def lists(*events, **more):
    doc = {"extends": "plain", "name": "mine", "question": "Mine?", "event": [EVENT | each for each in events]}
    return [event.names for event in load_scenario(doc | more).events if event.what == "partners"]


def apart(events):
    """Names of events in lists, in each of which no two change the same number; what changes a whole group is alone."""
    alone = [[event.name] for event in events if event.path.count(".") < 2]
    lists: list[dict[str, str]] = []
    for event in events:
        if event.path.count(".") == 2:
            free = next((each for each in lists if event.path not in each), None)
            if free is None:
                lists.append(free := {})
            free[event.path] = event.name
    return [*alone, *(list(each.values()) for each in lists)]


@pytest.mark.parametrize("name", scenario_names())
def test_each_event_of_a_scenario_that_ships_has_a_name_of_its_own(name):
    names = [event.name for event in load_scenario(name).events]
    assert all(names)
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("name", scenario_names())
def test_a_scenario_that_inherits_drops_and_moves_each_event_by_its_name(name):
    scenario = load_scenario(name)
    usual, last = {each.name: each for each in scenario.events}, scenario.months - 1
    doc = {"extends": name, "name": "mine", "question": "Mine?"}
    for edited in apart(usual.values()):
        left = load_scenario(doc | {"change": {event: {"drop": True} for event in edited}}).events
        assert {each.name for each in left} == set(usual) - set(edited)
        month = calendar_month(scenario.start, last)
        moved = load_scenario(doc | {"change": {event: {"month": month} for event in edited}}).events
        assert {each.name for each in moved if each.month == last} == set(edited)
        assert [each for each in moved if each.month != last] == [each for each in left if each.month != last]
        assert {each.name: each for each in left}.items() <= usual.items()


@pytest.mark.parametrize(
    ("entries", "names"),
    [
        (["+ascend"], ("nvidia", "amd", "ascend")),
        (["-amd"], ("nvidia",)),
        ("all", ("nvidia", "amd", "ascend")),
        (["all", "-nvidia"], ("amd", "ascend")),
        (["-amd", "+ascend"], ("nvidia", "ascend")),
        (["amd"], ("amd",)),
    ],
)
def test_an_event_edits_a_list_with_signs_as_a_scenario_does(entries, names):
    assert lists({"names": entries}) == [names]


def test_an_event_edits_the_list_that_earlier_events_have_left_whatever_their_order_in_the_file():
    later = {"month": "2024-06", "names": ["+ascend"]}
    assert lists(later, {"names": ["-amd"]}) == [("nvidia",), ("nvidia", "ascend")]
    changed = {"cloud": {"aws": {"chips": ["ascend"]}}}
    assert lists({"names": ["+amd"]}, **changed) == [("ascend", "amd")]


@pytest.mark.parametrize(
    ("events", "sentence"),
    [
        ([{"names": ["+amd"]}], "mine, event 1.names: found '+amd', but 'amd' is on the list already; leave it out"),
        ([{"names": ["-amd"]}, {"month": "2024-02", "names": ["-amd"]}], "mine, event 2.names: found '-amd', but 'amd' is not on the list; leave it out"),
        ([{"names": ["-ascned"]}], "mine, event 1.names: unknown firm 'ascned'. Did you mean 'ascend'?"),
        ([{"names": ["+ascend", "amd"]}], "mine, event 1.names: found ['+ascend', 'amd'], plain and signed names in one list; sign each of them, or none"),
        ([{"names": ["-amd", "-nvidia"]}], "mine, event 1.names: found ['-amd', '-nvidia'], which leaves no name, and an empty list means any of its region; write [] if that is meant"),
        ([{"path": "labs.deepseek.cloud", "names": ["+aws"]}], "mine, event 1.names: found ['+aws'], but deepseek has no list so far and may buy from any of its region; write the names themselves, or [\"all\", \"-name\"]"),
    ],
)  # fmt: skip
def test_an_impossible_edit_by_an_event_is_refused_with_its_cure(events, sentence):
    with pytest.raises(BadInput) as refused:
        lists(*events)
    assert str(refused.value).splitlines()[0] == sentence


@pytest.mark.parametrize(
    ("entries", "left"),
    [(["+ascend"], []), (["-amd", "+ascend"], [("nvidia",)]), (["all", "-ascend"], [("nvidia", "amd")])],
)
def test_a_firm_that_is_removed_goes_out_of_signed_lists_too(entries, left):
    base = {"extends": "plain", "name": "base", "question": "Base?", "event": [EVENT | {"names": entries}]}
    assert [one.names for one in load_scenario(base, {"remove": ["ascend"]}).events if one.what == "partners"] == left


def test_a_signed_event_is_the_plain_one_to_the_cent():
    doc = {"extends": "plain", "name": "mine", "question": "Mine?", "months": 4}
    signed, plain = ([EVENT | {"month": "2023-02", "names": each}] for each in (["-amd"], ["nvidia"]))
    digests = [run(doc | {"event": event}, users=50).manifest["digest"] for event in (signed, plain)]
    assert digests[0] == digests[1] != run(doc, users=50).manifest["digest"]
