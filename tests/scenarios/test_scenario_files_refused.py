"""All errors in a scenario file are reported at once: place, value, and cure."""

# ruff: noqa: E501 - sentences are compared whole, each on its line

import pytest

from tests.scenarios.small_catalogue import MENUS, refusal, write
from watersellers.experiments.loading.loader import load_scenario, with_length
from watersellers.experiments.loading.writer import scenario_toml

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
            "cloud.aws.pricing: unknown strategy 'mine.Mine'; expected one of cost_plus, follow_use; one of"
            " your own is named module:Name",
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
        ("[chips.nvidia]\nabsent = true", 'cloud.aws.chips: \'nvidia\' is absent in this scenario; name other partners, or write remove = ["nvidia"] in place of absent = true: that shortens all lists'),
        ('[cloud.azure]\nfounder = "venture_wset"', "cloud.azure.founder: unknown investor 'venture_wset'. Did you mean 'venture_west'?"),
        ('[cloud.aws]\nolder_revenue = 0\nenters = "2024-01"', "cloud.aws.founder: is missing; a firm that enters later needs an investor that pays for it"),
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
def test_an_error_in_a_file_is_reported_with_its_place_and_its_cure(catalogue, text, sentence):
    write(catalogue, "wrong", f"# Wrong?\n{'' if text.startswith('event') else START}\n{text}")
    assert f"scenarios/wrong.toml, {sentence}" in refusal(catalogue, "wrong").splitlines()


def test_all_errors_are_reported_at_once_also_those_in_extended_files(catalogue):
    write(catalogue, "first", f"# One?\n{START}\n[cloud]\npowr = 1\n[world]\ninterest = 2")
    write(catalogue, "second", '# Two?\nextends = "first"\nmonths = -1')
    assert refusal(catalogue, "second").splitlines() == [
        "scenarios/first.toml, world.interest: found 2, expected 0 to 1 share a year",
        "scenarios/first.toml, cloud.powr: unknown key 'powr'; expected one of chips, older_revenue, power_cost, pricing",
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
        spec = load_scenario(given, catalogue=catalogue)
    else:
        spec = load_scenario(set=given, catalogue=catalogue)
    assert [event.month for event in spec.events] == [24]
    assert with_length(spec, None).events == ()
    assert with_length(spec, 25).events == spec.events
    file = catalogue.folder / "short.toml"
    file.write_text(scenario_toml(spec, MENUS))
    assert load_scenario(file, catalogue=catalogue).events == ()


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("basline", "unknown scenario 'basline'. Did you mean 'baseline'? (a file's name ends in .toml)"),
        ("", "unknown scenario ''; expected one of baseline (a file's name ends in .toml)"),
        ("nowhere/x.toml", "nowhere/x.toml: there is no such file"),
    ],
)
def test_an_unknown_scenario_is_refused(catalogue, name, sentence):
    assert refusal(catalogue, name) == sentence


def test_a_folder_instead_of_a_file_is_refused(catalogue, tmp_path):
    assert "found a folder, expected a regular file" in refusal(catalogue, tmp_path)


def test_a_parse_error_is_reported_with_its_line(catalogue):
    write(catalogue, "torn", '# Torn?\nextends = "baseline"\n[cloud\n')
    assert refusal(catalogue, "torn").startswith("scenarios/torn.toml, line 3: does not parse as TOML: ")


def test_bytes_that_are_no_text_are_refused(catalogue):
    (catalogue.folder / "bytes.toml").write_bytes(b"# \xff\xfe")
    assert "bytes.toml, line 1: found the byte 0xff, expected UTF-8; save it as UTF-8" in refusal(catalogue, "bytes")


@pytest.mark.parametrize("first", ['extends = "baseline"', "#", ""])
def test_the_question_comes_first(catalogue, first):
    write(catalogue, "mute", f"{first}\nmonths = 3\n")
    assert refusal(catalogue, "mute").endswith(
        f"line 1: found {first!r}, expected the question, as in '# What if ...?'"
    )


def test_scenarios_that_extend_each_other_in_a_circle_are_refused(catalogue):
    for name, other in (("a", "b"), ("b", "c"), ("c", "a")):
        write(catalogue, name, f'# {name}?\nextends = "{other}"\n')
    way = " -> ".join(f"scenarios/{name}.toml" for name in "abca")
    assert refusal(catalogue, "a") == f"scenarios/c.toml, extends: goes in a circle: {way}"


def test_a_file_that_extends_itself_by_another_path_is_a_circle(catalogue, tmp_path):
    (tmp_path / "mine.toml").write_text(f'# Mine?\nextends = "../{tmp_path.name}/mine.toml"')
    assert "goes in a circle" in refusal(catalogue, tmp_path / "mine.toml")


def test_an_unknown_extended_scenario_is_refused_with_the_file_that_extends_it(catalogue):
    write(catalogue, "lost", '# Lost?\nextends = "basline"\n')
    assert refusal(catalogue, "lost").startswith(
        "scenarios/lost.toml, extends: unknown scenario 'basline'. Did you mean"
    )
