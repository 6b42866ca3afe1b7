"""A scenario resolves as it is written, and whatever is wrong with one is said at once: where, what, and the cure.

The loader is held on a small catalogue of its own, so that no number of the reference world matters here; the
tests at the end hold what must be true of the catalogue that comes with Water Sellers.
"""

# ruff: noqa: E501 - sentences are compared whole, each on its line

from dataclasses import dataclass, fields, replace
from functools import cache
from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watersellers import BadInput, Size, synthetic
from watersellers.experiments.catalogue import Catalogue, ours
from watersellers.experiments.parameters import Parameters
from watersellers.experiments.scenario import lasting, load_scenario
from watersellers.experiments.scenario_text import text_of
from watersellers.experiments.schema import Menus
from watersellers.experiments.seen import can_be_seen


@dataclass(frozen=True)
class FollowUse:
    target: float = 0.75
    step: float = 0.15

    def __call__(self, seen: object, chance: object) -> float:
        return self.target


@dataclass(frozen=True)
class CostPlus:
    markup: float = 0.3

    def __call__(self, seen: object, chance: object) -> float:
        return self.markup


MENUS: Menus = {
    "chips": {"pricing": {"cost_plus": CostPlus, "follow_use": FollowUse}},
    "cloud": {"pricing": {"cost_plus": CostPlus, "follow_use": FollowUse}},
    "labs": {"pricing": {"cost_plus": CostPlus}},
}
TABLE = """\
name,unit,value,low,high,source,as_of,note
chips.lock_in,share,0.5,0,1,assumption,,worth of staying
chips.nvidia.lock_in,,0.9,,,assumption,,
cloud.power_cost,USD per GPU-hour,0.1,0,1,"EIA, table 5",2023-01,
cloud.aws.power_cost,,0.2,,,assumption,,
cloud.older_revenue,USD,0,0,1e9,assumption,,
cloud.aws.older_revenue,USD,9e9,0,1e12,assumption,,
chips.pricing.cost_plus.markup,share,0.3,0,2,assumption,,
chips.pricing.follow_use.target,share,0.75,0,1,assumption,,
chips.pricing.follow_use.step,share,0.15,0,1,assumption,,
cloud.pricing.cost_plus.markup,share,0.3,0,2,assumption,,
cloud.pricing.follow_use.target,share,0.75,0,1,assumption,,
cloud.pricing.follow_use.step,share,0.15,0,1,assumption,,
labs.pricing.cost_plus.markup,share,0.3,0,2,assumption,,
world.interest,share a year,0.05,0,1,assumption,,
users.west.population,people,3e8,1,2e9,assumption,,
users.china.population,people,1e9,1,2e9,assumption,,
"""
BASELINE = """\
# Who profits?
start = "2023-01"
months = 48
[chips]
pricing = "cost_plus"
[chips.nvidia]
key = 101
region = "west"
[cloud]
pricing = "follow_use"
[cloud.azure]
key = 202
region = "west"
enters = "2024-05"
founder = "venture_west"
pricing = {use = "follow_use", target = 0.8}
power_cost = 0.3
[cloud.aws]
key = 201
owner = "amazon"
region = "west"
enters = "2006-03"
chips = ["nvidia"]
[users.west]
key = 11
region = "west"
[users.china]
key = 12
region = "china"
[investors.venture_west]
key = 21
region = "west"
[[event]]
month = "2025-01"
what = "set"
path = "nvidia.lock_in"
value = 0
"""


@pytest.fixture
def catalogue(tmp_path):
    folder = tmp_path / "scenarios"
    folder.mkdir()
    (folder / "baseline.toml").write_text(BASELINE)
    (tmp_path / "parameters.csv").write_text(TABLE)
    return Catalogue(Parameters.load(tmp_path / "parameters.csv"), MENUS, folder)


def member(setting, group, name):
    return next(each for each in setting.groups[group] if each.name == name)


def write(catalogue, name, text):
    (catalogue.folder / f"{name}.toml").write_text(dedent(text))
    return name


def refusal(catalogue, scenario="baseline", settings=None, strategies=None):
    with pytest.raises(BadInput) as refused:
        load_scenario(scenario, settings, strategies, catalogue)
    return str(refused.value)


# What is resolved


