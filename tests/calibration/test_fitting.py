"""Fits: free numbers and targets are data, every step is logged, and the table holds what the log found."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tests.calibration.series import EVERY, TABLE
from watersellers import BadInput
from watersellers.experiments.analysis.targets import targets
from watersellers.experiments.calibration.descent import DAMPING, descent_points, identify, nudged_points, slopes
from watersellers.experiments.calibration.fit import (
    FARTHEST,
    distance,
    fit_path,
    load_fit,
    loss,
    settings,
    starting_point,
)
from watersellers.experiments.calibration.fit_file import row_of
from watersellers.experiments.calibration.fit_log import DESCENT, DESIGN, SEARCH, Step, append_steps, read_log
from watersellers.experiments.calibration.parameter_table_update import adopt, three_digits
from watersellers.experiments.calibration.search import best_step, design_points, propose_points, rounds_in_vain
from watersellers.experiments.loading.catalogue import builtin_catalogue
from watersellers.experiments.loading.loader import load_scenario
from watersellers.experiments.loading.parameters import Parameters


@pytest.fixture(scope="module")
def fit():
    return load_fit(fit_path("upstream"))


def exact(fit):
    return {each.target: each.value for each in fit.targets}


def off_by(fit, distances):
    """Figures so many tolerances from the targets that are flows; the rest are exact."""
    rooms = {each.target: 0.25 * abs(each.value) for each in fit.targets if each.kind == "flow"}
    return exact(fit) | {
        each.target: each.value + off * rooms[each.target]
        for each, off in zip(fit.targets, distances, strict=True)
        if each.target in rooms
    }


def test_on_every_target_nothing_is_lost_and_just_inside_all_of_them_log_two(fit):
    assert loss(exact(fit), fit) == 0
    flows = replace(fit, layers=("apps",))
    just = {each.target: each.value * (2.0 if each.kind == "small" else 1.25) for each in flows.targets}
    assert loss(just, flows) == pytest.approx(np.log(2))


def test_distance_is_measured_in_tolerances_and_capped():
    target = next(each for each in targets() if each.kind == "flow" and each.value > 0)
    small = next(each for each in targets() if each.kind == "small")
    margin = next(each for each in targets() if each.kind == "margin")
    assert distance(target, 1.25 * target.value) == pytest.approx(1)
    assert distance(small, small.value / 2) == pytest.approx(-1)
    assert distance(margin, margin.value + 0.10) == pytest.approx(2)
    assert distance(target, 100 * target.value) == FARTHEST
    assert distance(small, -small.value) == -FARTHEST
    assert distance(small, None) == FARTHEST


@pytest.mark.parametrize("name", EVERY)
def test_a_fit_frees_numbers_that_there_are_inside_the_ranges_of_the_table(name):
    fit = load_fit(fit_path(name))
    start = starting_point(fit)
    assert set(start) == {free.name for free in fit.free}
    for free in fit.free:
        assert free.low <= start[free.name] <= free.high
        for path in free.paths:
            row = row_of(path, builtin_catalogue())
            assert row is not None, path
            assert row.low <= free.low < free.high <= row.high, path
    load_scenario(fit.scenario, settings(fit, start))  # every path is one


def test_no_fit_asks_for_a_figure_of_a_whole_company_or_frees_a_margin(fit):
    assert {each.scope for each in fit.targets} == {"ai"}
    units = {row.name: row.unit for row in Parameters.load().rows}
    for name in EVERY:
        for free in load_fit(fit_path(name)).free:
            words = {*units.get(free.paths[0], "").split(), *free.paths[0].split(".")}
            assert not {"margin", "markup", "profit"} & words, free


def test_the_design_fills_the_ranges_evenly_and_is_the_same_for_a_seed(fit):
    pytest.importorskip("scipy")
    points = design_points(replace(fit, design=16))
    assert points == design_points(replace(fit, design=16)) != design_points(replace(fit, design=16, seed=9))
    for free in fit.free:
        shares = sorted(free.share(point[free.name]) for point in points)
        assert all(0 <= share <= 1 for share in shares)
        if not free.whole:
            assert [int(16 * share) for share in shares] == list(range(16)), free.name


def test_a_descent_finds_the_way_where_figures_move_in_proportion(fit):
    """Distances that are a straight function of the numbers: one round comes near where they are least."""
    rng = np.random.Generator(np.random.PCG64(3))
    flows = np.array([each.kind == "flow" for each in fit.targets])
    effects = rng.normal(size=(len(fit.targets), len(fit.free))) * flows[:, None]
    goal = rng.uniform(0.3, 0.7, len(fit.free))

    def figures(point):
        shares = np.array([free.share(point[free.name]) for free in fit.free])
        return off_by(fit, effects @ (shares - goal))

    point = {free.name: free.at(0.5) for free in fit.free}
    seen = slopes(fit, point, figures(point), [(other, figures(other)) for other in nudged_points(fit, point)])
    assert np.allclose(seen.effects[flows], effects[flows])
    after = [loss(figures(there), fit) for there in descent_points(fit, seen)]
    assert len(after) == len(DAMPING)
    assert min(after) < 0.1 * loss(figures(point), fit)


def test_after_a_round_in_vain_steps_are_shorter(fit):
    rng = np.random.Generator(np.random.PCG64(4))
    point = {free.name: free.at(0.5) for free in fit.free}
    moved = [(other, off_by(fit, rng.normal(size=len(fit.targets)))) for other in nudged_points(fit, point)]
    seen = slopes(fit, point, off_by(fit, rng.normal(size=len(fit.targets))), moved)

    def lengths(harder):
        points = descent_points(fit, seen, harder)
        return [sum(abs(free.share(there[free.name]) - 0.5) for free in fit.free) for there in points]

    assert all(short < long for short, long in zip(lengths(10.0), lengths(1.0), strict=True))
    made = [Step(DESCENT, loss, 1, 1, 1, point) for loss in (0.9, 0.8, 0.85, 0.9, *[0.95] * 8)]
    assert [rounds_in_vain(made[:count]) for count in (4, 8, 12)] == [0, 1, 2]
    assert rounds_in_vain([Step(DESIGN, 0.5, 1, 1, 1, point), *made[:4]]) == 1


def test_collinear_and_ineffective_numbers_are_reported(fit):
    effects = np.eye(len(fit.targets))[:, : len(fit.free)] * 5
    effects[:, 1] = effects[:, 0] * 0.5  # the second does what the first does
    effects[:, 2] = 0  # the third does nothing
    point = {free.name: free.at(0.5) for free in fit.free}
    at = replace(
        slopes(fit, point, exact(fit), [(other, exact(fit)) for other in nudged_points(fit, point)]), effects=effects
    )
    known = identify(fit, at)
    names = [free.name for free in fit.free]
    assert known.confused == [tuple(sorted(names[:2]))]
    assert known.unseen == [names[2]]
    assert known.seen == len(names) - 2


def test_a_log_gives_back_every_step_and_belongs_to_its_fit(fit, tmp_path):
    file = tmp_path / "log.csv"
    steps = [Step(DESIGN, 0.5, 1, 2, 3, starting_point(fit)), Step(DESCENT, 0.25, 3, 2, 1, starting_point(fit))]
    append_steps(file, fit, steps[:1])
    append_steps(file, fit, steps)
    read = read_log(file, fit)
    assert [(step.how, step.loss, step.outside) for step in read] == [(DESIGN, 0.5, 3), (DESCENT, 0.25, 1)]
    assert best_step(read) == read[1]
    with pytest.raises(BadInput, match=r"line 1: found the column .*: this is no log of this fit"):
        read_log(file, replace(fit, free=fit.free[1:]))


def test_what_is_proposed_lies_in_the_ranges_and_is_the_same_for_the_same_steps(fit):
    pytest.importorskip("cmaes")
    done = [Step(DESIGN, 1.0, 1, 1, 1, starting_point(fit))]
    points = propose_points(fit, done, 3)
    assert points == propose_points(fit, done, 3)
    assert len(points) == 3
    for point in points:
        assert all(free.low <= point[free.name] <= free.high for free in fit.free)
    rest = propose_points(fit, [*done, *(Step(SEARCH, 1.0, 1, 1, 1, point) for point in points)], 10**6)
    assert [*points, *rest] == propose_points(fit, done, 10**6)  # a generation goes on where the log stops


def test_the_search_learns_where_losses_fall(fit):
    """A bowl around a point off the start, and a ridge that the numbers share."""
    pytest.importorskip("cmaes")

    def loss_at(point: Any) -> float:
        shares = np.array([free.share(point[free.name]) for free in fit.free])
        return float(((shares - 0.7) ** 2).sum() + 10 * (shares.sum() - 0.7 * len(shares)) ** 2)

    done = [Step(DESIGN, loss_at(point := starting_point(fit)), 1, 1, 1, point)]
    for _ in range(60):
        done += [Step(SEARCH, loss_at(point), 1, 1, 1, point) for point in propose_points(fit, done, 10**6)]
    assert best_step(done).loss < 0.05 * done[0].loss


def test_what_is_adopted_stands_in_the_table_with_its_source(fit, tmp_path):
    table = tmp_path / "parameters.csv"
    table.write_text(TABLE.read_text(encoding="utf-8"), encoding="utf-8")
    before = Parameters.load(table)
    point = dict(starting_point(fit)) | {"chips.unit_cost": 7777.7, "own_use_middle": 22.25}
    adopt(fit, point, "upstream", table)
    after = Parameters.load(table)
    cost = after.by_name["chips.unit_cost"]
    assert (cost.value, cost.source) == (7780, "calibrated, upstream")
    assert after.by_name["world.own_use_middle"].value == after.by_name["enterprises.middle"].value == 22.2
    assert [row.name for row in after.rows] == [row.name for row in before.rows]
    assert three_digits(1234567.0) == "1230000"


def test_a_fit_starts_from_the_numbers_of_its_scenario(fit):
    priced = replace(fit, fixed={"chips.unit_cost": 6543.0})
    assert starting_point(priced)["chips.unit_cost"] == 6543
    work = load_fit(fit_path("chain_mansfield"))
    segment = load_scenario(work.scenario).groups["work"][0]
    assert starting_point(work)["work.tokens_an_hour"] == pytest.approx(segment.numbers["tokens_an_hour"])


def test_a_fit_starts_from_the_worlds_numbers_of_its_scenario():
    whole = load_fit(fit_path("whole_mansfield"))
    assert starting_point(whole)["world.foundry_pace"] == load_scenario(whole.scenario).numbers["foundry_pace"]
