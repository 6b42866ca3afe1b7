"""The page of each decision says what the model does: its figures, its bounds, and an example that runs."""

import io
from contextlib import redirect_stdout
from dataclasses import fields
from math import isfinite, isnan
from pathlib import Path
from typing import Any

import pytest

import watersellers
from watersellers import BadInput, decision, run
from watersellers.agents import decision_checks
from watersellers.agents.decision_bounds import BOUNDS
from watersellers.agents.strategies import MENUS
from watersellers.experiments.__main__ import main
from watersellers.experiments.own_code.decisions import decisions

NAMES = [f"{layer}.{each}" for layer, menu in MENUS.items() for each in menu]
BRIEF: dict[str, Any] = {"months": 8, "users": 100}


@pytest.fixture(scope="module")
def asked_in_the_reference_world():
    """All that decision-makers saw in some months of the reference world, by the class of their view."""
    seen_by_class: dict[type, list[object]] = {}
    ask = decision_checks._ask

    def watched(label, strategy, seen, chance):
        seen_by_class.setdefault(type(seen), []).append(seen)
        return ask(label, strategy, seen, chance)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(decision_checks, "_ask", watched)
        run("baseline", seed=1, **BRIEF)
    return seen_by_class


def test_every_decision_has_a_page():
    assert list(decisions()) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_help_and_print_show_view_answer_and_example(name):
    page, shown = str(decision(name)), io.StringIO()
    with redirect_stdout(shown):
        help(decision(name))
    assert all(line.strip() in shown.getvalue() for line in page.splitlines())
    found = decision(name)
    assert found.sees
    assert all(field.meaning and f"  {field.name} " in page for field in (*found.sees, *found.offer))
    if name in BOUNDS:
        assert BOUNDS[name].unit in found.answer
    assert all(each in page for each in found.menu)
    assert len(found.example.splitlines()) <= 11


def test_the_examples_of_all_pages_run_at_once(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    chosen: dict[str, Any] = {}
    for number, each in enumerate(decisions().values()):
        Path(f"example_{number}.py").write_text(each.example, encoding="utf-8")
        chosen[each.path] = f"example_{number}:Mine"
        chosen[each.number_path.replace("mine:", f"example_{number}:")] = each.value
    usual = run("baseline", seed=1, **BRIEF).manifest["digest"]
    result = run("baseline", seed=1, set=chosen, **BRIEF)
    assert result.manifest["digest"] != usual
    assert {each["name"] for each in result.manifest["strategies"].values()} == {"Mine"}


def test_no_figure_is_missing_and_what_may_be_infinite_says_so(asked_in_the_reference_world):
    assert len(asked_in_the_reference_world) > 15
    told = {(each.view, field.name): field.meaning for each in decisions().values() for field in each.sees}
    for view, many in asked_in_the_reference_world.items():
        for field in fields(view):
            values = [getattr(seen, field.name) for seen in many]
            assert None not in values
            numbers = [value for value in values if isinstance(value, float)]
            assert not any(map(isnan, numbers)), (view, field.name)
            if not all(map(isfinite, numbers)):
                assert "infinite" in told[view.__name__, field.name], (view, field.name)


def test_an_unknown_decision_is_refused_with_the_one_that_was_meant():
    with pytest.raises(BadInput, match=r"decision: unknown decision 'labs\.reserch'\. Did you mean 'labs\.research'\?"):
        decision("labs.reserch")
    assert "decision" in watersellers.__all__


def test_the_command_lists_shows_and_writes_an_example_and_replaces_no_file(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["decisions", "labs.research", "--example", "mine.py"]) == 0
    assert capsys.readouterr().out.startswith("labs.research: dollars to spend on training")
    text = Path("mine.py").read_text(encoding="utf-8")
    assert text == f"{decision('labs.research').example}\n"
    for arguments, sentence in (
        (
            ["decisions", "labs.research", "--example", "mine.py"],
            "mine.py: exists already, and you may have changed it",
        ),
        (["decisions", "labs.research", "--example", "mine.txt"], "found the ending '.txt', expected .py for a module"),
        (["decisions", "--example", "other.py"], "example: found other.py and no decision, expected one"),
        (["decisions", "labs.reserch"], "Did you mean 'labs.research'?"),
    ):
        assert main(arguments) == 2
        assert sentence in capsys.readouterr().err
    assert [each.name for each in tmp_path.iterdir()] == ["mine.py"]
    assert main(["decisions"]) == 0
    assert all(name in capsys.readouterr().out for name in NAMES[:1])