def test_a_members_number_is_its_own_else_the_groups_else_the_tables(catalogue):
    write(
        catalogue,
        "dear",
        '# Dear power?\nextends = "baseline"\n[labs.x]\nkey = 301\nregion = "west"\npricing="cost_plus"',
    )
    setting = load_scenario("dear", {"cloud.older_revenue": 5.0}, catalogue=catalogue)
    assert member(setting, "cloud", "azure").numbers == {"power_cost": 0.3, "older_revenue": 5.0}
    assert member(setting, "cloud", "aws").numbers == {"power_cost": 0.2, "older_revenue": 5.0}
    assert member(setting, "chips", "nvidia").numbers == {"lock_in": 0.9}
    assert member(setting, "users", "china").numbers == {"population": 1e9}
    assert setting.numbers == {"interest": 0.05}
    assert (setting.scenario, setting.question, setting.months) == ("dear", "Dear power?", 48)


def test_members_stand_in_the_order_of_their_keys(catalogue):
    assert [each.name for each in load_scenario(catalogue=catalogue).groups["cloud"]] == ["aws", "azure"]


def test_an_entry_is_counted_from_the_start_and_one_before_it_is_there_already(catalogue):
    setting = load_scenario(catalogue=catalogue)
    assert (member(setting, "cloud", "azure").enters, member(setting, "cloud", "aws").enters) == (16, 0)


def test_who_is_described_as_written_and_owns_itself_unless_said_otherwise(catalogue):
    setting = load_scenario(catalogue=catalogue)
    aws, azure = member(setting, "cloud", "aws"), member(setting, "cloud", "azure")
    assert (aws.owner, azure.owner, azure.founder) == ("amazon", "azure", "venture_west")
    assert (aws.partners, azure.partners) == ({"chips": ("nvidia",)}, {})
    assert (aws.strategies, azure.strategies) == ({"pricing": FollowUse()}, {"pricing": FollowUse(target=0.8)})


def test_what_extends_says_wins_and_a_groups_value_reaches_members_that_said_otherwise(catalogue):
    write(
        catalogue,
        "mild",
        """\
        # What if power is cheap and everybody asks cost plus?
        extends = "baseline"
        [cloud]
        power_cost = 0.05
        pricing = "cost_plus"
        [cloud.aws]
        power_cost = 0.06
        """,
    )
    setting = load_scenario("mild", catalogue=catalogue)
    azure, aws = member(setting, "cloud", "azure"), member(setting, "cloud", "aws")
    assert (azure.numbers["power_cost"], aws.numbers["power_cost"]) == (0.05, 0.06)
    assert azure.strategies == aws.strategies == {"pricing": CostPlus()}
    assert (aws.owner, len(setting.events)) == ("amazon", 1)


def test_events_add_up_over_what_is_extended_in_the_order_of_their_months(catalogue):
    write(
        catalogue,
        "fades",
        """\
        # What if lock-in fades?
        extends = "baseline"
        [[event]]
        month = "2024-01"
        what = "set"
        path = "world.interest"
        value = 0.1
        text = "money gets dear"
        """,
    )
    events = load_scenario("fades", catalogue=catalogue).events
    assert [(event.month, event.path, event.value, event.text) for event in events] == [
        (12, "world.interest", 0.1, "money gets dear"),
        (24, "chips.nvidia.lock_in", 0.0, "chips.nvidia.lock_in becomes 0"),
    ]


def test_a_member_can_be_left_out(catalogue):
    setting = load_scenario(settings={"cloud.azure.absent": True}, catalogue=catalogue)
    assert [each.name for each in setting.groups["cloud"]] == ["aws"]


def test_with_a_member_goes_what_would_have_happened_to_it(tmp_path):
    told = load_scenario("baseline")
    assert any(event.path == "labs.deepseek.open_weights" for event in told.events)
    without = load_scenario("baseline", settings={"labs.deepseek.absent": True})
    assert [event.path for event in without.events] == ["labs.alibaba_qwen.open_weights"]
    said = '[[event]]\nmonth = "2024-05"\nwhat = "set"\npath = "labs.deepseek.open_weights"\nvalue = 1\n'
    mine = tmp_path / "mine.toml"
    mine.write_text(f'# Mine?\nextends = "baseline"\n[labs.deepseek]\nabsent = true\n{said}')
    with pytest.raises(BadInput, match=r"event 1.path: .*'deepseek' is absent in this scenario"):
        load_scenario(mine)


def test_a_file_extends_another_by_its_path(catalogue, tmp_path):
    (tmp_path / "mine.toml").write_text('# Mine?\nextends = "scenarios/baseline.toml"\nmonths = 7')
    setting = load_scenario(tmp_path / "mine.toml", catalogue=catalogue)
    assert (setting.scenario, setting.months, len(setting.groups["cloud"])) == ("mine", 7, 2)


