"""Run commands in a test: here, or in a process of their own."""

import os
import subprocess
import sys
from pathlib import Path

from watersellers.experiments.__main__ import main


def output_of(capsys, *arguments):
    """Run a command that must end well, and give what it printed."""
    status = main(list(arguments))
    out, err = capsys.readouterr()
    assert (status, err) == (0, "")
    return out


def refusal_of(capsys, here, *arguments):
    """Run a command that must be refused without writing anything, and give what it said."""
    before = sorted(here.rglob("*"))
    status = main(list(arguments))
    out, err = capsys.readouterr()
    assert (status, out) == (2, "")
    assert sorted(here.rglob("*")) == before
    return err.rstrip("\n")


def alone(*arguments, cwd, path="", **environment):
    """Start the command line of this tree in a process of its own."""
    ours = os.pathsep.join(filter(None, [str(path), str(Path(__file__).parents[2] / ".package")]))
    command = [sys.executable, "-m", "watersellers", *arguments]
    variables = {**os.environ, "PYTHONPATH": ours, **environment}
    return subprocess.Popen(command, cwd=cwd, env=variables, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
