"""A file that is broken in one place is accepted, or refused with the place and the value.

Some hundreds of files here; ``BROKEN_FILES=10000`` in the environment asks for as many, in shards for ``pytest -n``.
``python -m tests.faults.test_broken_files 10000`` does the same and prints how many were tried and what was answered.
"""

import itertools
import os
import re
import sys
import tempfile
import time
import tomllib
import warnings
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from difflib import unified_diff
from itertools import product
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.tools import program_answers as answering
from tests.tools.file_breakers import Broken, broken_files
from tests.tools.good_files import KINDS, Good, good_files, written
from tests.tools.program_answers import Answer, answer
from tests.tools.refusal_judge import faults

FEW = 400  # files that a run of all tests breaks
SHARD = 50  # files that are broken with one seed
RIGHT = ("taken", "refused")
IN_ALL = int(os.environ.get("BROKEN_FILES", FEW))
LINES, LONGEST = 6, 200  # of a broken file that are shown, and characters of each
EVERY = 5  # of so many files one goes through the command line too


@dataclass
class Tally:
    """What was answered, by the kind of file and how it was broken, and each answer that is a fault."""

    counts: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    slowest: float = 0.0

    def add(self, broken: Broken, found: Answer) -> None:
        self.counts[broken.good.kind, broken.how, found.what] += 1
        self.slowest = max(self.slowest, found.seconds)
        if found.what not in RIGHT:
            self.wrong.append(f"{found.what}: {found.why}\n{described(broken)}")


def described(broken: Broken) -> str:
    """Say how a file was broken: the lines that are not as they were."""
    before = broken.base.splitlines()
    now = broken.data.decode("utf-8", errors="backslashreplace").splitlines()
    lines = [line for line in unified_diff(before, now, n=0, lineterm="") if line[:3] not in ("---", "+++")]
    shown = "\n".join(f"    {line[:LONGEST]!r}" for line in lines[:LINES])
    return f"  {broken.how} in the {broken.good.kind} {broken.good.name}\n{shown}"


def tally(kind: str, shard: int, files: int = SHARD) -> Tally:
    """Break so many files of a kind, and ask about each."""
    found, count = Tally(), itertools.count()

    @seed(shard)
    @settings(
        max_examples=files, database=None, deadline=None, phases=[Phase.generate], suppress_health_check=HealthCheck
    )
    @given(broken_files(kind))
    def ask(broken: Broken) -> None:
        number = next(count)
        with tempfile.TemporaryDirectory() as folder:
            found.add(broken, answer(broken, Path(folder), command=number % EVERY == 0))

    ask()
    return found