def test_a_title_may_hold_any_text(catalogue):
    load_scenario(settings={"aws.title": "<script>alert(1)</script> [red]云"}, catalogue=catalogue)


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"cloud.pricing": "cost_plus"}, (CostPlus(), CostPlus())),
        ({"cloud.aws.pricing": "cost_plus"}, (CostPlus(), FollowUse(target=0.8))),
        ({"aws.pricing": {"use": "cost_plus", "markup": 1.0}}, (CostPlus(1.0), FollowUse(target=0.8))),
        ({"cloud.azure.pricing.step": 0.5}, (FollowUse(), FollowUse(0.8, 0.5))),
        ({"cloud.pricing.follow_use.target": 0.1}, (FollowUse(0.1), FollowUse(0.1))),
        ({"cloud.pricing": "cost_plus", "aws.pricing": "follow_use"}, (FollowUse(), CostPlus())),
        ({"aws.pricing": "follow_use", "cloud.pricing": "cost_plus"}, (FollowUse(), CostPlus())),
    ],
)
def test_a_setting_reaches_whom_its_path_names(catalogue, settings, expected):
    setting = load_scenario(settings=settings, catalogue=catalogue)
    assert tuple(member(setting, "cloud", name).strategies["pricing"] for name in ("aws", "azure")) == expected


def test_a_strategy_of_ones_own_is_used_for_one_firm_or_a_group(catalogue):
    own = CostPlus(markup=7.0)
    setting = load_scenario(strategies={"aws.pricing": own, "chips.pricing": own}, catalogue=catalogue)
    assert member(setting, "cloud", "aws").strategies["pricing"] is own
    assert member(setting, "chips", "nvidia").strategies["pricing"] is own
    assert member(setting, "cloud", "azure").strategies["pricing"] == FollowUse(target=0.8)


def test_a_loaded_scenario_is_taken_as_it_is(catalogue):
    setting = load_scenario(catalogue=catalogue)
    assert load_scenario(setting) is setting
    assert "loaded already" in refusal(catalogue, setting, {"months": 3})


# What is refused

