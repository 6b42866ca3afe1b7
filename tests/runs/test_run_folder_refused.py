"""A run folder with a torn, missing or changed file is refused in a sentence."""

import hashlib

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from tests.runs.run_folders import FILES, change, manifest_of, refusal
from watersellers import Result
from watersellers.experiments.saving.run_folder import COLUMNS


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("left", [0, 0.5])
def test_a_truncated_file_is_named(saved, file, left):
    whole = (saved / file).read_bytes()
    (saved / file).write_bytes(whole[: int(len(whole) * left)])
    problem = refusal(saved)
    assert file in problem
    assert "run it again" in problem
    assert "\n" not in problem


@pytest.mark.parametrize("file", FILES)
def test_a_missing_file_is_named(saved, file):
    (saved / file).unlink()
    assert file in refusal(saved)


def test_a_missing_column_is_named(saved):
    firms = saved / "firms.parquet"
    pl.read_parquet(firms).drop("revenue").write_parquet(firms)
    hashes = manifest_of(saved)["files"] | {firms.name: hashlib.sha256(firms.read_bytes()).hexdigest()}
    change(saved, files=hashes)
    assert "firms.parquet: has no column 'revenue'" in refusal(saved)


MARTIAN = {"key": 7, "name": "rover", "layer": "mars", "owner": "rover", "region": "west"}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"schema": 0}, "schema 0, written by version 0.1.0; this version reads schema 6."),
        ({"schema": 1}, "schema 1, written by version 0.1.0; this version reads schema 6."),
        ({"schema": 99}, "schema 99, written by version 0.1.0; this version reads schema 6."),
        ({"files": None}, "manifest.json, files: found None, expected a table; run it again"),
        ({"files": {}}, "journal.parquet: is not the table that manifest.json was written with"),
        ({"schema": "one"}, "names no schema, so this is not a run folder"),
        ({"status": "running"}, "manifest.json, status: found 'running', expected 'done'"),
        ({"digest": "0" * 64}, "its journal is not the one that its manifest was written for"),
        ({"accounts": []}, "manifest.json, accounts: found [], expected at least 1 of them"),
        ({"accounts": [{"name": "x"}]}, "manifest.json, accounts.1.key: is missing"),
        ({"accounts": [MARTIAN]}, "manifest.json, accounts.1.layer: found 'mars', expected 'chips', 'cloud', "),
        ({"accounts": [MARTIAN | {"layer": "cloud"}]}, "its journal does not fit its manifest"),
        ({"start": "long ago"}, "start: found 'long ago', expected the first day of a month, as in 2023-01-01"),
        ({"months": 0}, "manifest.json, months: found 0, expected at least 1"),
        ({"months": 600}, "its journal does not fit its manifest"),
        ({"users": "many"}, "manifest.json, users: found 'many', expected a whole number"),
    ],
)
def test_an_invalid_manifest_is_refused(saved, changes, sentence):
    change(saved, **changes)
    assert sentence in refusal(saved)


def test_a_journal_of_another_run_is_refused(saved, other):
    (saved / "journal.parquet").write_bytes((other / "journal.parquet").read_bytes())
    assert "journal.parquet: is not the table that manifest.json was written with" in refusal(saved)


@pytest.mark.parametrize("name", COLUMNS)
def test_a_table_of_another_run_or_with_one_bit_changed_is_refused(result, saved, other, name):
    file = saved / f"{name}.parquet"
    whole = file.read_bytes()
    problem = (
        f"{file}: is not the table that manifest.json was written with: it was changed, cut, or copied from another run"
    )
    theirs = (other / file.name).read_bytes()  # no work is handed over in either, so that they share that table
    for bytes_there in ({theirs} - {whole}) | {whole[:-9] + bytes([whole[-9] ^ 1]) + whole[-8:]}:
        file.write_bytes(bytes_there)
        assert refusal(saved) == f"{problem}; run it again"
    file.write_bytes(whole)
    assert_frame_equal(getattr(Result.open(saved), name), getattr(result, name))


def test_a_run_that_was_opened_is_saved_with_hashes_of_its_own(saved, tmp_path):
    again = Result.open(saved).save(tmp_path / "again")
    assert Result.open(again).manifest == Result.open(saved).manifest
    assert manifest_of(again)["files"].keys() == {f"{name}.parquet" for name in COLUMNS}


def test_a_path_that_is_no_run_folder_is_refused(tmp_path):
    assert refusal(tmp_path / "none") == f"{tmp_path}/none: there is no such folder; `watersellers run` makes one"
    assert refusal(tmp_path).startswith(f"{tmp_path}: holds no manifest.json")
