"""The benchmark is fair: all contenders do the same work, and one that chooses otherwise is not counted."""

import re
import shutil
import subprocess

import numpy as np
import polars as pl
import pytest

from tests.worlds.drawn_users import drawn
from watersellers import BadInput
from watersellers.experiments.benchmark.benchmark import (
    COMPILE,
    SOURCE,
    BenchmarkResult,
    BenchmarkSize,
    command_of,
    equivalent,
    exponent,
    measure_all,
    speeds,
)
from watersellers.experiments.benchmark.goals import goals
from watersellers.experiments.benchmark.round_robin import ContenderProcess, differs, measure
from watersellers.experiments.benchmark.timed_process import Region, load, save
from watersellers.experiments.cli.benchmark_tables import run_benchmark
from watersellers.viz.charts.speeds import speeds_chart

pytest.importorskip("numba")

PROGRAMS = sorted(file.stem for file in SOURCE.parent.glob("*.py") if "__main__" in file.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def measured():
    """A benchmark of a few users, with all contenders and the commands that start them."""
    return measure_all(BenchmarkSize(users=400, rounds=1, ladder=(100,), firms=(20,), threads=1))


@pytest.fixture
def work(tmp_path):
    """Users of two regions in a file; their own chance is not that of any contender."""
    save(tmp_path / "work.npz", [Region(*drawn(20_000, 20, seed=71)), Region(*drawn(8_000, 20, seed=72))])
    return tmp_path / "work.npz"


def test_the_work_in_a_file_is_the_work(work):
    ours, _ = load(work)
    rows, terms = drawn(20_000, 20, seed=71)
    assert all(
        (np.asarray(one) == two).all() for one, two in zip([*ours.rows, *ours.terms], [*rows, *terms], strict=True)
    )


def test_contenders_choose_alike_and_take_turns(work, tmp_path):
    contenders = [
        ContenderProcess("numpy", command_of("ours", work, "numpy", 2)),
        ContenderProcess("polars", command_of("polars_columns", work)),
    ]
    contenders += [ContenderProcess("objects", command_of("mesa_objects", work))]
    if compiler := shutil.which("gcc"):
        library = tmp_path / "users_month.so"
        subprocess.run([compiler, *COMPILE, "-o", library, SOURCE, "-lm"], check=True)
        contenders.append(ContenderProcess("C", command_of("c_kernel", work, library, 2)))
    measure(contenders, 1)
    assert set(equivalent(contenders).values()) == {""}
    assert [len(contender.answers) for contender in contenders] == [1] * len(contenders)
    assert contenders[2].users == 280  # a hundredth
    assert all(contender.speed > 0 for contender in contenders)


@pytest.mark.parametrize("program", PROGRAMS)
def test_each_contender_is_started_by_the_command_of_the_benchmark(program, measured):
    contenders = [*measured.users, *measured.economies, *measured.ladder, *measured.firms]
    started = [each for each in contenders if command_of(program)[1:] == each.command[1:3]]
    if program == "c_kernel" and not any(map(shutil.which, ("gcc", "clang", "cc"))):
        pytest.skip("there is no C compiler")
    assert started
    for contender in started:
        module = re.fullmatch("ModuleNotFoundError: No module named '(.+)'", contender.problem)
        if module and not module[1].startswith("watersellers"):
            pytest.skip(f"{module[1]} is not installed")
        assert (contender.problem, len(contender.answers)) == ("", 1)


def test_a_contender_that_chooses_otherwise_is_reported_and_not_drawn():
    first, second = (ContenderProcess(name, [], {"users": 1_000}, [{"seconds": 1.0}]) for name in ("one", "other"))
    first.seats, second.seats = [[5_000, 5_000]], [[4_000, 6_000]]
    assert differs(second, first) == "region 0, seat 0: share 0.40000 instead of 0.50000"
    assert not differs(first, first)
    found = BenchmarkResult([first, second], [], [], [], {}, {})
    assert speeds(found)["who"].to_list() == ["one"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("#!/bin/sh\necho hello\n", "answered 'hello', expected a line of JSON"),
        ("#!/bin/sh\necho 3\n", "answered '3', expected a line of JSON"),
        ("#!/bin/sh\necho '{\"users\": 1}'; echo gone >&2\n", "gone"),
        ("nothing that can be started", "can't be started: Exec format error"),
    ],
)
def test_a_program_that_is_no_contender_is_reported_with_its_problem(text, problem, tmp_path):
    file = tmp_path / "python"
    file.write_text(text)
    file.chmod(0o755)
    contender = ContenderProcess("nobody", [str(file)])
    measure([contender], 2)
    assert contender.problem == problem
    assert not contender.answers


def test_a_bench_of_impossible_extent_is_refused_before_it_begins(tmp_path):
    plain = tmp_path / "plain.txt"
    plain.write_text("")
    with pytest.raises(BadInput) as refused:
        run_benchmark(9, 10**9, None, plain, False)
    assert [problem.split(":")[0] for problem in refused.value.problems] == ["users", "rounds", "--peers"]
    pytest.importorskip("numba")
    with pytest.raises(BadInput, match=r"^threads: found 0, expected a whole number from 1 to 1024"):
        run_benchmark(1_000, 1, 0, None, False)


def test_a_missing_contender_is_reported_with_the_reason(work):
    contender = ContenderProcess("nobody", command_of("nobody", work))
    measure([contender], 1)
    assert "nobody" in contender.problem
    assert not contender.answers


def test_an_exponent_is_that_of_the_power():
    assert exponent([10, 100, 1_000], [3 * size**1.5 for size in (10, 100, 1_000)]) == pytest.approx(1.5)


def economy(name, users, seconds, kernel, firms=40):
    parts = {"kernel": kernel}
    facts = {"users": users, "firms": firms, "bytes_a_user": 41.0, "shuffle_do": 0.001}
    return ContenderProcess(name, [], facts, [{"seconds": seconds, "parts": parts, "peak_mb": 200.0}])


def test_goals_stand_beside_what_was_measured():
    months = [
        ContenderProcess(name, [], {"users": 1_000}, [{"seconds": each}])
        for name, each in (("numba, 2 threads", 1.0), ("C, 2 threads", 0.5))
    ]
    for contender in months:
        contender.seats = [[500, 500]]
    ladder = [economy("a", 10_000, 0.2, 0.1), economy("b", 100_000, 1.1, 1.0)]
    found = BenchmarkResult(
        months,
        [economy("ours", 1_000, 0.5, 0.1), ContenderProcess("BAM Engine", [], problem="not there")],
        ladder,
        [],
        {"run": [2.0], "imports": [1.0]},
        {},
    )
    held = {goal.asked: goal for goal in goals(found)}
    assert (held["kernel at least 0.6 of C"].found, held["kernel at least 0.6 of C"].met) == ("0.5", False)
    assert held["500 times Mesa objects"].met is None
    assert held["at most 64 bytes per user"].met
    assert held["firms' month at most 200 empty shuffle_do"].found == "100"
    assert held["outside the kernel no longer than C"].met
    assert held["a first month at most 3 times the imports"].met


def test_bars_say_who_is_fastest():
    chart = speeds_chart(pl.DataFrame([("numba", 4e7), ("numpy", 3e6)], schema=["who", "users a second"], orient="row"))
    assert chart.summary == "numba computes most, 40 m; numpy least, 3 m."
    assert chart.data.rows[0] == ["numba", "40,000,000"]
    assert "</svg>" in chart.svg
