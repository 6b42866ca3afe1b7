"""A scenario resolves as it is written: numbers, members, partners, and the order of events."""

import pytest

from tests.scenarios.small_catalogue import CostPlus, FollowUse, member, refusal, write
from watersellers import BadInput
from watersellers.experiments.loading.catalogue import builtin_catalogue
from watersellers.experiments.loading.loader import load_scenario, scenario_names
from watersellers.experiments.loading.scenario_source import source_of_mapping


def test_a_members_number_is_its_own_else_the_groups_else_the_tables(catalogue):
    write(
        catalogue,
        "dear",
        '# Dear power?\nextends = "baseline"\n[labs.x]\nkey = 301\nregion = "west"\npricing="cost_plus"',
    )
    spec = load_scenario("dear", {"cloud.older_revenue": 5.0}, catalogue=catalogue)
    assert member(spec, "cloud", "azure").numbers == {"power_cost": 0.3, "older_revenue": 5.0}
    assert member(spec, "cloud", "aws").numbers == {"power_cost": 0.2, "older_revenue": 5.0}
    assert member(spec, "chips", "nvidia").numbers == {"lock_in": 0.9}
    assert member(spec, "users", "china").numbers == {"population": 1e9}
    assert spec.numbers == {"interest": 0.05}
    assert (spec.scenario, spec.question, spec.months) == ("dear", "Dear power?", 48)


def test_members_stand_in_the_order_of_their_keys(catalogue):
    assert [each.name for each in load_scenario(catalogue=catalogue).groups["cloud"]] == ["aws", "azure"]


def test_an_entry_is_counted_from_the_start_and_one_before_it_is_there_already(catalogue):
    spec = load_scenario(catalogue=catalogue)
    assert (member(spec, "cloud", "azure").enters, member(spec, "cloud", "aws").enters) == (16, 0)


def test_members_are_as_written_and_own_themselves_unless_told_otherwise(catalogue):
    spec = load_scenario(catalogue=catalogue)
    aws, azure = member(spec, "cloud", "aws"), member(spec, "cloud", "azure")
    assert (aws.owner, azure.owner, azure.founder) == ("amazon", "azure", "venture_west")
    assert (aws.partners, azure.partners) == ({"chips": ("nvidia",)}, {})
    assert (aws.strategies, azure.strategies) == ({"pricing": FollowUse()}, {"pricing": FollowUse(target=0.8)})


def test_the_extending_file_wins_and_its_group_value_overrides_members_values(catalogue):
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
    spec = load_scenario("mild", catalogue=catalogue)
    azure, aws = member(spec, "cloud", "azure"), member(spec, "cloud", "aws")
    assert (azure.numbers["power_cost"], aws.numbers["power_cost"]) == (0.05, 0.06)
    assert azure.strategies == aws.strategies == {"pricing": CostPlus()}
    assert (aws.owner, len(spec.events)) == ("amazon", 1)


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
    spec = load_scenario(set={"cloud.azure.absent": True}, catalogue=catalogue)
    assert [each.name for each in spec.groups["cloud"]] == ["aws"]


def test_events_of_an_absent_member_are_dropped(tmp_path):
    baseline = load_scenario("plain")
    assert any(event.path == "labs.deepseek.open_weights" for event in baseline.events)
    without = load_scenario("plain", set={"labs.deepseek.absent": True})
    left = [event for event in baseline.events if event.path != "labs.deepseek.open_weights"]
    assert [event.path for event in without.events] == [event.path for event in left]
    change = '[[event]]\nmonth = "2024-05"\nwhat = "set"\npath = "labs.deepseek.open_weights"\nvalue = 1\n'
    mine = tmp_path / "mine.toml"
    mine.write_text(f'# Mine?\nextends = "plain"\n[labs.deepseek]\nabsent = true\n{change}')
    with pytest.raises(BadInput, match=r"event 1.path: .*'deepseek' is absent in this scenario"):
        load_scenario(mine)


def test_a_file_extends_another_by_its_path(catalogue, tmp_path):
    (tmp_path / "mine.toml").write_text('# Mine?\nextends = "scenarios/baseline.toml"\nmonths = 7')
    spec = load_scenario(tmp_path / "mine.toml", catalogue=catalogue)
    assert (spec.scenario, spec.months, len(spec.groups["cloud"])) == ("mine", 7, 2)


