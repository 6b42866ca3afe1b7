"""The users of a world can be looked at one by one, and looking changes nothing."""

import numpy as np
import pytest
from mesa.agent import AgentSet

from tests.runs.short_worlds import KINDS, USERS, journal_digest, run_to_end, world_of
from watersellers.agents.users.kernel.contract import NO_APP
from watersellers.agents.users.month import Users
from watersellers.experiments.runs.world import World
from watersellers.market.write_guard import ChangedByHand


def test_a_user_can_be_inspected():
    world = world_of(1)
    people, names = world.parts[Users].people, world.users.names
    people.app[:3], people.tier[:3], people.known[:] = [1, NO_APP, 0], [0, 0, 1], 0
    for app in (0, 1):
        people.make_known(app, np.arange(USERS) == 0)
    first, idle, payer = (world.users[row] for row in range(3))
    assert (first.app, first.tier, first.known) == (names[1], "free", (names[0], names[1]))
    assert (idle.app, idle.tier, idle.known) == (None, None, ())
    assert (payer.app, payer.tier) == (names[0], "paid")
    for row, user in enumerate(world.users):
        assert (user.unique_id, user.row, user.model, user.pos) == (row, row, world, None)
        assert user.region == ("west", "china")[people.region[row]]
        assert (user.people, user.use, user.worth) == (people.weight[row], people.use[row], people.worth[row])
    assert world.users[-1].row == USERS - 1


@pytest.mark.parametrize("row", [USERS, -USERS - 1])
def test_a_user_who_is_not_there_is_refused(world, row):
    with pytest.raises(IndexError, match=f"user {row}: there are {USERS} users, numbered from 0"):
        world.users[row]


def test_users_are_an_agent_set_outside_the_register():
    world = run_to_end(world_of(2))
    registered = [firm.unique_id for firm in world.agents]
    faces = world.users.as_agents()
    assert isinstance(faces, AgentSet)
    assert len(faces) == len(world.users) == USERS
    assert faces.agg("people", sum) == world.parts[Users].people.weight.sum()
    assert [firm.unique_id for firm in world.agents] == registered
    assert set(world.agents_by_type) == set(KINDS)
    assert world.users[17] in faces
    with pytest.raises(ChangedByHand, match=r"users\[17\]: can't be changed by hand; World\.set"):
        world.users[17].remove()
    assert [firm.unique_id for firm in world.agents] == registered


def test_users_selected_from_a_set_that_is_dropped_stay(world):
    chosen = world.users.as_agents().select(lambda user: user.region == "china")
    assert len(chosen) == (world.parts[Users].people.region == 1).sum() > 0
    assert chosen.agg("use", max) == world.parts[Users].people.use[world.parts[Users].people.region == 1].max()
    assert set(world.users.as_agents().groupby("region").count()) == {"west", "china"}


def test_the_view_of_a_user_shows_its_current_state():
    world = world_of(2)
    faces = world.users.as_agents()
    assert faces.agg("app", set) == {None}
    world.parts[Users].people.app[5] = 2
    assert faces.agg("app", set) == {None, world.users.names[2]}


def test_looking_at_users_changes_nothing(world):
    other = world_of(3)
    while other.running:
        other.users.as_agents().shuffle(inplace=True)
        other.step()
    assert journal_digest(other) == journal_digest(world)


def test_a_part_asked_for_by_name_raises_with_the_right_access():
    with pytest.raises(AttributeError, match=r"parts\.labs: a part is asked for by its class, as in parts\[Labs\]"):
        World("plain", rng=1, months=1, users=10).parts.labs  # noqa: B018
