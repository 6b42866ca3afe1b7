"""A user's own measure runs in the processes of runs; whatever it does there, the planning process goes on."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.tools.commands import alone
from watersellers import BadInput, Sweep, Ways
from watersellers.experiments.__main__ import main
from watersellers.experiments.sweeps.analysis.bands import bands
from watersellers.experiments.sweeps.analysis.selected_measure import SelectedMeasure, selected_values
from watersellers.experiments.sweeps.result import Swept
from watersellers.experiments.sweeps.workers import time_estimate as estimating
from watersellers.viz.drawing.number_format import number_writer
from watersellers.viz.serve import _opened
from watersellers.viz.words.catalogue import ENGLISH

HEAD = "import atexit, os, signal, sys, threading, time\nimport polars as pl\n\nONE = pl.DataFrame({'value': [1.0]})\n"
GOOD = "def of(result):\n    return ONE\n"
STUDY = (
    'months = 1\nusers = 10\ntime_limit = {limit}\nmeasures = ["mine:of"]\n[parameters]\nchips.nvidia.lock_in = [0]\n'
)


@pytest.fixture
def mine(tmp_path, monkeypatch):
    """Write the user's module and the study beside it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(estimating, "LOAD_LIMIT", 6.0)
    monkeypatch.setattr(estimating, "TRIAL_LIMIT", 6.0)

    def write(text: str, limit: float = 60.0) -> None:
        Path("mine.py").write_text(HEAD + text)
        Path("study.toml").write_text(STUDY.format(limit=limit))

    yield write
    assert "mine" not in sys.modules  # it was never loaded here


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("time.sleep(3600)\n", "its module mine took longer than 6 seconds to load"),
        ("os._exit(0)\n", "its module mine can't be loaded: its process ended by itself with status 0"),
        ("sys.exit()\n", "can't be loaded: its module mine raised SystemExit"),
        ("os.kill(0, signal.SIGKILL)\n", "its process was ended by SIGKILL"),
        ("1 / 0\n", "can't be loaded: its module mine raised ZeroDivisionError: division by zero"),
        ("import nothing_of_that_name\n", "can't be loaded: No module named 'nothing_of_that_name'"),
        ("def of(:\n", "raised"),
        ("of = 3\n", "'mine:of' is no function: found 3"),
        ("def off(result): ...\n", "has no attribute 'of'"),
    ],
)
def test_a_module_that_can_not_be_loaded_is_refused_and_nothing_is_written(text, sentence, mine, capsys):
    mine(text)
    assert main(["sweep", "study.toml", "--out", "s"]) == 2
    err = capsys.readouterr().err
    assert "study.toml, measures: 'mine:of'" in err
    assert sentence in err
    assert not Path("s").exists()


@pytest.mark.parametrize(
    ("body", "why", "status"),
    [
        ("time.sleep(3600)", "took longer than", "timed out"),
        ("raise KeyError('no such layer')", "raised KeyError: 'no such layer'", "failed"),
        ("sys.exit(3)", "raised SystemExit: 3", "failed"),
        ("os._exit(0)", "ended by itself with status 0", "lost"),
        ("return result", "expected a table with a column 'value'", "failed"),
    ],
)
def test_a_measure_that_fails_costs_the_estimate_and_its_runs_and_not_the_sweep(body, why, status, mine, capsys):
    mine(f"def of(result):\n    {body}\n", limit=3.0)
    assert main(["sweep", "study.toml", "--out", "s", "--workers", "1"]) == 1
    printed = " ".join(capsys.readouterr().out.split())
    assert "no estimate could be made: " in printed
    assert why in printed
    assert f"1 {status}; the tables are in s" in printed


