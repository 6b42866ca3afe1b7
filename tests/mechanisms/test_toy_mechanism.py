"""A mechanism is added by one file, one line of the schedule and its rows of numbers, and by nothing else.

The mechanism of CONTRIBUTING.md is put into a copy of the project, and lives there: its numbers are set by scenarios,
settings and events, its payments are in the books, and a checkpoint keeps what it remembers.
"""

import subprocess
import sys

import pytest

from tests.tools.contributing import carry_out, copied, ran, steps

KIND = "A mechanism"
TRIED = """
import sys
from watersellers import World, run

off = run("plain", months=3, users=50)
print(off.manifest["digest"])


def paid(result):
    rows = result.flows.filter(payer="chatgpt", good="wages").group_by("month").agg(cents="cents").sort("month")
    return [sum(cents == 123_456_00 for cents in month) for month in rows["cents"].to_list()]


on = {"apps.chatgpt.dues": 123456}
print(paid(run("plain", months=5, users=50, set=on)))
own = {"extends": "plain", "name": "own", "question": "Who pays dues?"}
print(paid(run(own | {"apps": {"dues": 123456, "dues_times": 1}}, months=5, users=50)))
event = {"month": "2023-03", "what": "set", "path": "apps.chatgpt.dues", "value": 123456}
print(paid(run(own | {"event": [event]}, months=6, users=50)))
whole, half = (World("plain", rng=1, months=5, users=50, set=on) for _ in range(2))
half.step(), half.step()
half = World.load(half.save(sys.argv[1]))
for world in (whole, half):
    while world.running:
        world.step()
print(whole.result().manifest["digest"] == half.result().manifest["digest"], paid(half.result()))
"""


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    """A copy of the project with the mechanism in it."""
    made = copied(tmp_path_factory.mktemp("tree") / "project")
    list(carry_out(KIND, made))
    return made


def test_a_mechanism_is_one_file_one_line_and_its_rows(tree):
    out = ran([sys.executable, "-c", TRIED, str(tree / "half.ckpt")], tree)
    off, by_setting, by_file, by_event, again = out.splitlines()
    command = "from watersellers import run; print(run('plain', months=3, users=50).manifest['digest'])"
    here = subprocess.run([sys.executable, "-c", command], cwd=tree.parent, capture_output=True, text=True, check=True)
    assert off == here.stdout.strip()  # a switch that is off moves nothing
    assert by_setting == "[1, 1, 1, 0, 0]"
    assert by_file == "[1, 0, 0, 0, 0]"
    assert by_event == "[0, 0, 1, 1, 1, 0]"
    assert again == "True [1, 1, 1, 0, 0]"


def test_nothing_else_is_touched():
    touched = [step.order.removeprefix("file=").split()[0] for step in steps(KIND) if step.order != "run"]
    rules = {"agents/apps/dues.py", "agents/schedule.py", "experiments/parameters.csv"}
    assert set(touched) == rules | {"tests/worlds/blocks/dues.toml"}  # the last is a scenario that switches it on


def test_its_numbers_are_listed_like_any(tree):
    out = ran([sys.executable, "-m", "watersellers", "parameters", "dues"], tree)
    assert "apps.dues_times" in out
    assert "apps.dues " in out
