"""The lab opens scenarios by name alone: no address, control or saved run makes it open a file."""

import os
import sys
import time
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest

from watersellers import run
from watersellers.experiments.input.errors import BadInput
from watersellers.experiments.runs.run_spec import RunSpec, scenario_spec_of
from watersellers.viz.lab.server.session import Session
from watersellers.viz.lab.worlds.month_sources import SavedRun

ROOT = Path(__file__).resolve().parents[2]
OURS = (*(str(ROOT / room) for room in ("market", "agents", "experiments", "viz")), sys.prefix, sys.base_prefix)
SMALL = "users=50"
SEEN: list[str] | None = None


@pytest.fixture(scope="module", autouse=True)
def _watch():
    """Note what the whole process opens, by whatever way; a hook stays for good, so it asks whether it is wanted."""

    def hook(event, arguments):
        if SEEN is not None and event in ("open", "os.listdir", "os.scandir") and not isinstance(arguments[0], int):
            SEEN.append(str(arguments[0]))

    sys.addaudithook(hook)


@pytest.fixture
def foreign():
    """List what was opened since and is no part of the program."""
    global SEEN
    SEEN = []
    yield lambda: [place for place in SEEN or [] if not place.startswith((*OURS, "/proc/", "/sys/")) and place]
    SEEN = None


@pytest.fixture
def traps(tmp_path, monkeypatch):
    """Lay out files that might be opened, and spell their paths in every way."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "mine.toml").write_text('# What if?\nextends = "baseline"\n', encoding="utf-8")
    (tmp_path / "mine").write_text("root:x:0:0\n", encoding="utf-8")
    os.mkfifo(tmp_path / "pipe.toml")
    here = str(tmp_path / "mine.toml")
    plain = [here, here.removesuffix(".toml"), "mine.toml", "mine", "./mine.toml", "~/mine.toml", f"file://{here}"]
    odd = [str(tmp_path / "pipe.toml"), "pipe.toml", "/dev/zero", "/dev/stdin", "/etc/passwd", "..\\mine.toml", "C:\\x"]
    names = ["baseline.toml", "../scenarios/baseline", "BASELINE", " baseline", "baseline\0", "mine.toml\0", "", "."]
    return [*plain, *odd, *names, quote(here, safe=""), "../" * 800 + "etc/passwd", "x" * 7000, "é" * 500 + ".toml"]


def shows_failure(lab, wanted=True):
    """Whether the page shows a failure, once it shows one; or, if none is wanted, once it has done what was asked."""
    if not wanted:
        lab.runner.ask("dismiss")
        lab.runner.wait_for(lambda view: view.spec is not None and not view.busy and not view.failed)
    end = time.monotonic() + 60
    while wanted and "failure" not in lab.frame()["status"] and time.monotonic() < end:
        time.sleep(0.005)
    return "failure" in lab.frame()["status"]


def open_it(lab, query):
    lab.act({"do": "go", "value": f"/?{SMALL}&{query}"})


def start_it(lab, spelling):
    lab.act({"do": "set", "key": "scenario", "value": spelling})
    lab.act({"do": "restart"})


ENTRIES = {
    "the address": lambda lab, s: open_it(lab, f"scenario={quote(s, safe='')}"),
    "the address, not encoded": lambda lab, s: open_it(lab, f"scenario={s}"),
    "the world to compare with": lambda lab, s: open_it(lab, f"page=compare&b.scenario={quote(s, safe='')}"),
    "the control of the world to compare with": lambda lab, s: lab.act(
        {"do": "set", "key": "with", "value": f"scenario:{s}"}
    ),
    "the control of the scenario": start_it,
    "a setting named extends": lambda lab, s: open_it(lab, f"set=extends={quote(s, safe='')}"),
    "a setting's value": lambda lab, s: open_it(lab, f"set=labs.research={quote(s, safe='')}"),
    "a strategy of the controls": lambda lab, s: (
        lab.act({"do": "set", "key": "pick:labs.research", "value": s}),
        lab.act({"do": "restart"}),
    ),
    "a control that is not there": lambda lab, s: lab.act({"do": "set", "key": f"start:{s}", "value": s}),
    "a dated change": lambda lab, s: open_it(lab, f"at=2023-05:{quote(s, safe='')}=1"),
    "what is looked at": lambda lab, s: lab.act({"do": "file", "value": f"{s}.csv"}),
}


@pytest.mark.parametrize("entry", ENTRIES)
def test_no_way_into_the_lab_opens_a_file_that_it_names(entry, traps, foreign):
    lab = Session(SMALL)
    assert not shows_failure(lab, wanted=False)
    for spelling in traps:
        ENTRIES[entry](lab, spelling)
        assert shows_failure(lab), spelling
        assert foreign() == [], spelling
        open_it(lab, "")
        assert not shows_failure(lab, wanted=False)
    lab.act({"do": "step"})
    lab.runner.wait_for(lambda view: len(view.snapshots) == 1)
    lab.close()


def test_an_answer_does_not_tell_what_the_disk_holds(traps):
    lab, answers = Session(SMALL), []
    for _ in range(2):
        for spelling in traps[:7]:
            open_it(lab, f"scenario={quote(spelling)}")
            assert shows_failure(lab)
            answers.append(lab.frame()["status"])
            open_it(lab, "")
            assert not shows_failure(lab, wanted=False)
        for file in Path().iterdir():
            file.unlink()
    assert answers[:7] == answers[7:]
    lab.close()


@pytest.mark.parametrize("name", ["../../x.toml", "mine.toml", "/dev/zero", "somebody's own"])
def test_a_saved_run_that_names_a_file_makes_the_lab_open_none(name, traps, foreign):
    """The run can be looked at; simulating its scenario again is refused in a sentence."""
    result = run("baseline", seed=4, months=3, users=50)
    result.manifest["scenario"]["name"] = name
    lab = Session("month=1", SavedRun(result))
    assert not shows_failure(lab, wanted=False)
    own = lab.frame()["address"]
    for do in ({"do": "branch"}, {"do": "restart"}, {"do": "go", "value": f"/?{own}"}):
        lab.act(do)
        assert not shows_failure(lab, wanted=False), do
    lab.act({"do": "step"})
    lab.runner.wait_for(lambda view: len(view.snapshots) == 1)
    lab.act({"do": "go", "value": f"/?{own}&page=compare"})
    lab.act({"do": "set", "key": "with", "value": "cheap_seats"})
    assert shows_failure(lab)
    assert "scenario: unknown scenario" in lab.frame()["status"]
    assert foreign() == []
    lab.close()


def test_a_saved_scenario_that_extends_another_is_refused(traps, foreign):
    result = run("baseline", seed=4, months=2, users=50)
    for spelling in ("mine.toml", "pipe.toml", "/dev/zero", "baseline"):
        result.manifest["scenario"]["text"] = f'# What if?\nextends = "{spelling}"\n'
        with pytest.raises(BadInput, match=r"manifest.json, scenario.text, extends: found"):
            SavedRun(result)
    assert foreign() == []


def test_a_recipe_is_resolved_by_its_name_alone(traps, foreign):
    for spelling in traps:
        with pytest.raises(BadInput, match=r"^scenario: unknown scenario"):
            scenario_spec_of(replace(RunSpec(), scenario=spelling))
    assert foreign() == []