@pytest.mark.parametrize(
    "body",
    [
        "print('hello'); sys.stdout.write('{}\\n'); sys.stdout.flush(); os.write(1, b'{\"status\": \"no\"}\\n')",
        "assert sys.stdin.read() == ''; assert os.read(0, 10) == b''; sys.stdout.close(); sys.stdin.close()",
        "atexit.register(time.sleep, 3600); threading.Thread(target=time.sleep, args=(3600,)).start()",
        "os.fork() or os.fork() or time.sleep(3600)",
    ],
)
def test_a_measure_that_prints_reads_or_leaves_files_changes_no_run(body, mine, capsys):
    mine(f"def of(result):\n    {body}\n    return ONE\n")
    assert main(["sweep", "study.toml", "--out", "s", "--workers", "1", "--json"]) == 0, capsys.readouterr()
    assert json.loads(capsys.readouterr().out)["status"] == {"ok": 1}


def test_python_refuses_an_own_measure_when_it_plans_too(mine, monkeypatch):
    mine("of = 3\n")
    with pytest.raises(BadInput, match="No module named 'mine'; expected module:function, with the module beside"):
        Sweep("plain", {}, months=1, users=10, measures=["mine:of"]).plan()
    monkeypatch.syspath_prepend(".")  # as where a script stands, or a notebook
    with pytest.raises(BadInput, match="study, measures: 'mine:of' is no function"):
        Sweep("plain", {}, months=1, users=10, measures=["mine:of"]).plan()
    mine(GOOD)
    swept = Sweep("plain", {}, months=1, users=10, measures=["mine:of"]).run("s", Ways(workers=1))
    assert swept.counted() == {"ok": 1}


@pytest.mark.parametrize("name", ["mine:", ":of", "mine:a.b", "mine:of()", "../mine:of", "mine:f.<locals>.g"])
def test_a_name_that_is_not_module_and_function_is_refused(name):
    with pytest.raises(BadInput, match=r"measures: found .*, expected module:function"):
        Sweep("plain", {}, months=1, users=10, measures=[name]).plan()


BESIDE = {  # files of a user's that are named as modules which every run needs
    f"{name}.py": "raise SystemExit('taken for another')\n"
    for name in ("random", "json", "agents", "numba", "distributed")
}


@pytest.mark.parametrize("kind", ["file", "package", "its own name", "elsewhere"])
def test_a_module_is_loaded_from_beside_its_study_and_nothing_else_there_is(kind, tmp_path):
    study, stands = tmp_path / "study", tmp_path / ("elsewhere" if kind == "elsewhere" else "study")
    module = {"package": "mine.deep", "its own name": "json"}.get(kind, "mine")
    helped = "from . import helping" if kind == "package" else "import helping"
    text = f"{HEAD}{helped}\ndef of(result):\n    import random\n    return ONE * helping.TWO\n"
    helper = "mine/helping.py" if kind == "package" else "helping.py"
    texts = {"study.toml": STUDY.format(limit=60).replace("mine:of", f"{module}:of")}
    for folder, files in {
        stands: BESIDE,
        study: BESIDE | texts | {f"{module.replace('.', '/')}.py": text, helper: "import random\nTWO = 2\n"},
    }.items():
        for name, written in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(written)
    done = alone("sweep", str(study / "study.toml"), "--out", "s", "--workers", "1", "--json", cwd=stands)
    out, err = done.communicate()
    assert done.returncode == 0, err
    assert json.loads(out)["status"] == {"ok": 1}, err
    assert Swept.open(stands / "s").measures["value"].to_list() == [2.0]


SCRIPT = """
import sys
sys.path.insert(0, {libraries!r})
import mine
from watersellers import Sweep, Ways

if __name__ == "__main__":
    for out, measure in (("s", mine.of), ("t", "mine:of")):
        swept = Sweep(months=1, users=10, measures=[measure]).run(out, Ways(workers=1))
        print(swept.measures["value"].to_list())
"""


def test_a_scripts_own_function_is_found_in_its_folder_and_what_it_imports_where_the_script_finds_it(tmp_path):
    """The script stands elsewhere than its user, where files have names that every run needs."""
    folder, stands, libraries = tmp_path / "script", tmp_path / "stands", tmp_path / "libraries"
    library = {"library.py": "THREE = 3\n"}
    mine = f"{HEAD}import library, helping\ndef of(result):\n    return ONE * library.THREE * helping.TWO\n"
    script = {"mine.py": mine, "helping.py": "TWO = 2\n", "script.py": SCRIPT.format(libraries=str(libraries))}
    for place, files in {folder: script, stands: BESIDE, libraries: library}.items():
        place.mkdir()
        for name, text in files.items():
            (place / name).write_text(text)
    done = subprocess.run([sys.executable, folder / "script.py"], cwd=stands, capture_output=True, text=True)
    assert done.stdout.split() == ["[6.0]", "[6.0]"], done.stderr


