"""A scenario that is written down reads back as the same, even where the table of parameters has changed."""

from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.scenarios.small_catalogue import MENUS, TABLE, refusal, small_catalogue
from watersellers.experiments.input.printable_text import is_visible
from watersellers.experiments.loading.catalogue import Catalogue, builtin_catalogue
from watersellers.experiments.loading.loader import load_scenario
from watersellers.experiments.loading.parameters import Parameters
from watersellers.experiments.loading.writer import scenario_toml


@given(
    question=st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1),
    told=st.text(max_size=20).filter(lambda text: not text or is_visible(text)),
    level=st.floats(0, 1),
)
def test_a_written_scenario_reads_back_as_the_same(tmp_path_factory, question, told, level):
    catalogue = small_catalogue(tmp_path_factory)
    before = load_scenario(set={"cloud.power_cost": level, "aws.pricing.step": level}, catalogue=catalogue)
    event = replace(before.events[0], text=told or "something", value=level)
    before = replace(before, question=question.strip("#") or "?", events=(event,))
    file = tmp_path_factory.getbasetemp() / "again.toml"
    file.write_bytes(scenario_toml(before, MENUS).encode())
    assert load_scenario(file, catalogue=catalogue) == replace(before, scenario="again")


def test_a_written_scenario_does_not_change_when_the_table_does(catalogue, tmp_path):
    before = load_scenario(catalogue=catalogue)
    (tmp_path / "kept.toml").write_text(scenario_toml(before, MENUS))
    (tmp_path / "later.csv").write_text(TABLE.replace(",0.2,", ",0.7,").replace(",0.05,", ",0.5,"))
    later = Catalogue(Parameters.load(tmp_path / "later.csv"), MENUS, catalogue.folder)
    assert load_scenario(catalogue=later) != before
    assert load_scenario(tmp_path / "kept.toml", catalogue=later) == replace(before, scenario="kept")


def test_a_strategy_of_ones_own_is_named_in_the_text_and_asked_for_when_read(catalogue, tmp_path):
    spec = load_scenario(strategies={"aws.pricing": Steady()}, catalogue=catalogue)
    (tmp_path / "own.toml").write_text(scenario_toml(spec, MENUS))
    assert (
        "# pricing: tests.scenarios.test_scenarios_written.Steady, passed from a script"
        in (tmp_path / "own.toml").read_text()
    )
    assert "cloud.aws.pricing: no strategy is chosen" in refusal(catalogue, tmp_path / "own.toml")
    given = {"aws.pricing": Steady()}
    assert load_scenario(tmp_path / "own.toml", strategies=given, catalogue=catalogue).groups == spec.groups


@dataclass(frozen=True)
class Steady:
    """A strategy that is on no menu."""

    level: float = 1.0

    def __call__(self, seen: object, chance: object) -> float:
        return self.level


@pytest.mark.parametrize("name", builtin_catalogue().names())
def test_every_scenario_loads_and_reads_back(name, tmp_path):
    spec = load_scenario(name)
    (tmp_path / f"{name}.toml").write_text(scenario_toml(spec, builtin_catalogue().menus))
    assert load_scenario(tmp_path / f"{name}.toml") == spec
