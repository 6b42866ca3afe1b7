"""A mechanism is added by one file, one line of the schedule and its rows of numbers, and by nothing else.

The tree is copied, a toy mechanism is put into it, and it lives there: its numbers are set by scenarios, settings and
events, its payments are in the books, and what it remembers is in a checkpoint.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("market", "agents", "experiments")

FILE = '''
"""Dues: an app pays a trade body so much a month, until it has paid so many times."""

from dataclasses import dataclass
from typing import ClassVar, Self

from watersellers.agents.app import App
from watersellers.agents.firm import Common
from watersellers.agents.parts import Parts
from watersellers.agents.setting import Traits
from watersellers.market.goods import Good, Item
from watersellers.market.ledger import Ledger
from watersellers.market.orders import Trades, due, payment
from watersellers.market.saved import Saved
from watersellers.market.units import cents


@dataclass(frozen=True, slots=True)
class DueNumbers(Traits):
    """Dollars a month, and how often they are paid."""

    dues: float
    dues_times: float


class Dues:
    """The trade body, outside the chain."""

    NUMBERS: ClassVar = {"apps": (DueNumbers,)}
    SAVED: ClassVar[Saved] = {"paid": dict[int, int]}

    def __init__(self, apps: list[App], common: Common):
        self.apps, self.common = apps, common
        self.paid: dict[int, int] = {}  # times so far, by app

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Take the apps of the setting."""
        return cls(parts.those(App), parts.common)

    def spend(self, ledger: Ledger) -> Trades:
        """Pay the month's dues."""
        rows = []
        for firm in self.apps:
            numbers, paid = firm.numbers[DueNumbers], self.paid.get(firm.place, 0)
            if firm.alive and numbers.dues > 0 and paid < numbers.dues_times:
                self.paid[firm.place] = paid + 1
                pay = cents(numbers.dues)
                rows.append(payment(firm.place, Item.OPERATING_COST, self.common.world, Good.WAGES, pay))
        return due(rows)
'''
LINE = '        Turn(Dues, "apps pay dues to a trade body", {Apps: "staff and media are paid first"}),\n'
ROWS = """apps.dues,USD a month,0,0,1000000,a toy,,what an app pays a trade body
apps.dues_times,times,3,0,1000,a toy,,how often
"""
TRIED = """
import sys
from watersellers import World, run

off = run("baseline", months=3, users=50)
print(off.manifest["digest"])


def paid(result):
    rows = result.flows.filter(payer="chatgpt", good="wages").group_by("month").agg(cents="cents").sort("month")
    return [sum(cents == 123_456_00 for cents in month) for month in rows["cents"].to_list()]


on = {"apps.chatgpt.dues": 123456}
print(paid(run("baseline", months=5, users=50, set=on)))
own = {"extends": "baseline", "name": "own", "question": "Who pays dues?"}
print(paid(run(own | {"apps": {"dues": 123456, "dues_times": 1}}, months=5, users=50)))
event = {"month": "2023-03", "what": "set", "path": "apps.chatgpt.dues", "value": 123456}
print(paid(run(own | {"event": [event]}, months=6, users=50)))
whole, half = (World("baseline", rng=1, months=5, users=50, settings=on) for _ in range(2))
half.step(), half.step()
half = World.load(half.save(sys.argv[1]))
for world in (whole, half):
    while world.running:
        world.step()
print(whole.result().manifest["digest"] == half.result().manifest["digest"], paid(half.result()))
"""


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    """A copy of the rooms with the toy in it."""
    package = tmp_path_factory.mktemp("tree") / "watersellers"
    package.mkdir()
    for room in ROOMS:
        shutil.copytree(ROOT / room, package / room, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("__init__.py", "__main__.py"):
        shutil.copy(ROOT / ".package/watersellers" / name, package)
    (package / "agents/dues.py").write_text(FILE.lstrip(), encoding="utf-8")
    schedule, before = package / "agents/schedule.py", '        Turn(Search, "apps pay for their indexes"'
    text = schedule.read_text(encoding="utf-8")
    assert text.count(before) == 1
    imported = "from watersellers.agents.dues import Dues\n\nFIRMS"
    schedule.write_text(text.replace(before, LINE + before).replace("\nFIRMS", imported, 1), encoding="utf-8")
    with (package / "experiments/parameters.csv").open("a", encoding="utf-8") as table:
        table.write(ROWS)
    return package.parent


def ran(tree, *command):
    environment = {**os.environ, "PYTHONPATH": str(tree), "PYTHONPYCACHEPREFIX": str(tree / "compiled")}
    done = subprocess.run([sys.executable, *command], cwd=tree, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_mechanism_is_one_file_one_line_and_its_rows(tree):
    off, by_setting, by_file, by_event, again = ran(tree, "-c", TRIED, str(tree / "half.ckpt")).splitlines()
    command = "from watersellers import run; print(run('baseline', months=3, users=50).manifest['digest'])"
    here = subprocess.run([sys.executable, "-c", command], cwd=tree.parent, capture_output=True, text=True, check=True)
    assert off == here.stdout.strip()  # a switch that is off moves nothing
    assert by_setting == "[1, 1, 1, 0, 0]"
    assert by_file == "[1, 0, 0, 0, 0]"
    assert by_event == "[0, 0, 1, 1, 1, 0]"
    assert again == "True [1, 1, 1, 0, 0]"


def test_its_numbers_are_listed_like_any(tree):
    out = ran(tree, "-m", "watersellers", "parameters", "dues")
    assert "apps.dues_times" in out
    assert "apps.dues " in out
