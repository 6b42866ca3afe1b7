"""Options and arguments of every command: a bad number is named, and any text can be printed on any console."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from tests.tools.commands import alone, refusal_of
from watersellers import Result
from watersellers.experiments.__main__ import app, main

SMALL = ["--months=1", "--users=20"]
CHINESE = "\u667a\u8c31 \U0001f4c8"
SCENARIO = f'''# What if {CHINESE}?
extends = "baseline"

[labs.zhipu]
title = "{CHINESE}"
'''


COMMANDS: Any = vars(get_command(app))["commands"]


def numbers():
    """Give each option of each command that takes a number."""
    for name, command in COMMANDS.items():
        for parameter in command.params:
            if parameter.metavar == "NUMBER":
                yield name, parameter.opts[0]


@pytest.mark.parametrize(("command", "option"), list(numbers()))
@pytest.mark.parametrize("value", ["abc", "1e", "9" * 5000, "nan", "inf", ""])
def test_an_option_that_is_no_number_is_refused_with_what_was_found(capsys, here, command, option, value):
    sentence = refusal_of(capsys, here, command, f"{option}={value}")
    assert f"Invalid value for '{option}': found {value[:20]!r}"[:-1] in sentence
    expected = "expected a whole number, as in 10", "expected a number, as in 0.5"
    assert sentence.endswith((*expected, f"{expected[0]}, or all"))


@pytest.mark.parametrize("command", COMMANDS)
def test_no_command_reads_numbers_in_another_way(capsys, command):
    assert main([command, "--help"]) == 0
    assert not {"INTEGER", "FLOAT", "<int>", "<float>"} & set(capsys.readouterr().out.replace("[", " ").split())


@pytest.mark.parametrize(
    ("encoding", "command"),
    [
        ("ascii", ["scenarios", "show"]),
        ("ascii", ["scenarios", "show", "--json"]),
        ("utf-8", ["scenarios", "show", "--json"]),
        ("cp1252", ["run", *SMALL]),
    ],
)
def test_any_title_can_be_printed_on_any_console(here, encoding, command):
    (here / "mine.toml").write_text(SCENARIO, encoding="utf-8")
    process = alone(*command, "mine.toml", cwd=here, PYTHONIOENCODING=encoding, PYTHONUTF8="0")
    out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, "")
    if "--json" in command:
        assert json.loads(out)["labs"]["zhipu"]["title"] == CHINESE


def test_any_error_can_be_printed_on_any_console(here):
    name = f"{CHINESE}.toml".encode()
    process = alone("run", os.fsdecode(name), cwd=here, PYTHONIOENCODING="ascii")
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (2, "")
    assert err.endswith("toml: there is no such file\n")


def test_a_run_whose_output_is_closed_is_saved_all_the_same(here):
    command = f"exec {sys.executable} -m watersellers run --months 1 --users 20 >&- 2>&-"
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2] / ".package")}
    assert subprocess.run(["sh", "-c", command], cwd=here, env=environment, timeout=60).returncode == 0
    assert Result.open(here / "runs/baseline-seed1").manifest["status"] == "done"
