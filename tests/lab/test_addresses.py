"""The address of a page brings the same screen back; one that cannot be shown is explained on a page that works."""

import pytest

from tests.lab.lab_steps import press, steps, wait_for_months
from watersellers.experiments.runs.dated_changes import Change
from watersellers.experiments.runs.run_spec import RunSpec
from watersellers.viz.lab.server.session import Session
from watersellers.viz.lab.view.address import PAGES, Address, read


def test_the_address_brings_the_same_screen_back(lab):
    steps(lab, 3)
    lab.act({"do": "set", "key": "lever:chips.nvidia.lock_in", "value": "1"})
    lab.runner.wait_for(lambda view: view.run_spec.changes)
    press(lab, "step")
    wait_for_months(lab, 4)
    press(lab, "look", "nvidia")
    first = lab.frame()
    again = Session(first["address"])
    again.runner.wait_for(lambda view: len(view.snapshots) == 4 and not view.busy)
    second = again.frame()
    again.close()
    assert {key: first[key] for key in ("graph", "lines", "news", "drawer", "side")} == {
        key: second[key] for key in ("graph", "lines", "news", "drawer", "side")
    }


@pytest.mark.parametrize(
    "asked",
    [
        *(None, 7, {}, {"do": 5}, {"do": "nothing"}, {"do": "set"}, {"do": "month", "value": "zz"}),
        *({"do": "set", "key": "speed", "value": "x"}, {"do": "set", "key": "x", "value": "y"}),
        *({"do": "set", "key": "lever:apps.nothing", "value": "1"}, {"do": "guess", "value": "<b>"}),
        {"do": "file", "value": "../../x.csv"},
    ],
)
def test_an_action_that_no_page_offers_is_explained_and_breaks_nothing(lab, asked):
    lab.act(asked)
    lab.runner.wait_for(lambda view: bool(view.failed or lab.message))
    assert "failure" in lab.frame()["status"]
    steps(lab, 1)


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("page=nowhere", "page: found 'nowhere'"),
        ("scenario=basline", "scenario: unknown scenario 'basline'. Did you mean 'baseline'?"),
        ("b.scenario=nowhere", "b.scenario: unknown scenario 'nowhere'"),
        ("seed=-3", "seed: found '-3'"),
        ("users=1e9", "users: found '1e9'"),
        ("users=3", "users: found 3"),
        ("users=99999999", "users: found"),
        ("month=x", "month: found 'x'"),
        ("at=garbage", "at: found 'garbage'"),
        ("set=garbage", "set: found 'garbage'"),
        ("language=xx", "language: found 'xx'"),
        ("theme=%3Cscript%3E", "theme: found '<script>'"),
        ("x=" + "y" * 9000, "address: found"),
    ],
)
def test_an_impossible_address_is_explained_and_the_page_is_shown(query, sentence):
    address, wrong = read(query, ("en",))
    assert sentence in wrong[0]
    assert address.page in PAGES


@pytest.mark.parametrize("query", ["set=chips.nothing=3", "at=2023-05:chips.lock_in=99", "at=1:a=1"])
def test_a_world_that_cannot_be_built_is_explained_on_the_page(query):
    lab = Session(query)
    lab.runner.wait_for(lambda view: bool(view.failed))
    assert "failure" in lab.frame()["status"]
    lab.close()


def test_an_address_read_back_is_the_address():
    run_spec = RunSpec(
        "baseline", 7, 300, {"chips.lock_in": 0.5, "labs.research": "race"}, (Change("2024-01", "a.b", 1.5),)
    )
    for page in PAGES:
        address = Address(page, run_spec, 5, "nvidia", 3, RunSpec("baseline", 7, 300), "fifo", "lock", "en", "dark")
        assert read(address.query(), ("en",)) == (address, [])


def test_pages_that_need_no_world_begin_none():
    lab = Session("page=numbers&word=lock_in")
    assert "lock_in" in lab.frame()["main"]
    assert lab.view.version == 0
    assert lab._runner is None
    lab.close()
