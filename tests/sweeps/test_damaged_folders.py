"""Readers of a sweep folder name a damaged file and the cure, and change nothing."""

import json
import shutil

import polars as pl
import pytest

from tests.sweeps.folder_damages import DAMAGES, LOCK, READERS, SEATS, cut, file_of, same, there
from watersellers import BadInput, Swept
from watersellers.experiments.__main__ import main
from watersellers.experiments.saving.seal import sealed_bytes
from watersellers.experiments.sweeps.folder.folder import measures
from watersellers.experiments.sweeps.folder.table_seal import sealed_table
from watersellers.experiments.sweeps.study.plan import model_version
from watersellers.experiments.sweeps.workers.one_run import RunMaker


@pytest.mark.parametrize(("name", "change"), DAMAGES)
def test_a_damaged_file_is_refused_by_its_name_and_reading_changes_nothing(name, change, folder, capsys):
    file = file_of(folder, name)
    whole = file.read_bytes()
    change(file)
    if same(file, whole):
        return
    before = there(folder, file)
    for command in READERS:
        status = main(list(command))
        out, err = capsys.readouterr()
        if name == "parts" and status == 0:
            continue  # its run is missing then, which the tables say
        assert status == 2, out
        assert file.name in err, err
        assert len(err.splitlines()) <= 2
    if name == "parts" and file.is_file():
        assert Swept.open("s").counted() == {"ok": 23, "missing": 1}
    (folder / "report.html").unlink(missing_ok=True)
    assert there(folder, file) == before


@pytest.mark.parametrize(("name", "change"), DAMAGES)
def test_compact_refuses_a_damaged_file_or_keeps_every_whole_part(name, change, folder, capsys):
    parts = {each.stem for each in (folder / "parts").glob("*.parquet")}
    file = file_of(folder, name)
    whole = file.read_bytes()
    change(file)
    if same(file, whole):
        return
    before = there(folder, file)
    status = main(["compact", "s", "--json"])
    assert status in (0, 2)
    if status == 2:
        assert file.name in capsys.readouterr().err
        assert there(folder, file) == before
    else:
        assert name == "parts"
        assert parts - {file.stem} <= set(measures(folder).collect()["run"])
        assert Swept.open("s").counted() == {"ok": 23, "missing": 1}


VALUES: tuple[object, ...] = (None, True, 7, -1, 1.5, "x", [], [[]], {}, {"x": {}}, "9" * 400)


@pytest.mark.parametrize("value", VALUES, ids=str)
def test_a_provenance_that_says_something_else_at_any_key_is_refused(value, folder, capsys):
    provenance = json.loads((folder / "provenance.json").read_text())
    for key in provenance:
        if provenance[key] == value:
            continue
        (folder / "provenance.json").write_text(json.dumps(provenance | {key: value}))
        assert main(["bands", "s"]) == 2
        err = capsys.readouterr().err
        assert "provenance.json" in err or (key == "schema" and "sweep schema" in err)
    (folder / "provenance.json").write_text(json.dumps(value))
    assert main(["enough", "s"]) == 2
    assert "provenance.json" in capsys.readouterr().err


def test_a_sweep_of_an_older_schema_is_refused_as_such(folder):
    (folder / "provenance.json").write_text('{"schema": 1, "scenario": "plain"}')
    with pytest.raises(BadInput, match=r"sweep schema 1; this version reads 3\. Its study\.toml makes it again"):
        Swept.open("s")


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"status": "fine"}, "found the status 'fine', expected one of"),
        ({"seconds": -3.0}, "found -3 seconds, expected 0 or more"),
        ({"seconds": float("nan")}, "found nan seconds, expected 0 or more"),
        ({"run": "0123456789abcdef"}, "is of the run 0123456789abcdef, which this study does not have"),
    ],
)
def test_an_intact_table_with_impossible_values_is_refused(wrong, sentence, folder):
    frame = pl.read_parquet(folder / "runs.parquet")
    changed = frame.with_columns(
        pl.when(pl.int_range(pl.len()) == 0).then(pl.lit(value)).otherwise(name).alias(name)
        for name, value in wrong.items()
    )
    (folder / "runs.parquet").write_bytes(sealed_table(changed))
    with pytest.raises(BadInput, match=rf"runs\.parquet: .*{sentence}"):
        Swept.open("s")


def test_a_worker_refuses_a_study_that_was_changed(folder):
    cut(0.9)(folder / "scenario.toml")
    with pytest.raises(BadInput, match=r"scenario\.toml: is not the one that provenance\.json was written with"):
        RunMaker.of(folder, model_version())


def test_parts_and_the_lock_may_not_be_something_else(folder, capsys):
    shutil.rmtree(folder / "parts")
    assert main(["compact", "s", "--json"]) == 0  # a copy may have left out a folder that was empty
    (folder / "parts").touch()
    (folder / ".lock").unlink()
    (folder / ".lock").mkdir()
    assert main(["map", "s", LOCK, SEATS]) == 2
    assert "parts: found no folder" in capsys.readouterr().err
    assert main(["compact", "s"]) == 2
    assert ".lock: can't be written" in capsys.readouterr().err


@pytest.mark.parametrize("command", READERS)
def test_a_folder_whose_measures_hide_their_months_is_refused_with_new_names(command, folder, capsys):
    written = folder / "provenance.json"
    provenance = json.loads(written.read_text())
    provenance["measures"] = ["revenue", "year.upstream_share"]
    written.write_bytes(sealed_bytes({key: value for key, value in provenance.items() if key != "seal"}))
    before = there(folder, written)
    assert main(list(command)) == 2
    err = capsys.readouterr().err
    assert "its measures year.upstream_share were over the last twelve months of its runs" in err
    assert "as calibrated.upstream_share (2024-03 to 2025-02) or last12.upstream_share" in err
    assert there(folder, written) == before
