"""Carry out an addition of CONTRIBUTING.md in a copy of the project, step by step as the page tells.

A block of the page that begins with ``file=PATH`` is put into that file: as a whole where there is no such file, at its
``end``, or ``before``, ``after`` or in place of (``replace``) the one line that begins with the text in quotes. A block
that is marked ``run`` is run in the copy: Python by itself, a console line by line.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "CONTRIBUTING.md"
PARTS = ("market", "agents", "experiments", "viz", "tests")
BLOCK = re.compile(r"^```(\w+) (.+)\n((?:.*\n)*?)```$", re.MULTILINE)
WHERE = re.compile(r'(before|after|replace)="((?:[^"\\]|\\.)*)"')


@dataclass(frozen=True)
class Step:
    """A block of the page: in which language, what is to be done with it, and its text."""

    language: str
    order: str
    text: str


def additions() -> list[str]:
    """Kinds of additions that the page tells, as its headings call them."""
    return re.findall(r"^## (.+)$", BLOCK.sub("", PAGE.read_text(encoding="utf-8")), re.MULTILINE)


def steps(kind: str) -> list[Step]:
    """Blocks of the page about one kind of addition, in order."""
    _, _, rest = PAGE.read_text(encoding="utf-8").partition(f"\n## {kind}\n")
    end = min((at for other in additions() if (at := rest.find(f"\n## {other}\n")) >= 0), default=len(rest))
    return [Step(*found) for found in BLOCK.findall(rest[:end])]


def copied(to: Path) -> Path:
    """Copy the project's own files."""
    for part in PARTS:
        shutil.copytree(ROOT / part, to / part)  # with what Python has compiled: it looks at the dates of files
    (to / ".package/watersellers").mkdir(parents=True)
    package = (".package/watersellers/__init__.py", ".package/watersellers/__main__.py")
    for name in ("pyproject.toml", "README.md", "CONTRIBUTING.md", *package):
        shutil.copy(ROOT / name, to / name)
    return to


def carry_out(kind: str, tree: Path) -> Iterator[str]:
    """Make an addition in a copy; what each run prints.

    Raises
    ------
    AssertionError
        If a step does not fit the files, or a run fails.
    """
    for step in steps(kind):
        if step.order == "run":
            yield from _run(step, tree)
        else:
            _put(step, tree)


def _put(step: Step, tree: Path) -> None:
    """Put a block into its file."""
    name, _, where = step.order.removeprefix("file=").partition(" ")
    file = tree / name
    if not where:
        assert not file.exists(), f"{name} is there already"
        file.write_text(step.text, encoding="utf-8")
        return
    text = file.read_text(encoding="utf-8")
    if where == "end":
        file.write_text(text.rstrip("\n") + "\n" + step.text, encoding="utf-8")
        return
    found = WHERE.fullmatch(where)
    assert found, f"{name}: {where}: expected end, before, after or replace"
    how, start = found[1], found[2].replace('\\"', '"')
    lines = text.splitlines(keepends=True)
    numbers = [number for number, line in enumerate(lines) if line.startswith(start)]
    assert len(numbers) == 1, f"{name}: {len(numbers)} lines begin with {start!r}"
    at = numbers[0]
    lines[at + (how == "after") : at + (how != "before")] = [step.text]
    file.write_text("".join(lines), encoding="utf-8")


def _run(step: Step, tree: Path) -> Iterator[str]:
    """Run a block in the copy."""
    if step.language == "python":
        yield ran([sys.executable, "-c", step.text], tree)
        return
    for line in step.text.splitlines():
        program, *rest = shlex.split(line.removeprefix("$ "))
        assert program == "python", f"{line}: expected a line that begins with $ python"
        yield ran([sys.executable, *rest], tree)


def ran(command: list[str], tree: Path) -> str:
    """Run a command in a copy of the project, which it finds before any other."""
    environment = {**os.environ, "PYTHONPATH": str(tree / ".package"), "PYTHONDONTWRITEBYTECODE": ""}
    done = subprocess.run(command, cwd=tree, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout
