"""What fits found stands where it is read: in the parameter table, or in a scenario of found numbers."""

import csv
from dataclasses import replace

import pytest

from tests.calibration.series import IN_TABLE, LAWS, OF_WORK, OLD_PATHS, SCENARIO, SERIES, TABLE
from watersellers import BadInput
from watersellers.experiments.calibration.fit import fit_path, load_fit, refuse_to_adopt, starting_point, values_in
from watersellers.experiments.calibration.fit_log import read_log
from watersellers.experiments.calibration.parameter_table_update import three_digits
from watersellers.experiments.calibration.scenario_update import adopt_into_scenario
from watersellers.experiments.calibration.search import best_step
from watersellers.experiments.loading.catalogue import builtin_catalogue
from watersellers.experiments.loading.loader import load_scenario
from watersellers.market.goods import CHAIN


@pytest.mark.parametrize("scenario", SERIES)
def test_a_scenario_holds_what_the_nearest_steps_of_its_logs_found(scenario):
    spec = load_scenario(scenario)
    for path, value in found(scenario).items():
        assert value in [*values_in(spec, path)], path


def found(scenario):
    """What the fits of a scenario found, by path; later ones over earlier ones."""
    last: dict[str, float] = {}
    for name in SERIES[scenario]:
        fit = load_fit(fit_path(name))
        nearest = best_step(read_log(fit_path(name).with_suffix(".csv"), fit)).point
        last |= {path: float(three_digits(nearest[free.name])) for free in fit.free for path in free.paths}
    return last


def test_a_number_of_the_table_that_says_it_is_calibrated_is_what_that_fit_found():
    with TABLE.open(encoding="utf-8", newline="") as lines:
        calibrated = {row["name"]: row for row in csv.DictReader(lines) if row["source"].startswith("calibrated")}
    of_fit = {}
    for name in IN_TABLE:
        fit = load_fit(fit_path(name))
        nearest = best_step(read_log(fit_path(name).with_suffix(".csv"), fit)).point
        for free in fit.free:
            value = float(three_digits(nearest[free.name]))
            for path in free.paths:
                of_fit[name, path] = of_fit[name, f"{path.split('.')[0]}.{path.split('.')[-1]}"] = value
    for row in calibrated.values():
        assert of_fit[row["source"].removeprefix("calibrated, "), row["name"]] == float(row["value"]), row


@pytest.mark.parametrize("name", [*(name for names in OF_WORK.values() for name in names), "whole_mansfield"])
def test_where_demand_follows_from_work_neither_a_firm_nor_a_path_in_time_is_fitted(name):
    fit = load_fit(fit_path(name))
    groups = load_scenario(fit.scenario).groups
    firms = {member.name for group in (*CHAIN, "owners") for member in groups[group]}
    for free in fit.free:
        for path in free.paths:
            assert not firms & set(path.split(".")), path
            assert not path.endswith(OLD_PATHS), path


@pytest.mark.parametrize("law", LAWS)
def test_a_law_of_adoption_is_at_work_in_its_scenario(law):
    segments = load_scenario(SCENARIO[law]).groups["work"]
    assert {type(segment.strategies["adoption"]).__name__.lower() for segment in segments} == {law}


@pytest.mark.parametrize("law", LAWS[1:])
def test_the_scenario_of_another_law_holds_nothing_but_what_its_fits_found(law):
    doc = builtin_catalogue().read(SCENARIO[law]).doc
    paths = found(SCENARIO[law])
    used = {".".join([*path.split(".")[:2], "use"]) for path in paths if as_written(path) != path}
    assert sorted(leaves(doc)) == sorted({*map(as_written, paths), *used, "extends"})


def leaves(doc, above=""):
    """The paths of all values of a scenario's file."""
    for key, value in doc.items():
        yield from leaves(value, f"{above}{key}.") if isinstance(value, dict) else (f"{above}{key}",)


def as_written(path):
    """The path of a strategy's number without the name of the strategy, which stands beside it in a file."""
    group, *rest = path.split(".")
    return ".".join([group, rest[0], rest[2]]) if len(rest) == 3 else path


@pytest.fixture
def own_scenarios(tmp_path):
    """A catalogue with a copy of the scenarios, into which a fit may write."""
    for file in builtin_catalogue().folder.glob("*.toml"):
        (tmp_path / file.name).write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
    return replace(builtin_catalogue(), folder=tmp_path)


def test_what_is_adopted_into_a_scenario_is_read_from_it_and_what_other_fits_found_is_kept(own_scenarios):
    fit = load_fit(fit_path("work_epidemic"))
    found = {free.name: free.at(0.4) for free in fit.free}
    adopt_into_scenario(fit, found, "plain_epidemic", own_scenarios)
    one = replace(fit, free=fit.free[:1])
    adopt_into_scenario(one, {one.free[0].name: one.free[0].at(0.9)}, "plain_epidemic", own_scenarios)
    spec = load_scenario("plain_epidemic", catalogue=own_scenarios)
    expected = found | {one.free[0].name: one.free[0].at(0.9)}
    for free in fit.free:
        for path in free.paths:
            assert set(values_in(spec, path)) == {float(three_digits(expected[free.name]))}, path
    written = own_scenarios.read("plain_epidemic").file.read_text(encoding="utf-8").splitlines()
    before = builtin_catalogue().read("plain_epidemic").file.read_text(encoding="utf-8").splitlines()
    assert written[:3] == before[:3]


def test_a_scenario_with_comments_of_its_own_is_never_written_over(own_scenarios):
    fit = load_fit(fit_path("work_probit"))
    file = own_scenarios.folder / "whole.toml"
    before = file.read_bytes()
    with pytest.raises(BadInput, match=r"into: found .*whole.toml, whose line 2 is .*, expected a sce"):
        adopt_into_scenario(fit, starting_point(fit), "whole", own_scenarios)
    assert file.read_bytes() == before


def test_what_is_found_for_another_world_never_lands_in_the_table_of_the_reference_world():
    with pytest.raises(BadInput, match="into: is missing; the parameter table has the numbers of 'plain'"):
        refuse_to_adopt(load_fit(fit_path("joint")))
    refuse_to_adopt(load_fit(fit_path("chain_mansfield")))
    refuse_to_adopt(load_fit(fit_path("chain_probit")))