def test_the_lab_and_the_reports_load_no_module_of_the_users(mine, tmp_path, capsys):
    """A sweep is opened long after it was made, and what its module holds by then is nobody's business."""
    mine(GOOD)
    assert main(["sweep", "study.toml", "--out", "s", "--workers", "1"]) == 0, capsys.readouterr()
    mine(f"open({str(tmp_path / 'loaded')!r}, 'w')\n{GOOD}")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(tmp_path)
        assert _opened(Swept.ended(Path("s"))).runs == 1
        assert main(["report", "s"]) == 0
    assert not (tmp_path / "loaded").exists()


def test_a_measure_without_months_is_analysed_like_any_other(mine, capsys):
    mine(GOOD)
    assert main(["sweep", "study.toml", "--out", "s", "--workers", "1"]) == 0, capsys.readouterr()
    assert selected_values(Swept.open(Path("s")), SelectedMeasure("mine:of"))["value"].to_list() == [1.0]


def test_measures_of_one_last_name_are_kept_apart(tmp_path, monkeypatch, capsys):
    """Also from one on the menu: a shortened name is no identity."""
    monkeypatch.chdir(tmp_path)
    of = "def revenue(result):\n    return pl.DataFrame({{'layer': ['chips', 'apps'], 'value': [{value}, {value}]}})\n"
    placed(tmp_path, {f"{name}.py": HEAD + of.format(value=value) for name, value in (("a", 1.0), ("b", 5.0))})
    both = STUDY.format(limit=60).replace('"mine:of"', '"a:revenue", "b:revenue", "revenue"')
    placed(tmp_path, {"study.toml": both})
    assert main(["sweep", "study.toml", "--out", "s", "--workers", "1"]) == 0, capsys.readouterr()
    swept = Swept.open(Path("s"))
    assert set(swept.measures["measure"]) == {"a:revenue", "b:revenue", "revenue"}
    for name, value in (("a:revenue", 1.0), ("b:revenue", 5.0)):
        look = SelectedMeasure.read(f"{name}:chips@2023-01")
        assert (look.measure, look.who, str(look)) == (name, "chips", f"{name}:chips@2023-01")
        assert selected_values(swept, SelectedMeasure.read(f"{name}:chips"))["value"].to_list() == [value]
        assert bands(swept, name)["median"].to_list() == [value, value]
    with pytest.raises(BadInput, match=r"unknown measure 'of'; expected one of a:revenue, b:revenue, revenue"):
        bands(swept, "of")
    assert number_writer("a:revenue", ENGLISH)(0.5) == "0.5"  # of a measure of one's own nobody knows that it is money


def placed(folder, files):
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


def test_a_module_is_loaded_once_in_a_process_whoever_asks_for_it(tmp_path):
    """What a helper registers in it is there when it measures."""
    mine = f"{HEAD}KNOWN = []\nopen('loads', 'a').write(f'{{os.getpid()}}\\n')\nimport helping\n"
    mine += "def of(result):\n    return ONE * len(KNOWN)\n"
    placed(tmp_path, {"mine.py": mine, "helping.py": "import mine\nmine.KNOWN.append(1)\n"})
    placed(tmp_path, {"study.toml": STUDY.format(limit=60)})
    done = alone("sweep", "study.toml", "--out", "s", "--workers", "1", "--json", cwd=tmp_path)
    assert done.communicate()[1] == ""
    assert Swept.open(tmp_path / "s").measures["value"].to_list() == [1.0]
    loads = (tmp_path / "loads").read_text().split()
    assert len(loads) == len(set(loads))