START = 'extends = "baseline"'


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('[cloud.aws]\npricing = "cost_plsu"', "cloud.aws.pricing: unknown strategy 'cost_plsu'. Did you mean 'cost_plus'?"),
        ("[cloud.aws]\npowr_cost = 1", "cloud.aws.powr_cost: unknown key 'powr_cost'. Did you mean 'power_cost'?"),
        ("[cloud]\npowr_cost = 1", "cloud.powr_cost: unknown key 'powr_cost'. Did you mean 'power_cost'?"),
        ("[clowd]\npower_cost = 1", "clowd: unknown key 'clowd'. Did you mean 'cloud'?"),
        ("[world]\ninterst = 1", "world.interst: unknown key 'interst'. Did you mean 'interest'?"),
        ("[cloud.asw]\npower_cost = 1", "cloud.asw: lacks its key and its region, which a new member needs; write key = 203 and region = \"west\" or \"china\". Did you mean 'aws'?"),
        ('[cloud.neocloud]\nkey = 9', "cloud.neocloud: lacks its region, which a new member needs; write region = \"west\" or \"china\""),
        ('[cloud.neocloud]\nregion = "west"', "cloud.neocloud: lacks its key, which a new member needs; write key = 203"),
        ('[cloud.aws_2]\nregion = "west"', "cloud.aws_2: lacks its key, which a new member needs; write key = 203"),
        ("[cloud.azur]\n[cloud.zuse]\n[chips.x]\nkey = 203", "cloud.zuse: lacks its key and its region, which a new member needs; write key = 205 and region = \"west\" or \"china\""),
        ("[labs.x]", "labs.x: lacks its key and its region, which a new member needs; write key = 203 and region = \"west\" or \"china\""),
        ("[cloud.aws]\npower_cost = 1.5", "cloud.aws.power_cost: found 1.5, expected 0 to 1 USD per GPU-hour"),
        ("[cloud.azure]\nolder_revenue = 2e9", "cloud.azure.older_revenue: found 2000000000.0, expected 0 to 1e+09 USD"),
        ("[cloud]\npower_cost = nan", "cloud.power_cost: found nan, expected a finite number (USD per GPU-hour)"),
        ('[cloud]\npower_cost = "0.5"', "cloud.power_cost: found '0.5', expected a number (USD per GPU-hour)"),
        ("[cloud]\npower_cost = true", "cloud.power_cost: found True, expected a number (USD per GPU-hour)"),
        (
            '[cloud]\npricing = {use = "follow_use", target = 2}',
            "cloud.pricing.target: found 2, expected 0 to 1 share",
        ),
        (
            '[cloud.aws]\npricing = {use = "follow_use", targt = 1}',
            "cloud.aws.pricing.targt: unknown key 'targt'. Did you mean 'target'?",
        ),
        ("[cloud.aws]\npricing = {target = 1}", "cloud.aws.pricing: found {'target': 1}, expected a strategy's name or {use = \"name\"}"),
        ("[cloud.aws]\npricing = 3", "cloud.aws.pricing: found 3, expected a strategy's name or {use = \"name\"}"),
        ('[labs]\npricing = "lerner"', "labs.pricing: unknown strategy 'lerner'; expected one of cost_plus"),
        (
            '[cloud.aws]\npricing = "mine.Mine"',
            "cloud.aws.pricing: unknown strategy 'mine.Mine'; expected one of cost_plus, follow_use; one of your own is"
            " passed from a script, strategies={...}",
        ),
        ("months = 0", "months: found 0, expected at least 1"),
        ("months = 601", "months: found 601, expected at most 600"),
        ("months = 4.5", "months: found 4.5, expected a whole number"),
        ('start = "2023"', "start: found '2023', expected a month such as \"2024-05\""),
        ("cloud = 3", "cloud: found 3, expected a table"),
        ('[cloud.aws]\nregion = "eu"', "cloud.aws.region: found 'eu', expected 'west' or 'china'"),
        ('[cloud.aws]\nowner = "Ama<b>zon"', "cloud.aws.owner: found 'Ama<b>zon', expected lower-case letters, digits and _, a letter first"),
        (
            '[cloud."<b>x"]\nkey = 9\nregion = "west"',
            "cloud: found the name '<b>x', expected lower-case letters, digits and _, a letter first (other text goes into title)",
        ),
        ('[cloud.aws]\ntitle = ""', "cloud.aws.title: found '', expected a text that is not empty"),
        ("[cloud.aws]\nkey = 101", "cloud.aws.key: 101 is the key of chips.nvidia too; each needs its own"),
        ("[cloud.aws]\nkey = 1", "cloud.aws.key: found 1, expected at least 6"),
        ('[labs.aws]\nkey = 9\nregion = "west"\npricing = "cost_plus"', "labs.aws: cloud.aws has this name too; each needs its own"),
        ('[labs.lenders]\nkey = 9\nregion = "west"\npricing = "cost_plus"', "labs.lenders: 'lenders' is the name of an outside sector; give it another"),
        ('[labs.x]\nkey = 9\nregion = "west"', "labs.x.pricing: no strategy is chosen; expected one of cost_plus"),
        ('[cloud.aws]\nchips = ["nvdia"]', "cloud.aws.chips: unknown firm 'nvdia'. Did you mean 'nvidia'?"),
        ("[chips.nvidia]\nabsent = true", "cloud.aws.chips: 'nvidia' is absent in this scenario; name other partners"),
        ('[cloud.azure]\nfounder = "venture_wset"', "cloud.azure.founder: unknown investor 'venture_wset'. Did you mean 'venture_west'?"),
        ('[cloud.aws]\nenters = "2024-01"', "cloud.aws.founder: is missing; who enters later needs an investor that pays for it"),
        ("event = [3]", "event 1: found 3, expected a table"),
        ('[[event]]\nmonth = "2024-01"\nwhat = "st"', "event 1.what: unknown kind of event 'st'. Did you mean 'set'?"),
        ('[[event]]\nmonth = "2024-01"\nwhat = "set"\nvalue = 1', "event 1.path: is missing; a table of this kind needs it"),
        (
            '[[event]]\nmonth = "2024-01"\nwhat = "set"\npath = "chips.lock_im"\nvalue = 1',
            "event 1.path: chips.lock_im: unknown key 'lock_im'. Did you mean 'lock_in'?",
        ),
        (
            '[[event]]\nmonth = "2024-01"\nwhat = "set"\npath = "chips.lock_in"\nvalue = 3',
            "event 1.value: chips.lock_in: found 3.0, expected 0 to 1 share",
        ),
        (
            '[[event]]\nmonth = "2022-12"\nwhat = "set"\npath = "chips.lock_in"\nvalue = 1',
            "event 1.month: 2022-12 is before the start, 2023-01",
        ),
        (
            '[[event]]\nmonth = "2027-02"\nwhat = "set"\npath = "chips.lock_in"\nvalue = 1',
            "event 1.month: 2027-02 is after the last month, 2026-12; give it an earlier month, or write months = 50",
        ),
        (
            'months = 12\n[[event]]\nmonth = "2024-01"\nwhat = "set"\npath = "chips.lock_in"\nvalue = 1',
            "event 1.month: 2024-01 is after the last month, 2023-12; give it an earlier month, or write months = 13",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_in_a_file_is_said_with_its_place_and_its_cure(catalogue, text, sentence):
    write(catalogue, "wrong", f"# Wrong?\n{'' if text.startswith('event') else START}\n{text}")
    assert f"scenarios/wrong.toml, {sentence}" in refusal(catalogue, "wrong").splitlines()


def test_everything_wrong_is_said_at_once_also_in_what_is_extended(catalogue):
    write(catalogue, "first", f"# One?\n{START}\n[cloud]\npowr = 1\n[world]\ninterest = 2")
    write(catalogue, "second", '# Two?\nextends = "first"\nmonths = -1')
    assert refusal(catalogue, "second").splitlines() == [
        "scenarios/first.toml, world.interest: found 2, expected 0 to 1 share a year",
        "scenarios/first.toml, cloud.powr: unknown key 'powr'; expected one of older_revenue, power_cost, pricing",
        "scenarios/second.toml, months: found -1, expected at least 1",
    ]


def test_an_event_is_named_by_its_number_in_the_file_in_which_it_stands(catalogue):
    event = '[[event]]\nmonth = "2024-01"\nwhat = "set"\npath = "{}"\nvalue = 1\n'
    write(catalogue, "first", f"# One?\n{START}\n" + event.format("chips.lock_in") + event.format("chips.lok_in"))
    write(catalogue, "second", '# Two?\nextends = "first"\n' + event.format("clud.power_cost"))
    assert refusal(catalogue, "second").splitlines() == [
        "scenarios/first.toml, event 2.path: chips.lok_in: unknown key 'lok_in'. Did you mean 'lock_in'?",
        "scenarios/second.toml, event 1.path: clud.power_cost: unknown group or firm 'clud'. Did you mean 'cloud'?",
    ]


@pytest.mark.parametrize("given", [{"months": 12}, {"extends": "baseline", "months": 12}])
def test_a_run_that_is_shorter_than_its_scenario_does_not_reach_a_later_event(catalogue, given):
    if "extends" in given:
        setting = load_scenario(given, catalogue=catalogue)
    else:
        setting = load_scenario(settings=given, catalogue=catalogue)
    assert [event.month for event in setting.events] == [24]
    assert lasting(setting, None).events == ()
    assert lasting(setting, 25).events == setting.events
    file = catalogue.folder / "short.toml"
    file.write_text(text_of(setting, MENUS))
    assert load_scenario(file, catalogue=catalogue).events == ()


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
            "set, cloud.pricing.cost_plus.markup: nobody in cloud uses 'cost_plus' for pricing, so it would change"
            " nothing; used: ['follow_use']",
        ),
        ({"months": 10**9}, "set, months: found 1000000000, expected at most 600"),
        ({"azure.enters": "soon"}, "set, cloud.azure.enters: found 'soon', expected a month such as \"2024-05\""),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_setting_is_said(catalogue, settings, sentence):
    assert refusal(catalogue, settings=settings) == sentence


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("basline", "unknown scenario 'basline'. Did you mean 'baseline'? (a file's name ends in .toml)"),
        ("", "unknown scenario ''; expected one of baseline (a file's name ends in .toml)"),
        ("nowhere/x.toml", "nowhere/x.toml: there is no such file"),
    ],
)
def test_an_unknown_scenario_is_said(catalogue, name, sentence):
    assert refusal(catalogue, name) == sentence


