"""The data dictionary: every column of every table is in it, and nothing else; types, units and nulls are as said."""

import json
from collections.abc import Iterator
from dataclasses import asdict, fields, replace
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tests.tools.unmade_sweeps import pretended
from tests.worlds.rough import ROUGH
from tests.worlds.turbulence import TURBULENT
from watersellers import Result, Sweep, run
from watersellers.experiments.__main__ import main
from watersellers.experiments.analysis.comparison import steps, two_worlds
from watersellers.experiments.analysis.decomposition.causes import load_causes
from watersellers.experiments.analysis.decomposition.decompose import Decomposition
from watersellers.experiments.analysis.money_trace import follow_money, resting_by_year, stopped_by_year, through_pools
from watersellers.experiments.analysis.targets import targets
from watersellers.experiments.analysis.validation import TargetResult, score
from watersellers.experiments.analysis.verdicts import Verdict
from watersellers.experiments.analysis.windows import Period
from watersellers.experiments.benchmark.goals import Goal
from watersellers.experiments.cli.decomposition_tables import facts_of
from watersellers.experiments.cli.run_tables import run_facts
from watersellers.experiments.saving.data_dictionary import TYPES, columns_of, data_dictionary, meaning_of
from watersellers.experiments.sweeps.admission import Ways
from watersellers.experiments.sweeps.analysis.bands import bands, convergence, quantiles_by
from watersellers.experiments.sweeps.analysis.phases import phases
from watersellers.experiments.sweeps.analysis.sensitivity import sensitivity
from watersellers.experiments.sweeps.calibration import nearest_points
from watersellers.experiments.sweeps.study.schema import Target
from watersellers.market.goods import CHAIN

LEVELS = ("lowest", "low", "median", "high", "highest")
LOCK, SEATS = "chips.nvidia.lock_in", "apps.seat_elasticity"
DESIGN_FOR: dict[str, dict[str, Any]] = {
    "sobol": {"kind": "saltelli", "points": 32, "second_order": True},
    "morris": {"kind": "morris", "trajectories": 8},
    "pawn": {"kind": "latin_hypercube", "points": 64},
    "rbd_fast": {"kind": "latin_hypercube", "points": 65},
}
NO_WORLD_HAS = {  # nulls that are explained and that none of the worlds below has
    *("firms.price", "markets.price", "layers.share_of_positive_profit", "trace.resting.{year}"),
    *("enough.needed", "sweep.measures.value", "map.cells.margin", "adoption.horizon", "adoption.tokens_per_hour"),
    *(f"sensitivity.{method}.needed" for method in DESIGN_FOR),
    *("statistics.operating_margin", *(f"{table}.{level}" for table in ("bands", "quantiles_by") for level in LEVELS)),
}


@cache
def results() -> list[Result]:
    work = run("baseline", months=5, users=80)  # in which enterprises hand work over
    return [run(TURBULENT, seed=5, users=80), run(str(ROUGH), seed=1, months=14, users=80), work]


@cache
def frames() -> dict[str, list[pl.DataFrame]]:
    """Every table of the Python API, from worlds in which everything is on."""
    found: dict[str, list[pl.DataFrame]] = {}
    for result in results():
        for name, frame in tables_of(result):
            found.setdefault(name, []).append(frame)
    compared = two_worlds.compare(str(ROUGH), TURBULENT, seeds=2, months=3, users=50, workers=1)
    found |= {f"compare.{name}": [getattr(compared, name)] for name in ("layers", "firms", "months")}
    stepped = steps.compare_steps("plain", "all_systems", seeds=2, months=2, users=20, workers=1)
    found |= {f"compare.{name}": [getattr(stepped, name)] for name in ("path", "steps")}
    found["validate.score"] = [score([TargetResult(targets()[0], 1.0, 1.0, 1.0, "inside", 1)])]
    return found


