"""Tables of the command line lose no word, however long their cells are and however wide the terminal is."""

import pytest

from watersellers.experiments.cli import run_tables

WORDS = [f"word{number}" for number in range(60)]


@pytest.mark.parametrize("width", [40, 80, 120, 160])
@pytest.mark.parametrize("first", [5, 70, 117, 140, 300])
@pytest.mark.parametrize("lines", [False, True])
def test_no_word_is_cut_off(width, first, lines, monkeypatch, capsys):
    monkeypatch.setattr(run_tables, "WIDE", width)
    rows = [("x" * first, " ".join(WORDS), "0.95"), ("short", " ".join(reversed(WORDS)), "1")]
    run_tables.print_table("claims", ("claim", "change over all doses", "seeds"), rows, figures=(2,), lines=lines)
    printed = capsys.readouterr().out
    assert printed.count("x") >= first
    assert all(printed.split().count(word) == len(rows) for word in WORDS)