def test_a_folder_in_the_place_of_a_file_is_said(catalogue, tmp_path):
    assert "found a folder, expected a regular file" in refusal(catalogue, tmp_path)


def test_what_does_not_parse_is_said_with_its_line(catalogue):
    write(catalogue, "torn", '# Torn?\nextends = "baseline"\n[cloud\n')
    assert refusal(catalogue, "torn").startswith("scenarios/torn.toml, line 3: does not parse as TOML: ")


def test_bytes_that_are_no_text_are_said(catalogue):
    (catalogue.folder / "bytes.toml").write_bytes(b"# \xff\xfe")
    assert "bytes.toml, line 1: found the byte 0xff, expected UTF-8; save it as UTF-8" in refusal(catalogue, "bytes")


@pytest.mark.parametrize("first", ['extends = "baseline"', "#", ""])
def test_the_question_comes_first(catalogue, first):
    write(catalogue, "mute", f"{first}\nmonths = 3\n")
    assert refusal(catalogue, "mute").endswith(
        f"line 1: found {first!r}, expected the question, as in '# What if ...?'"
    )


def test_scenarios_that_extend_each_other_in_a_circle_are_said(catalogue):
    for name, other in (("a", "b"), ("b", "c"), ("c", "a")):
        write(catalogue, name, f'# {name}?\nextends = "{other}"\n')
    way = " -> ".join(f"scenarios/{name}.toml" for name in "abca")
    assert refusal(catalogue, "a") == f"scenarios/c.toml, extends: goes in a circle: {way}"


