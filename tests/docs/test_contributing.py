"""Each addition that CONTRIBUTING.md tells step by step can be made so, and works; in a copy of the project."""

import pytest

from tests.tools.contributing import Step, additions, carry_out, copied, steps


@pytest.mark.parametrize("kind", additions())
def test_an_addition_is_made_as_the_page_tells(kind, tmp_path):
    tree = copied(tmp_path / "project")
    assert list(carry_out(kind, tree)), "nothing is run at its end"


def test_the_page_tells_of_every_kind():
    assert additions() == ["A strategy", "A mechanism", "A firm", "A region", "A chart", "A language"]


def test_a_step_that_does_not_fit_is_noticed(monkeypatch, tmp_path):
    (tmp_path / "menu.py").write_text("MENU = {}\n")
    step = Step("python", 'file=menu.py after="MENUS = {"', "x = 1\n")
    monkeypatch.setattr("tests.tools.contributing.steps", lambda kind: [step])
    with pytest.raises(AssertionError, match=r"0 lines begin with 'MENUS = \{'"):
        list(carry_out("A strategy", tmp_path))


def test_a_run_that_fails_is_noticed(monkeypatch, tmp_path):
    monkeypatch.setattr("tests.tools.contributing.steps", lambda kind: [Step("python", "run", "assert 1 == 2\n")])
    with pytest.raises(AssertionError, match="assert 1 == 2"):
        list(carry_out("A strategy", tmp_path))


def test_every_addition_ends_with_something_that_is_run():
    assert {kind: steps(kind)[-1].order for kind in additions()} == dict.fromkeys(additions(), "run")
