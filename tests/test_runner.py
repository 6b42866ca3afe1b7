"""The thread behind the lab: every control of a run, without a browser."""

import threading
import time

import pytest

from experiments.steering import Change, Recipe, setting_of
from experiments.tape import result_of
from experiments.world import World
from viz.live.runner import FASTEST, Runner

SMALL = Recipe(users=100, seed=2)


@pytest.fixture
def runner():
    made = Runner(SMALL)
    made.wait_for(lambda view: view.setting is not None and not view.busy)
    yield made
    made.close()


def digest_of(runner):
    view = runner.view
    given = World(view.setting, rng=view.recipe.seed, users=view.recipe.users).given
    return result_of(view.tape, view.setting, given).manifest["digest"]


def digest_of_a_run(recipe, months):
    world = World(setting_of(recipe), rng=recipe.seed, months=months, users=recipe.users)
    while world.running:
        world.step()
    return world.result().manifest["digest"]


def lived(count):
    return lambda view: len(view.tape) == count and not view.busy


def test_a_step_lives_one_month_and_then_rests(runner):
    runner.ask("step")
    runner.wait_for(lived(1))
    runner.ask("step")
    view = runner.wait_for(lived(2))
    assert not view.playing
    assert [month.number for month in view.tape] == [0, 1]


def test_play_goes_on_until_pause(runner):
    runner.ask("speed", FASTEST)
    runner.ask("play")
    runner.wait_for(lambda view: len(view.tape) >= 3)
    runner.ask("pause")
    rested = len(runner.wait_for(lambda view: not view.playing).tape)
    time.sleep(0.3)
    assert len(runner.view.tape) == rested


def test_play_keeps_to_the_pace_that_was_asked(runner):
    runner.ask("speed", 2.0)
    runner.ask("play")
    started = time.monotonic()
    runner.wait_for(lambda view: len(view.tape) >= 4)
    assert time.monotonic() - started >= 1.4  # the first month at once, then half a second between two


def test_a_run_ends_with_its_last_month():
    runner = Runner(Recipe(scenario="baseline", users=50), until=46)
    runner.wait_for(lived(46), 120)
    runner.ask("speed", FASTEST)
    runner.ask("play")
    view = runner.wait_for(lambda view: view.over and not view.playing, 60)
    assert len(view.tape) == view.goal == 48
    runner.close()


def test_what_was_played_is_the_run_of_the_same_seed(runner):
    for _ in range(3):
        runner.ask("step")
    runner.wait_for(lived(3))
    assert digest_of(runner) == digest_of_a_run(SMALL, 3)


def test_a_change_acts_from_the_next_month_as_a_dated_event_would(runner):
    for _ in range(3):
        runner.ask("step")
    runner.ask("change", ("chips.lock_in", 0.1, 3))
    for _ in range(3):
        runner.ask("step")
    view = runner.wait_for(lived(6))
    assert view.recipe.changes == (Change("2023-04", "chips.lock_in", 0.1),)
    assert digest_of(runner) == digest_of_a_run(view.recipe, 6)


def test_a_new_future_from_an_earlier_month_is_the_run_with_that_change(runner):
    for _ in range(5):
        runner.ask("step")
    before = runner.wait_for(lived(5)).tape
    runner.ask("change", ("apps.list_price", 2.0, 2))
    view = runner.wait_for(lambda view: view.recipe.changes and not view.busy)
    assert [month.number for month in view.tape] == [0, 1]
    assert view.tape[1] is before[1]  # what was stays what it was
    for _ in range(3):
        runner.ask("step")
    view = runner.wait_for(lived(5))
    assert digest_of(runner) == digest_of_a_run(Recipe(users=100, seed=2, changes=view.recipe.changes), 5)
    assert digest_of(runner) != digest_of_a_run(SMALL, 5)


def test_going_back_lets_go_of_the_changes_that_came_later(runner):
    runner.ask("step")
    runner.ask("change", ("chips.lock_in", 0.1, 1))
    runner.ask("step")
    runner.ask("branch", 0)
    view = runner.wait_for(lambda view: not view.tape and not view.busy)
    assert view.recipe.changes == ()
    runner.ask("step")
    runner.wait_for(lived(1))
    assert digest_of(runner) == digest_of_a_run(SMALL, 1)


def test_another_run_begins_with_its_own_recipe(runner):
    runner.ask("step")
    runner.ask("start", (Recipe(users=50, seed=9, set={"chips.lock_in": 0.3}), 2))
    view = runner.wait_for(lambda view: view.recipe.seed == 9 and lived(2)(view))
    assert digest_of(runner) == digest_of_a_run(view.recipe, 2)


@pytest.mark.parametrize(
    ("command", "value", "said"),
    [
        ("change", ("chips.lock_im", 1.0, 0), "lock_in"),
        ("change", ("chips.lock_in", -5.0, 0), "lock_in"),
        ("start", (Recipe(scenario="nowhere"), 0), "nowhere"),
        ("speed", 0.0, "speed"),
    ],
)
def test_a_command_that_cannot_be_done_is_told_and_the_run_goes_on(runner, command, value, said):
    runner.ask(command, value)
    view = runner.wait_for(lambda view: view.failed)
    assert said in view.failed
    runner.ask("step")
    assert len(runner.wait_for(lambda view: len(view.tape) == 1).tape) == 1


def test_a_closed_runner_leaves_no_thread_behind():
    before = threading.active_count()
    runner = Runner(SMALL)
    runner.close()
    assert not runner.running
    assert threading.active_count() == before