def test_a_file_that_extends_itself_by_another_path_is_a_circle(catalogue, tmp_path):
    (tmp_path / "mine.toml").write_text(f'# Mine?\nextends = "../{tmp_path.name}/mine.toml"')
    assert "goes in a circle" in refusal(catalogue, tmp_path / "mine.toml")


def test_an_unknown_scenario_to_extend_is_said_with_who_extends_it(catalogue):
    write(catalogue, "lost", '# Lost?\nextends = "basline"\n')
    assert refusal(catalogue, "lost").startswith(
        "scenarios/lost.toml, extends: unknown scenario 'basline'. Did you mean"
    )


@dataclass
class Thawed:
    def __call__(self, seen: object, chance: object) -> float:
        return 0.0


@pytest.mark.parametrize("strategy", [3, FollowUse, Thawed(), len])
def test_a_strategy_of_ones_own_must_be_a_frozen_dataclass_that_can_be_called(catalogue, strategy):
    said = refusal(catalogue, strategies={"aws.pricing": strategy})
    assert said.startswith("strategies, aws.pricing: found ")
    assert "expected an object of a frozen dataclass with __call__(seen, chance)" in said


def test_a_strategy_of_ones_own_for_no_choice_is_said(catalogue):
    said = refusal(catalogue, strategies={"aws.prcing": FollowUse()})
    assert said == "strategies, aws.prcing: unknown choice of strategy 'prcing'. Did you mean 'pricing'?"


words = st.sampled_from(["cloud", "aws", "pricing", "target", "months", "event", "use", "follow_use", "key", "", "."])
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words | st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@given(doc=st.dictionaries(words | st.text(max_size=3), values, max_size=4))
def test_whatever_a_scenario_says_it_is_loaded_or_refused_in_sentences(tmp_path_factory, doc):
    assert "" not in _problems({"extends": "baseline", **doc}, {}, _small(tmp_path_factory))


@given(settings=st.dictionaries(st.lists(words | st.text(max_size=3), max_size=5).map(".".join), values, max_size=3))
def test_whatever_is_set_is_taken_or_refused_in_sentences(tmp_path_factory, settings):
    assert "" not in _problems("baseline", settings, _small(tmp_path_factory))


def _problems(scenario, settings, catalogue) -> list[str]:
    """Load a scenario and give what is wrong with it; anything raised but BadInput fails the test."""
    try:
        load_scenario(scenario, settings, catalogue=catalogue)
    except BadInput as refused:
        return refused.problems or [""]
    return []


def _small(tmp_path_factory) -> Catalogue:
    """Give the small catalogue, made once: Hypothesis takes no fixture that is made anew for each test."""
    return _made(tmp_path_factory.getbasetemp() / "small")


@cache
def _made(folder: Path) -> Catalogue:
    folder.mkdir()
    (folder / "baseline.toml").write_text(BASELINE)
    (folder / "parameters.csv").write_text(TABLE)
    return Catalogue(Parameters.load(folder / "parameters.csv"), MENUS, folder)


# What is written down


@given(
    question=st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1),
    told=st.text(max_size=20).filter(lambda text: not text or can_be_seen(text)),
    level=st.floats(0, 1),
)
def test_a_written_scenario_reads_back_as_the_same(tmp_path_factory, question, told, level):
    catalogue = _small(tmp_path_factory)
    before = load_scenario(settings={"cloud.power_cost": level, "aws.pricing.step": level}, catalogue=catalogue)
    event = replace(before.events[0], text=told or "something", value=level)
    before = replace(before, question=question.strip("#") or "?", events=(event,))
    file = tmp_path_factory.getbasetemp() / "again.toml"
    file.write_bytes(text_of(before, MENUS).encode())
    assert load_scenario(file, catalogue=catalogue) == replace(before, scenario="again")