def tables_of(result: Result) -> Iterator[tuple[str, pl.DataFrame]]:
    yield from result.frames().items()
    yield "companies", result.companies
    yield from (("segments", result.segments), ("statistics", result.statistics))
    for firm in ("openai", "nvidia", "users_west", "bing_search"):
        if firm in result.books.accounts.names:
            yield "income", result.income(firm)
            yield "cash_flow", result.cash_flow(firm)
            yield "balance_sheet", result.balance_sheet(firm)
    yield "flow_matrix", result.flow_matrix("2023-05")
    followed = follow_money(result)
    yield from (("trace.earned", followed.earned), ("trace.held", followed.held))
    yield "trace.pools", through_pools(result)
    yield "trace.resting", resting_by_year(result)
    yield "trace.stopped", stopped_by_year(result)


@pytest.fixture(scope="module")
def swept(tmp_path_factory) -> dict[str, list[pl.DataFrame]]:
    """Every table of a sweep and of its analyses."""
    measures = ["revenue", "firms.revenue", "final_spending", "operating_margin"]
    varied: dict[str, Any] = {LOCK: [0, 1], SEATS: (1.5, 3)}
    grid: dict[str, Any] = {"kind": "grid", "levels": 2}
    sweep = Sweep("baseline", varied, grid, months=2, users=10, measures=measures)
    swept = sweep.run(tmp_path_factory.mktemp("swept") / "s", Ways(workers=1))
    folder = tmp_path_factory.mktemp("pretended") / "s"
    profits = {layer: float(number) for number, layer in enumerate(CHAIN)}
    made = pretended(folder, sweep, lambda each: None if each.point == 1 else profits, "operating_profit")
    mapped = phases(made, LOCK, SEATS, "operating_profit")
    repeated = Sweep("baseline", {LOCK: [0, 1]}, months=1, users=10, replications=3)
    thrice = pretended(folder.with_name("thrice"), repeated, lambda each: float(each.point * each.replicate**2))
    losses = pl.DataFrame({"point": [1], LOCK: [0.5], "loss": [1.0], "revenue:chips@2023-02": [3.0]})
    aims = [Target(measure="revenue:chips@2023-02", value=1.0, tolerance=1.0)]
    read = {name: pl.read_parquet(swept.folder / f"{name}.parquet") for name in ("design", "runs", "measures")}
    return {
        "sweep.design": [swept.design, read["design"]],
        "sweep.runs": [swept.runs, made.runs, read["runs"]],
        "sweep.measures": [swept.measures, read["measures"]],
        "bands": [bands(swept, "revenue"), bands(swept, "revenue", SEATS)],
        "quantiles_by": [quantiles_by(swept, "revenue:chips@2023-02", LOCK)],
        "enough": [convergence(thrice, "calibrated.upstream_share", within) for within in (None, 0.5)],
        **{f"sensitivity.{method}": [indices(folder, method)] for method in DESIGN_FOR},
        "map.cells": [mapped.cells],
        "map.boundary": [mapped.boundary],
        "calibrate.best": [nearest_points(losses, aims, 1)],
    }


def indices(folder: Path, method: str) -> pl.DataFrame:
    """Analyse a sweep whose values are known by a method."""
    sweep = Sweep("baseline", {LOCK: (0, 5), SEATS: (1.5, 3)}, DESIGN_FOR[method], months=1, users=10)
    made = pretended(folder.with_name(method), sweep, lambda each: each.settings[LOCK] + each.settings[SEATS] ** 2)
    return sensitivity(made, "calibrated.upstream_share", method)


def check(name: str, tables: list[pl.DataFrame]) -> None:
    """Every column is in the dictionary, and nothing else; its type is as said, and it is null only if that is said."""
    said, used, missing = columns_of(name), set(), set()
    for table in tables:
        for column, kind in table.schema.items():
            row = meaning_of(column, said)
            assert row, f"{name}.{column} is not in the dictionary"
            used.add(row.column)
            assert str(kind) in TYPES[row.type], f"{name}.{column}: {kind}, not {row.type}"
            if table[column].null_count():
                assert row.null, f"{name}.{column} is null, which is not explained"
                missing.add(row.column)
            if row.type == "float64":
                assert not table[column].is_nan().any(), f"{name}.{column} is not a number"
    assert used == {row.column for row in said}
    unseen = {f"{name}.{row.column}" for row in said if row.null and row.column not in missing}
    assert unseen <= NO_WORLD_HAS, f"{unseen}: said to be null, and never is"