def test_a_title_may_hold_any_text(catalogue):
    load_scenario(set={"aws.title": "<script>alert(1)</script> [red]云"}, catalogue=catalogue)


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
def test_a_setting_reaches_the_members_its_path_names(catalogue, settings, expected):
    spec = load_scenario(set=settings, catalogue=catalogue)
    assert tuple(member(spec, "cloud", name).strategies["pricing"] for name in ("aws", "azure")) == expected


def test_a_strategy_of_ones_own_is_used_for_one_firm_or_a_group(catalogue):
    own = CostPlus(markup=7.0)
    spec = load_scenario(strategies={"aws.pricing": own, "chips.pricing": own}, catalogue=catalogue)
    assert member(spec, "cloud", "aws").strategies["pricing"] is own
    assert member(spec, "chips", "nvidia").strategies["pricing"] is own
    assert member(spec, "cloud", "azure").strategies["pricing"] == FollowUse(target=0.8)


def test_a_loaded_scenario_is_used_unchanged(catalogue):
    spec = load_scenario(catalogue=catalogue)
    assert load_scenario(spec) is spec
    assert "loaded already" in refusal(catalogue, spec, {"months": 3})


JOINED = {
    "power.toml": '# Power?\nextends = "baseline"\nmonths = 9\n[cloud]\npower_cost = 0.5\nsite_cost = 0.5',
    "site.toml": '# Site?\nextends = "baseline"\n[cloud]\nsite_cost = 0.75\n[cloud.aws]\npower_cost = 0.25',
    "both.toml": '# Both?\nextends = ["power.toml", "site.toml"]\n[cloud]\nstaff_share = 0.125',
    "other_way.toml": '# Both?\nextends = ["site.toml", "power.toml"]',
    "on_top.toml": '# More?\nextends = ["site.toml", "both.toml"]',
    "contrary.toml": '# More?\nextends = ["both.toml", "other_way.toml"]',
}


@pytest.fixture
def joined(tmp_path):
    for name, text in JOINED.items():
        (tmp_path / name).write_text(text)

    def numbers(name, cloud="aws"):
        member = next(each for each in load_scenario(tmp_path / name).groups["cloud"] if each.name == cloud)
        return tuple(member.numbers[number] for number in ("power_cost", "site_cost", "staff_share"))

    return numbers


def test_of_several_scenarios_that_one_extends_the_later_wins(joined, tmp_path):
    assert joined("both.toml") == (0.25, 0.75, 0.125)  # AWS's power and the site's cost are those of the second file
    assert joined("both.toml", "azure")[:2] == (0.5, 0.75)
    # a value for all clouds replaces that of a member in an earlier file
    assert joined("other_way.toml")[:2] == (0.5, 0.5)
    assert load_scenario(tmp_path / "both.toml").months == 9


def test_a_scenario_that_is_reached_twice_is_laid_once(joined):
    assert joined("on_top.toml") == joined("both.toml")  # site.toml stays after power.toml, as both.toml says


def test_all_that_an_earlier_one_extends_comes_before_what_a_later_one_adds():
    chain = builtin_catalogue().chain(source_of_mapping({"extends": ["rival_chips", "investing_labs"]}))
    order = ["plain", "scarce_chips", "rival_chips", "model_generations", "investing_labs", "scripted"]
    assert [each.name for each in chain] == order


def test_two_orders_that_contradict_each_other_are_refused(joined):
    with pytest.raises(BadInput, match=r"contrary\.toml, extends: found .*power\.toml.* in one order here"):
        joined("contrary.toml")


@pytest.mark.parametrize(
    ("written", "said"),
    {
        "[]": "expected a name in quotes, or a list of names",
        "3": "expected a name in quotes, or a list of names",
        '["plain", 3]': "expected a name in quotes, or a list of names",
        '["baseline", "baseline"]': "found 'baseline' twice; leave one out",
        '["baseline", "base"]': "unknown scenario 'base'. Did you mean 'baseline'",
        '["baseline", "mine.toml"]': r"goes in a circle: .*mine\.toml -> .*mine\.toml",
    }.items(),
)
def test_what_a_scenario_extends_is_refused_with_its_place(written, said, tmp_path):
    (tmp_path / "mine.toml").write_text(f"# Mine?\nextends = {written}")
    with pytest.raises(BadInput, match=rf"mine\.toml, extends: .*{said}"):
        load_scenario(tmp_path / "mine.toml")


@pytest.mark.parametrize("name", scenario_names())
def test_no_event_that_comes_with_water_sellers_tells_a_path_for_a_sentence(name):
    told = [event.text for event in load_scenario(name).events if event.path and event.path in event.text]
    assert told == []