def test_a_written_scenario_does_not_change_when_the_table_does(catalogue, tmp_path):
    before = load_scenario(catalogue=catalogue)
    (tmp_path / "kept.toml").write_text(text_of(before, MENUS))
    (tmp_path / "later.csv").write_text(TABLE.replace(",0.2,", ",0.7,").replace(",0.05,", ",0.5,"))
    later = Catalogue(Parameters.load(tmp_path / "later.csv"), MENUS, catalogue.folder)
    assert load_scenario(catalogue=later) != before
    assert load_scenario(tmp_path / "kept.toml", catalogue=later) == replace(before, scenario="kept")


def test_a_strategy_of_ones_own_is_named_in_the_text_and_asked_for_when_read(catalogue, tmp_path):
    setting = load_scenario(strategies={"aws.pricing": Steady()}, catalogue=catalogue)
    (tmp_path / "own.toml").write_text(text_of(setting, MENUS))
    assert "# pricing: tests.test_scenarios.Steady, passed from a script" in (tmp_path / "own.toml").read_text()
    assert "cloud.aws.pricing: no strategy is chosen" in refusal(catalogue, tmp_path / "own.toml")
    given = {"aws.pricing": Steady()}
    assert load_scenario(tmp_path / "own.toml", strategies=given, catalogue=catalogue).groups == setting.groups


@dataclass(frozen=True)
class Steady:
    """A strategy that is on no menu."""

    level: float = 1.0

    def __call__(self, seen: object, chance: object) -> float:
        return self.level


# The parameter table


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("cloud.power_cost,USD,1,0,2,x,,", "line 18: cloud.power_cost has a row already; a number has one"),
        ("clod.x,USD,1,0,2,x,,", "line 18: clod.x: unknown group 'clod'. Did you mean 'cloud'?"),
        ("cloud.x,,1,0,2,x,,", "line 18: cloud.x: has no unit; every number has one"),
        ("cloud.x,USD,1,0,2,,,", "line 18: cloud.x: has no source; every number has one"),
        ("cloud.x,USD,one,0,2,x,,", "line 18: cloud.x: value is 'one', expected a number"),
        ("cloud.x,USD,inf,0,inf,x,,", "line 18: cloud.x: value is 'inf', expected a finite number"),
        ("cloud.x,USD,3,0,2,x,,", "line 18: cloud.x: value 3 is outside its own range, 0 to 2"),
        ("cloud.x,USD,1,,2,x,,", "line 18: cloud.x: low is '', expected a number"),
        ("Cloud X,USD,1,0,2,x,,", "line 18: name 'Cloud X': expected 2 to 4 lower-case words joined by dots"),
        ("cloud.x,USD,1,0,2,x,,a,b", "line 18: 'cloud.x': expected 8 cells; put text with commas in quotes"),
    ],
)
def test_what_is_wrong_in_the_table_is_said_with_its_line(tmp_path, row, sentence):
    (tmp_path / "parameters.csv").write_text(TABLE + row + "\n")
    with pytest.raises(BadInput) as refused:
        Parameters.load(tmp_path / "parameters.csv")
    assert str(refused.value) == f"parameters.csv, {sentence}"


def test_a_number_may_not_have_the_name_of_a_choice_or_a_key(tmp_path):
    (tmp_path / "parameters.csv").write_text(TABLE + "cloud.pricing,USD,1,0,2,x,,\nlabs.region,USD,1,0,2,x,,\n")
    catalogue = Catalogue(Parameters.load(tmp_path / "parameters.csv"), MENUS, tmp_path)
    assert refusal(catalogue, {"months": 3}).splitlines() == [
        "parameters.csv: cloud.pricing is also a key or a choice of strategy; give the number another name",
        "parameters.csv: labs.region is also a key or a choice of strategy; give the number another name",
    ]


def test_the_table_is_searched_in_names_units_and_sources(catalogue):
    found = {word: [row.name for row in catalogue.parameters.search(word)] for word in ("LOCK", "eia", "people")}
    assert found == {
        "LOCK": ["chips.lock_in", "chips.nvidia.lock_in"],
        "eia": ["cloud.power_cost"],
        "people": ["users.west.population", "users.china.population"],
    }
    with pytest.raises(
        BadInput, match=r"no row has 'lokc_in' in its name, unit, source or note. Did you mean 'lock_in'\?"
    ):
        catalogue.parameters.search("lokc_in")


