"""The set-up script finds a Python that runs, says so when there is none, and does nothing twice.

The interpreters here are stand-ins of a few lines, so that nothing is downloaded.
"""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(os.name == "nt", reason="a shell script; the README has the plain commands for Windows")

REPOSITORY = Path(__file__).resolve().parents[2]
TOOLS = ["cat", "cksum", "cp", "dirname", "flock", "head", "ln", "mkdir", "rm"]

# Tells what it was asked, calls itself its own base interpreter, and copies itself into the environment it makes.
WORKING = """#!/bin/sh
echo "$*" >>"$ASKED"
case "$1 $2" in
  "-c "*) echo "$0" ;;
  "-m venv") mkdir -p "$3/bin" && cp "$0" "$3/bin/python" && echo "$0" >"$3/base" ;;
  "-m uv") exit "${UV_STATUS:-0}" ;;
esac
"""
FAILING_LAUNCHER = "#!/bin/sh\necho 'python3.12: command not found' >&2\nexit 127\n"


@dataclass
class Machine:
    """A machine with a copy of the project, the usual tools, and whatever interpreters a test puts on it."""

    root: Path
    project: Path

    def put(self, place: str, text: str) -> Path:
        program = self.root / place
        program.parent.mkdir(parents=True, exist_ok=True)
        program.write_text(text)
        program.chmod(0o755)
        return program

    def setup(self, **more: str) -> subprocess.CompletedProcess[str]:
        variables = {"HOME": f"{self.root}/home", "PATH": f"{self.root}/bin", "ASKED": f"{self.root}/asked"}
        setup = self.project / ".ci/setup"
        return subprocess.run([setup], env=variables | more, cwd=self.root, capture_output=True, text=True, check=False)

    def asked(self) -> list[str]:
        """Give what the stand-ins were asked to do since the last look, looks at themselves left out."""
        log = self.root / "asked"
        lines = log.read_text().splitlines() if log.exists() else []
        log.unlink(missing_ok=True)
        return [line for line in lines if line.startswith("-m")]


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    root = tmp_path / "a machine"  # a space in every path, as on many a desktop
    machine = Machine(root, root / "the project")
    # This machine's own interpreters outside PATH and HOME must not be found.
    script = (REPOSITORY / ".ci/setup").read_text()
    for place in ("/usr/local/", "/opt/", "/Library/"):
        script = script.replace(f" {place}", f" /nonexistent{place}")
    machine.put("the project/.ci/setup", script)
    (machine.project / "pyproject.toml").write_text("[project]\n")
    (machine.project / "requirements-all.txt").write_text("numpy==2.5.5\n")
    (machine.root / "bin").mkdir()
    for tool in TOOLS:
        if found := shutil.which(tool):
            (machine.root / "bin" / tool).symlink_to(found)
    return machine


def test_without_a_python_that_runs_one_sentence_says_what_to_do(machine):
    machine.put("bin/python3.12", FAILING_LAUNCHER)
    machine.put("bin/python3", "#!/bin/sh\nexit 1\n")  # runs, and is too old
    done = machine.setup()
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("watersellers needs Python 3.12 or newer")
    assert done.stderr.count("\n") == 1
    assert not (machine.project / ".venv").exists()


def test_a_launcher_that_fails_is_passed_over_for_a_version_managers_folder(machine):
    machine.put("bin/python3.12", FAILING_LAUNCHER)
    found = machine.put("home/.pyenv/versions/3.12.1/bin/python", WORKING)
    assert machine.setup().returncode == 0
    assert (machine.project / ".venv/base").read_text().strip() == str(found)


def test_the_python_that_is_named_comes_first(machine):
    machine.put("bin/python3.13", WORKING)
    named = machine.put("elsewhere/my python", WORKING)
    assert machine.setup(PYTHON=str(named)).returncode == 0
    assert (machine.project / ".venv/base").read_text().strip() == str(named)


def test_a_second_set_up_does_nothing(machine):
    machine.put("bin/python3.13", WORKING)
    machine.setup()
    assert "-m venv .venv" in machine.asked()
    assert machine.setup().returncode == 0
    assert machine.asked() == []


def test_a_changed_lock_is_installed_into_the_same_environment(machine):
    machine.put("bin/python3.13", WORKING)
    machine.setup()
    machine.asked()
    (machine.project / "requirements-all.txt").write_text("numpy==2.5.6\n")
    assert machine.setup().returncode == 0
    asked = machine.asked()
    assert "-m venv .venv" not in asked
    assert any("--require-hashes -r requirements-all.txt" in line for line in asked)


def test_an_environment_whose_making_was_killed_is_made_anew(machine):
    machine.put("bin/python3.13", WORKING)
    machine.put("the project/.venv/bin/python", WORKING)
    left_over = machine.put("the project/.venv/lib/half_a_package", "")
    assert machine.setup().returncode == 0
    assert "-m venv .venv" in machine.asked()
    assert not left_over.exists()


def test_an_environment_that_was_moved_is_made_anew(machine):
    machine.put("bin/python3.13", WORKING)
    machine.setup()
    machine.asked()
    machine.project = machine.project.rename(machine.root / "moved")
    assert machine.setup().returncode == 0
    assert "-m venv .venv" in machine.asked()


def test_pip_installs_where_uv_will_not(machine):
    machine.put("bin/python3.13", WORKING)
    assert machine.setup(UV_STATUS="1").returncode == 0
    by_pip = [line for line in machine.asked() if line.startswith("-m pip install")]
    assert any("--require-hashes -r requirements-all.txt" in line for line in by_pip)
    assert any("--no-deps --no-build-isolation -e ." in line for line in by_pip)