def test_every_column_of_a_result_is_in_the_dictionary_with_its_type_and_its_nulls():
    for name, tables in frames().items():
        check(name, tables)


def test_every_column_of_a_sweep_and_of_its_analyses_is_in_the_dictionary(swept):
    for name, tables in swept.items():
        check(name, tables)


def test_files_of_a_run_folder_are_the_tables_of_the_dictionary(tmp_path):
    folder = results()[0].save(tmp_path / "run")
    files = {file.stem: pl.read_parquet(file) for file in folder.glob("*.parquet")}
    assert {name: frame.schema for name, frame in files.items()} == {
        name: frame.schema for name, frame in results()[0].frames().items()
    }
    assert {row.table for row in data_dictionary()} >= set(files)


# JSON


def rows_in_json(capsys: Any) -> dict[str, list[dict[str, Any]]]:
    """The tables that commands print as JSON; those that take long are made from what the commands take them from."""
    printed: dict[str, list[dict[str, Any]]] = {}
    for one in ("scenarios", "stories --list", "stories --recorded", "parameters", "columns", "facts", "facts --where"):
        assert main([*one.split(), "--json"]) == 0
        printed[one.replace(" --list", "").replace(" --", ".")] = json.loads(capsys.readouterr().out)
    told = run_facts(results()[0], "here")
    decomposed = facts_of(decomposition())
    verdict, target = Verdict("laws", "holds", 1, 1, 0.9), TargetResult(targets()[0], None, None, None, "outside")
    return printed | {
        "run.layers": told["layers"],
        **{f"run.{key}": told[key] for key in ("years", "chain")},
        **{f"decompose.{key}": decomposed[key] for key in ("causes", "shares", "ends")},
        "verify.verdicts": [asdict(verdict) | {"comes_out": verdict.comes_out}],
        "validate.targets": [asdict(target) | {"band": target.band}],
        "bench.goals": [asdict(Goal("a", "b", "c", None))],
    }


DATED = {"bands": "bands", "enough": "enough", **{f"sensitivity.{each}": "sensitivity" for each in DESIGN_FOR}}


@pytest.mark.parametrize("table", DATED)
@pytest.mark.parametrize("measure", ["calibrated.upstream_share", "final_spending@2024-12"])
def test_every_key_that_json_adds_to_a_row_of_an_analysis_is_in_the_dictionary(table, measure, tmp_path, capsys):
    method = table.partition(".")[2]
    sweep = Sweep("baseline", {LOCK: (0, 5), SEATS: (1.5, 3)}, months=1, users=10)
    sweep = replace(
        sweep, **({"design": DESIGN_FOR[method]} if method else {"parameters": {LOCK: [0]}, "replications": 3})
    )
    name = measure.partition("@")[0]
    pretended(tmp_path / "s", sweep, lambda each: each.settings[LOCK] + each.settings.get(SEATS, each.replicate), name)
    words = [DATED[table], str(tmp_path / "s"), *(["--method", method] if method else [])]
    assert main([*words, "--measure", name if table == "bands" else measure, "--json"]) == 0
    own, added = ({each.column for each in columns_of(each_table)} for each_table in (table, "json.dated"))
    for row in json.loads(capsys.readouterr().out):
        extra = row.keys() - own
        assert {"measure"} <= extra <= added, (table, extra)
        assert ({"since", "until"} <= extra) == (name == "calibrated.upstream_share"), (table, extra)