def test_units_and_ranges_go_out_as_a_schema(catalogue):
    number = catalogue.model.model_json_schema()["$defs"]["cloud"]["properties"]["power_cost"]
    assert (number["minimum"], number["maximum"], number["unit"], number["default"]) == (0, 1, "USD per GPU-hour", 0.1)


# Synthetic worlds


@pytest.mark.parametrize(
    "size", [Size(), Size(1, 1, 1, 1), Size(0, 0, 0, 0), Size(5, 3, 30, 200, partners=2, mixed=True)]
)
def test_a_synthetic_world_of_any_size_passes_the_same_checks(catalogue, size):
    setting = load_scenario(synthetic(size, catalogue=catalogue), catalogue=catalogue)
    assert [len(setting.groups[group]) for group in ("chips", "cloud", "labs", "apps")] == [
        size.chips,
        size.cloud,
        size.labs,
        size.apps,
    ]


def test_more_firms_leave_those_that_were_there_as_they_were(catalogue):
    few, many = (synthetic(Size(cloud=n), catalogue=catalogue)["cloud"] for n in (4, 40))
    assert few == {name: many[name] for name in few}
    assert len(many) > len(few)


def test_a_synthetic_world_follows_from_its_seed(catalogue):
    drawn = [synthetic(seed=seed, catalogue=catalogue)["cloud"] for seed in (1, 1, 2)]
    assert drawn[0] == drawn[1] != drawn[2]


def test_a_synthetic_firm_has_as_many_suppliers_as_asked_for(catalogue):
    world = synthetic(Size(chips=9, partners=2, china=0.0), catalogue=catalogue)
    assert all(len(set(firm["chips"])) == 2 for firm in world["cloud"].values() if isinstance(firm, dict))


@pytest.mark.parametrize("size", [Size(chips=-1), Size(apps=10**9), Size(china=1.5), Size(spread=-0.1)])
def test_a_size_that_is_none_is_said(catalogue, size):
    with pytest.raises(BadInput, match=r"size, \w+: found .*, expected 0 to "):
        synthetic(size, catalogue=catalogue)


# The catalogue that comes with Water Sellers


def drifted(parameters: Parameters, menus: Menus) -> list[str]:
    """Complain of strategies' numbers whose default is not the table's, or that have no row, and of rows of none."""
    complaints, seen = [], set()
    for group, slots in menus.items():
        for slot, menu in slots.items():
            for name, cls in menu.items():
                for field in fields(cls):
                    path = f"{group}.{slot}.{name}.{field.name}"
                    seen.add(path)
                    row = parameters.by_name.get(path)
                    if row is None or row.value != field.default:
                        complaints.append(f"{path}: {field.default} in the code, {row and row.value} in the table")
    return complaints + [row.name for row in parameters.rows if row.name.count(".") == 3 and row.name not in seen]


def test_a_drifted_strategy_is_seen(catalogue, tmp_path):
    assert drifted(catalogue.parameters, MENUS) == []
    changed = TABLE.replace("labs.pricing.cost_plus.markup,share,0.3", "labs.pricing.cost_plus.markup,share,0.4")
    changed = changed.replace("cloud.pricing.follow_use.step", "cloud.pricing.follow_use.stride")
    (tmp_path / "changed.csv").write_text(changed)
    assert drifted(Parameters.load(tmp_path / "changed.csv"), MENUS) == [
        "cloud.pricing.follow_use.step: 0.15 in the code, None in the table",
        "labs.pricing.cost_plus.markup: 0.3 in the code, 0.4 in the table",
        "cloud.pricing.follow_use.stride",
    ]


def test_strategies_have_the_tables_numbers():
    assert drifted(ours().parameters, ours().menus) == []


@pytest.mark.parametrize("name", ours().names())
def test_every_scenario_loads_and_reads_back(name, tmp_path):
    setting = load_scenario(name)
    (tmp_path / f"{name}.toml").write_text(text_of(setting, ours().menus))
    assert load_scenario(tmp_path / f"{name}.toml") == setting


def test_every_members_row_of_the_table_is_of_a_member_of_the_reference_world():
    setting = load_scenario()
    there = {f"{group}.{each.name}" for group, members in setting.groups.items() for each in members}
    strays = [
        row.name
        for row in ours().parameters.rows
        if row.name.count(".") == 2 and row.name.rpartition(".")[0] not in there
    ]
    assert strays == []
