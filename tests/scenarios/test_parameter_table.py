"""The table of parameters: an error is reported with its line, and strategies have the numbers of the table."""

from dataclasses import fields

import pytest

from tests.scenarios.small_catalogue import MENUS, TABLE, refusal
from watersellers import BadInput, scenario_names
from watersellers.experiments.loading.catalogue import Catalogue, builtin_catalogue
from watersellers.experiments.loading.loader import load_scenario
from watersellers.experiments.loading.parameters import Parameters
from watersellers.experiments.loading.schema import Menus

# The parameter table


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("cloud.power_cost,USD,1,0,2,x,,", "line 18: cloud.power_cost has a row already; each number has one row"),
        ("clod.x,USD,1,0,2,x,,", "line 18: clod.x: unknown group 'clod'. Did you mean 'cloud'?"),
        ("cloud.x,,1,0,2,x,,", "line 18: cloud.x: has no unit; every number needs one"),
        ("cloud.x,USD,1,0,2,,,", "line 18: cloud.x: has no source; every number needs one"),
        ("cloud.x,USD,one,0,2,x,,", "line 18: cloud.x: value is 'one', expected a number"),
        ("cloud.x,USD,inf,0,inf,x,,", "line 18: cloud.x: value is 'inf', expected a finite number"),
        ("cloud.x,USD,3,0,2,x,,", "line 18: cloud.x: value 3 is outside its own range, 0 to 2"),
        ("cloud.x,USD,1,,2,x,,", "line 18: cloud.x: low is '', expected a number"),
        ("Cloud X,USD,1,0,2,x,,", "line 18: name 'Cloud X': expected 2 to 4 lower-case words joined by dots"),
        ("cloud.x,USD,1,0,2,x,,a,b", "line 18: 'cloud.x': expected 8 cells; put text with commas in quotes"),
    ],
)
def test_an_error_in_the_table_is_reported_with_its_line(tmp_path, row, sentence):
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


def test_a_default_that_differs_from_the_table_is_found(catalogue, tmp_path):
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
    assert drifted(builtin_catalogue().parameters, builtin_catalogue().menus) == []


def test_every_members_row_of_the_table_is_of_a_member_of_a_scenario_that_comes_along():
    groups = [load_scenario(name).groups for name in scenario_names()]
    there = {f"{group}.{each.name}" for one in groups for group, members in one.items() for each in members}
    strays = [
        row.name
        for row in builtin_catalogue().parameters.rows
        if row.name.count(".") == 2 and row.name.rpartition(".")[0] not in there
    ]
    assert strays == []
