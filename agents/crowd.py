"""A face for each row of the users' columns, so that one can be looked at like any agent."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import mesa
from mesa.agent import AgentSet

from watersellers.agents.kernel.contract import NO_APP
from watersellers.agents.users import Users


class User(mesa.Agent):
    """One simulated user: a look at a row of the columns, outside the model's register of agents."""

    def __init__(self, crowd: "Crowd", row: int):
        self.model, self.unique_id, self.pos = crowd.model, row, None  # as Mesa's own do, but for registering
        self.row, self._crowd = row, crowd

    @property
    def region(self) -> str:
        """The user's region."""
        return self._crowd.users.members[int(self._crowd.users.people.region[self.row])].name

    @property
    def people(self) -> int:
        """How many people this user stands for."""
        return int(self._crowd.users.people.weight[self.row])

    @property
    def worth(self) -> float:
        """Dollars that a unit of utility is worth to it."""
        return float(self._crowd.users.people.worth[self.row])

    @property
    def use(self) -> int:
        """Queries a month, if nothing limits it."""
        return int(self._crowd.users.people.use[self.row])

    @property
    def app(self) -> str | None:
        """The app it uses, None if none."""
        row = int(self._crowd.users.people.app[self.row])
        return None if row == NO_APP else self._crowd.names[row]

    @property
    def tier(self) -> str | None:
        """free or paid; None if it uses no app."""
        return None if self.app is None else ("free", "paid")[int(self._crowd.users.people.tier[self.row])]

    @property
    def further(self) -> tuple[str, ...]:
        """The other apps that it uses besides."""
        column = self._crowd.users.people.further[self.row].tolist()
        return tuple(self._crowd.names[seat // 2] for seat in column if seat != NO_APP)

    @property
    def known(self) -> tuple[str, ...]:
        """The apps it has heard of."""
        people = self._crowd.users.people
        return tuple(name for app, name in enumerate(self._crowd.names) if people.knows(app)[self.row])


@dataclass
class Crowd:
    """The users of a model as a sequence of faces."""

    model: Any
    users: Users
    names: list[str]
    faces: list[User] = field(default_factory=list, repr=False)  # made when an AgentSet is asked for

    def __len__(self) -> int:
        return len(self.users.people)

    def __getitem__(self, row: int) -> User:
        if not -len(self) <= row < len(self):
            raise IndexError(f"user {row}: there are {len(self)} users, numbered from 0")
        return self.faces[row] if self.faces else User(self, int(row) % len(self))

    def __iter__(self) -> Iterator[User]:
        return (self[row] for row in range(len(self)))

    def as_agents(self) -> AgentSet:
        """Put all faces into an AgentSet, outside the model's register.

        An AgentSet does not hold on to its members, so the crowd does from now on: what is selected out of
        the set stays as long as the model does.
        """
        self.faces = self.faces or list(self)
        return AgentSet(self.faces, random=self.model.random)
