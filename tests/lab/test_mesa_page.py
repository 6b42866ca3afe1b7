"""Mesa's own viewer shows the model: the example of twenty lines is opened, stepped and reset."""

import warnings
from pathlib import Path

import pytest

from watersellers import World

solara = pytest.importorskip("solara", reason="solara is not installed; the extra view brings it")
pytest.importorskip("altair", reason="altair is not installed; the extra view brings it")
pytest.importorskip("matplotlib", reason="matplotlib is not installed; the extra view brings it")


def buttons(tree):
    import ipyvuetify

    return {str(button.children[-1]): button for button in tree.find(ipyvuetify.Btn).widgets if button.children}


def test_the_model_opens_in_mesas_viewer_and_steps_there(monkeypatch):
    from watersellers.viz import mesa_page

    made = []

    def make(*given, **more):
        made.append(World(*given, **more))
        return made[-1]

    monkeypatch.setattr(mesa_page, "World", make)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of Mesa's and Solara's own making
        _, tree = solara.render(solara.AppLayout(children=[mesa_page.Page()]), handle_error=False)
        found = buttons(tree)
        assert {"Reset", "Step"} <= set(found)
        found["Step"].click()
        tree.close()
    assert [world.month for world in made] == [1]


def test_the_example_is_as_short_as_an_example():
    lines = (Path(__file__).resolve().parents[2] / "viz" / "mesa_page.py").read_text(encoding="utf-8").splitlines()
    assert len([line for line in lines if line.strip()]) <= 25
