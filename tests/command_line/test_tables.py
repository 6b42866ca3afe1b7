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


@pytest.mark.parametrize("width", [40, 80, 120])
@pytest.mark.parametrize("lines", [False, True])
def test_no_digit_of_figures_of_several_lines_is_cut_off(width, lines, monkeypatch, capsys):
    monkeypatch.setattr(run_tables, "WIDE", width)
    cell = "12.3 ± 0.4 billion\n-867.7 million to -376.5 million"
    names = ("cause", *(f"layer_{number}" for number in range(4)))
    run_tables.print_table("shares", names, [("x", *[cell] * 4)], figures=range(1, 5), lines=lines)
    printed = " ".join(capsys.readouterr().out.split())
    assert "…" not in printed
    assert printed.count("-376.5 million") == 4


def test_amounts_that_stand_together_have_the_unit_of_the_largest():
    assert run_tables.dollars_joined(" ± ", 4_358_000_000_00, 1_000_000_000_00) == "4.4 ± 1.0 billion"
    assert run_tables.dollars_joined(" to ", -4_000_000_00, 838_900_000_00) == "-4.0 to 838.9 million"
    assert run_tables.dollars_joined(" to ", -4_000_00, 838_900_000_000_00) == "0.0 to 838.9 billion"
    assert run_tables.dollars_joined(" to ", 12_00, -340_00) == "12 to -340"
    assert (run_tables.dollars(999_400_00), run_tables.dollars(999_600_00)) == ("999.4 thousand", "1.0 million")
