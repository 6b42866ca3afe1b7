"""A measure that no run has a row of is no unknown one: the analyses say that its table is empty, and why."""

from pathlib import Path

import pytest

from watersellers.experiments.__main__ import main

HEAD = "import polars as pl\n\nONE = pl.DataFrame({'value': [1.0]})\n"
STUDY = 'months = 1\nusers = 10\nmeasures = ["mine:of"]\n[parameters]\nchips.nvidia.lock_in = [0]\n'
EMPTY = "def of(result):\n    return ONE.clear()\n"
FAILING = "def of(result):\n    raise ValueError('nothing')\n"
READERS = {"bands": ["bands", "s"], "sensitivity": ["sensitivity", "s"], "enough": ["enough", "s"]}


@pytest.mark.parametrize("command", READERS.values(), ids=READERS)
@pytest.mark.parametrize(
    ("text", "why"),
    [
        (EMPTY, "in all 1 runs that ended well its function answered a table without rows"),
        (FAILING, "for no run ended well (runs: 1 failed); --rerun-failed makes them"),
    ],
    ids=["empty", "failed"],
)
def test_a_measure_whose_table_is_empty_is_said_to_be_empty_and_why(text, why, command, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    Path("mine.py").write_text(HEAD + text)
    Path("study.toml").write_text(STUDY)
    main(["sweep", "study.toml", "--out", "s", "--workers", "1"])
    capsys.readouterr()
    assert main([*command, "--measure", "mine:of"]) == 2
    err = capsys.readouterr().err
    assert f"s: the table of mine:of has no rows: {why}" in err or f"the table of mine:of has no rows, {why}" in err
    assert "unknown measure" not in err
