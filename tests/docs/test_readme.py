"""The README says what is true: its code runs, its commands exist, and what it points to is there."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.tools.readme import README, ROOT, blocks
from watersellers.experiments.__main__ import main
from watersellers.experiments.runs.stopping import STATUSES

AGAIN = "print('again')"  # as in a notebook, whose cells are run again


def test_the_python_of_the_readme_runs_as_one_script_and_runs_again(tmp_path: Path) -> None:
    script = tmp_path / "readme.py"
    script.write_text("\n".join([*blocks("python"), AGAIN, *blocks("python")]), encoding="utf-8")
    done = subprocess.run([sys.executable, script], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    first, again = done.stdout.split("again\n")
    assert "Cloud" in first
    assert "Cloud" in again


@pytest.mark.parametrize("number", range(len(blocks("console"))))
def test_the_commands_of_the_readme_run_one_after_the_other(number: int, here: Path) -> None:
    for line in blocks("console")[number].splitlines():
        prompt, command, *words = line.split()
        assert (prompt, command) == ("$", "watersellers")
        assert main(words) == 0


@pytest.mark.parametrize("number", range(len(blocks("toml"))))
def test_the_scenarios_of_the_readme_run(number: int, here: Path) -> None:
    (here / "no_lock_in.toml").write_text(blocks("toml")[number], encoding="utf-8")
    assert main(["run", "no_lock_in.toml", "--months", "2", "--users", "300"]) == 0
    assert (here / "runs" / "no_lock_in-seed1" / "manifest.json").exists()


@pytest.mark.parametrize("command", sorted(set(re.findall(r"^\| `watersellers (\w+)", README, flags=re.MULTILINE))))
def test_every_command_of_the_table_has_help(command: str) -> None:
    assert main([command, "--help"]) == 0


def test_the_readme_says_how_a_command_ends() -> None:
    statuses = re.findall(r"^\| (\d+) \| ", README, flags=re.MULTILINE)
    assert [int(status) for status in statuses] == list(STATUSES)


def test_every_file_and_target_that_the_readme_names_exists() -> None:
    names = {name.rstrip("/") for name in re.findall(r"`((?:market|agents|experiments|viz)/[\w/.]*)`", README)}
    names |= set(re.findall(r"\]\(([\w/.]+)\)", README))
    missing = sorted(name for name in names if not (ROOT / name).exists())
    assert not missing
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert all(f"\n{target}:" in makefile for target in re.findall(r"`?make (\w+)", README) if target != "draws")


def test_a_title_with_markup_in_it_reaches_the_report_as_text(tmp_path: Path) -> None:
    from watersellers import run
    from watersellers.viz.reports.run_report import report_html

    titled = {"apps.perplexity.title": "<script>alert(1)</script>"}
    page = report_html(run("baseline", seed=1, months=2, users=100, set=titled))
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