@pytest.mark.parametrize(
    ("name", "files"),
    [
        ("pack.sub.x:of", {"pack/sub/x.py": "from pack.deep.v import V\n", "pack/deep/v.py": "V = 1.0\n"}),
        ("mine:of", {"mine.py": "from helpers.deep.v import V\n", "helpers/deep/v.py": "V = 1.0\n"}),
        (
            "pack:of",
            {"pack/__init__.py": "from .v import V\nimport helping\n", "pack/v.py": "V = 1.0\n", "helping.py": ""},
        ),
    ],
)
def test_a_package_beside_the_study_is_found_with_or_without_an_init(name, files, tmp_path):
    file = f"{name.partition(':')[0].replace('.', '/')}.py"
    file = file if file in files else "pack/__init__.py"
    files = files | {file: f"{HEAD}{files[file]}\ndef of(result):\n    return ONE * V\n"}
    placed(tmp_path, files | {"study.toml": STUDY.format(limit=60).replace("mine:of", name)})
    done = alone("sweep", "study.toml", "--out", "s", "--workers", "1", "--json", cwd=tmp_path)
    assert done.communicate()[1] == ""
    assert Swept.open(tmp_path / "s").measures["value"].to_list() == [1.0]


def test_a_package_with_the_name_of_an_installed_one_is_refused_by_that_name(tmp_path):
    placed(
        tmp_path, {"rich/m.py": f"{HEAD}{GOOD}", "study.toml": STUDY.format(limit=60).replace("mine:of", "rich.m:of")}
    )
    done = alone("sweep", "study.toml", "--out", "s", cwd=tmp_path)
    errors = done.communicate()[1]
    assert done.returncode == 2
    assert "the name rich is that of an installed package; rename the folder" in errors


def test_a_library_below_the_study_takes_none_of_the_users_files(tmp_path):
    """As in a project with its environment in it: what is optional to a library is not what the user calls so."""
    library = "try:\n    import optional\nexcept ImportError:\n    THERE = 0.0\n"
    mine = f"import sys\nsys.path.append('{tmp_path}/.venv/lib')\n{HEAD}import library\n"
    files = {".venv/lib/library.py": library, "optional.py": "raise SystemExit('taken for another')\n"}
    placed(tmp_path, files | {"mine.py": f"{mine}def of(result):\n    return ONE * library.THERE\n"})
    placed(tmp_path, {"study.toml": STUDY.format(limit=60)})
    done = alone("sweep", "study.toml", "--out", "s", "--workers", "1", "--json", cwd=tmp_path)
    assert done.communicate()[1] == ""
    assert Swept.open(tmp_path / "s").measures["value"].to_list() == [0.0]


def test_typed_at_a_prompt_a_module_is_found_and_so_is_what_the_path_leads_to(tmp_path):
    """A notebook has no file: the folder above it is not where a script is."""
    here = tmp_path / "notebooks"
    placed(tmp_path, {"shared.py": "V = 1.0\n"})
    placed(here, {"mine.py": f"{HEAD}import shared\ndef of(result):\n    return ONE * shared.V\n"})
    typed = SCRIPT.format(libraries="..").replace('if __name__ == "__main__":', "if True:")
    done = subprocess.run([sys.executable, "-c", typed], cwd=here, capture_output=True, text=True)
    assert done.stdout.split() == ["[1.0]", "[1.0]"], done.stderr


def test_a_calibration_takes_a_measure_of_ones_own_as_its_target(mine, capsys):
    mine(GOOD)
    target = '[[target]]\nmeasure = "mine:of"\nvalue = 1.0\ntolerance = 0.5\n'
    span = "[parameters]\nchips.nvidia.lock_in = {low = 0, high = 5}\n"
    Path("calibration.toml").write_text("months = 1\nusers = 10\ntrials = 3\nbatch = 2\n" + span + target)
    assert main(["calibrate", "calibration.toml", "--out", "s", "--workers", "1", "--json"]) == 0
    best = json.loads(capsys.readouterr().out)["best"]
    assert [(row["loss"], row["mine:of"]) for row in best] == [(0, 1)] * 3