def test_every_key_of_a_map_in_json_is_in_the_dictionary(tmp_path, capsys):
    sweep = Sweep("baseline", {LOCK: [0, 1], SEATS: [1.5, 3]}, {"kind": "grid"}, months=1, users=10)
    pretended(tmp_path / "s", sweep, lambda each: each.settings[LOCK])
    assert main(["map", str(tmp_path / "s"), LOCK, SEATS, "calibrated.upstream_share", "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts.keys() == {each.column for table in ("map", "json.dated") for each in columns_of(table)}


def decomposition() -> Decomposition:
    causes = load_causes()[:1]
    shares = {(1, layer, causes[0].name): Fraction(1, 3) for layer in CHAIN}
    worlds = {(1, layer, frozenset(each)): 5 for layer in CHAIN for each in ([causes[0].name], [])}
    return Decomposition(causes, 1, shares, worlds, Period(date(2024, 3, 1), date(2025, 2, 1)))


PYTHON = {"int64": (int,), "float64": (int, float), "text": (str,), "bool": (bool,), "date": (str,)}


def test_every_key_of_a_table_in_json_is_in_the_dictionary(capsys):
    for name, rows in rows_in_json(capsys).items():
        said = columns_of(name)
        assert rows, name
        for row in rows:
            used = {key: meaning_of(key, said) for key in row}
            assert None not in used.values(), (name, used)
            assert {each.column for each in used.values() if each} == {each.column for each in said}, name
            for key, value in row.items():
                if (each := used[key]) and each.type in PYTHON:
                    assert isinstance(value, PYTHON[each.type]) or (value is None and each.null), (name, key, value)


def test_stories_say_in_json_what_the_dictionary_says():
    from watersellers.experiments.cli import story_tables
    from watersellers.experiments.stories.verdicts import RULES, judge_claim

    said = [row.column for row in columns_of("story.tests")]
    judged = story_tables._judged_facts(judge_claim(RULES["above"], [[1.0]]))
    assert [name for name in said if name in judged] == list(judged) or set(judged) <= set(said)
    assert set(said) == {"says", "of", "measure", "unit", *judged, "under", "turns_around_under"}


# the dictionary itself


def test_every_table_of_the_dictionary_is_one_that_these_tests_hold(swept, capsys):
    held = {*frames(), *swept, *rows_in_json(capsys), "story.tests", "json.dated", "map"}
    assert held == {row.table for row in data_dictionary()}


def test_rows_are_whole_unique_and_plain():
    rows = data_dictionary()
    assert len({(row.table, row.column) for row in rows}) == len(rows)
    for row in rows:
        assert row.table, row
        assert row.column, row
        assert row.meaning, row
        assert row.type in TYPES or row.type.startswith(("list of", "record", "table")), row
        assert row.meaning == row.meaning.strip().rstrip("."), row
    assert [field.name for field in fields(rows[0])] == [row.column for row in columns_of("columns")]


def test_units_agree_with_values():
    """Counts and cents are whole, shares of a whole are between 0 and 1, and quantities are never below 0."""
    parts = {"used_share", "share_of_positive_profit", "agree", "{year}"}
    for name, table in ((name, table) for name, tables in frames().items() for table in tables):
        for column in table.columns:
            row = meaning_of(column, columns_of(name))
            assert row
            values = table[column].drop_nulls()
            if row.unit in ("US cent", "count", "people", "query", "token", "ad slot") and row.type == "float64":
                assert name.startswith("compare."), (name, column)  # means over seeds
            if row.unit == "share" and row.column in parts:
                assert values.is_between(0, 1 + 1e-9).all(), (name, column)
            if row.unit in ("count", "people", "query", "token", "ad slot"):
                assert (values >= 0).all(), (name, column)


def test_the_command_prints_a_table_a_word_and_refuses_what_there_is_not(capsys):
    assert main(["columns", "flows", "--json"]) == 0
    assert [row["column"] for row in json.loads(capsys.readouterr().out)] == results()[0].flows.columns
    assert main(["columns", "compare", "--json"]) == 0
    told = {row["table"] for row in json.loads(capsys.readouterr().out)}
    assert told == {f"compare.{name}" for name in ("layers", "firms", "months", "path", "steps")}
    assert main(["columns", "profit_over_final_spending"]) == 0
    assert "layers" in capsys.readouterr().out
    assert main(["columns", "flwos"]) == 2
    assert "Did you mean 'flows'?" in capsys.readouterr().err