def shards(files: int) -> list[tuple[str, int]]:
    """Share out files over all kinds, each shard with its number."""
    return list(product(KINDS, range(-(-files // (SHARD * len(KINDS))))))


@pytest.mark.parametrize(("kind", "shard"), shards(IN_ALL))
def test_a_file_that_is_broken_in_one_place_is_taken_or_refused_by_place_and_value(kind, shard):
    found = tally(kind, shard)
    assert found.wrong == [], f"{len(found.wrong)} of {found.counts.total()}:\n" + "\n".join(found.wrong)


@pytest.mark.parametrize("good", [good for kind in KINDS for good in good_files(kind)], ids=lambda good: good.name)
def test_a_file_that_is_not_broken_is_taken(good, tmp_path):
    assert tomllib.loads(written(good.doc, good.question)) == good.doc  # what is written anew is the same
    whole = Broken(good, good.text, "not at all", good.text.encode())
    assert answer(whole, tmp_path, command=False).what == "taken"


BASE = "# What if?\n[chips]\nlock_in = 0.5\n[[event]]\nvalue = 1\n"


@pytest.mark.parametrize(
    ("now", "sentence", "lacking"),
    [
        ("lock_in = -1", "F, chips.lock_in: found -1, expected 0 to 20", ""),
        ("lock_in = -1", "chips.lock_in: found -1, expected 0 to 20", "does not name the file"),
        ("lock_in = -1", "F, chips: found -1, expected 0 to 20", "does not name the place and the value"),
        ("lock_in = -1", "F, chips.lock_in: expected 0 to 20", "does not name the place and the value"),
        ("lock_in = -1", "F, chips.lock_in: found -1\x1b[2J", "has signs that are not printed"),
        ("lock_in = -1", f"F, chips.lock_in: found -1{' and' * 1000}", "floods the screen"),
        ("lock_in = -1", "\n".join(["F, chips.lock_in: found -1"] * 12), "floods the screen"),
        ("lock_on = 0.5", "F, chips: unknown key 'lock_on'", ""),
        ("lock_on = 0.5", "F, chips: unknown key", "does not name the place and the value"),
        ("", "F, chips.lock_in: is missing", ""),
        ("", "F: something is missing", "does not name the place and the value"),
        ("lock_in = ", "F, line 3: Invalid value; found 'lock_in ='", ""),
        ("lock_in = ", "F, line 2: Invalid value; found '[chips]'", "does not name the place and the value"),
        ("lock_in = ", "F, line 3: Invalid value", "does not name the place and the value"),
        ("lock_in = \0", "F, line 3: found a NUL character", ""),
        ("lock_in = \0", "F: found a NUL character", "does not name the place and the value"),
        ("[[event]]\nvalue = 7\n[[event]]", "F, event 1.value: found 7", ""),
        ("[[event]]\nvalue = 7\n[[event]]", "F, event 4.value: found 7", "does not name the place and the value"),
        ("lock_in = 1979-05-27", "F, chips.lock_in: found datetime.date(1979, 5, 27), expected a number", ""),
    ],
)
def test_a_refusal_that_lacks_the_file_the_place_or_the_value_is_a_fault(now, sentence, lacking):
    good = Good("scenario", "small", BASE)
    broken = Broken(good, BASE, "by hand", BASE.replace("lock_in = 0.5", now).encode())
    assert faults(broken, "F", sentence) == lacking


@pytest.mark.parametrize(
    ("door", "what"),
    [(lambda file: 1 // 0, "traceback"), (lambda file: time.sleep(9), "slow")],
    ids=["raises", "hangs"],
)
def test_an_answer_without_a_sentence_is_a_fault(door, what, tmp_path, monkeypatch):
    monkeypatch.setitem(answering.DOORS, "scenario", door)
    monkeypatch.setattr(answering, "LIMIT", 0.2)
    good = good_files("scenario")[0]
    assert answer(Broken(good, good.text, "not at all", b""), tmp_path, command=False).what == what


def _loud(job: tuple[str, int]) -> Tally:
    warnings.simplefilter("error")
    return tally(*job)


def main(files: int) -> int:
    """Break many files on all cores, and print how many were tried, what was answered, and one fault of each kind."""
    found = Tally()
    with ProcessPoolExecutor() as pool:
        for each in pool.map(_loud, shards(files)):
            found.counts += each.counts
            found.wrong += each.wrong
            found.slowest = max(found.slowest, each.slowest)
    lines = [f"{kind:12} {how:10} {what:10} {number:6}" for (kind, how, what), number in sorted(found.counts.items())]
    alike = Counter(map(_likeness, found.wrong))
    first = {_likeness(each): each for each in reversed(found.wrong)}
    lines += [f"{number} like this: {first[likeness]}" for likeness, number in alike.most_common()]
    lines += [f"{found.counts.total()} files, {len(found.wrong)} wrong answers, {found.slowest:.1f} s the slowest"]
    sys.stdout.write("\n".join(lines) + "\n")
    return 1 if found.wrong else 0


def _likeness(wrong: str) -> str:
    """Give what faults of one kind have in common: the sentence without its names and numbers."""
    return re.sub(r"'[^']*'|/\S+|\d+|[a-z_]+\.[a-z_.]+", "#", wrong.partition("\n")[0])[:100]


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
