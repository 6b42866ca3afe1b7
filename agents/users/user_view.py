"""A view of the users: each row of their columns as an object, like any agent."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import mesa
from mesa.agent import AgentSet

from watersellers.agents.users.kernel.contract import NO_APP
from watersellers.agents.users.month import Users
from watersellers.market.write_guard import refuse_hand


class User(mesa.Agent):
    """One simulated user: a view of a row of the columns, outside the model's register of agents."""

    def __init__(self, view: "UserView", row: int):
        self.model, self.unique_id, self.pos = view.model, row, None  # as in Mesa, but without registering
        self.row, self._view = row, view

    def __setattr__(self, name: str, value: Any) -> None:
        """Refuse to write: a user is a view of the columns, which the months write."""
        if "_view" in vars(self):
            refuse_hand(f"users[{self.row}].{name}", "users.west.price_weight")
        object.__setattr__(self, name, value)

    def remove(self) -> None:
        """Refuse to leave: the user stands for people who stay in the population."""
        refuse_hand(f"users[{self.row}]", "users.west.price_weight")

    @property
    def region(self) -> str:
        """The user's region."""
        return self._view.users.members[int(self._view.users.people.region[self.row])].name

    @property
    def people(self) -> int:
        """Number of people that this user represents."""
        return int(self._view.users.people.weight[self.row])

    @property
    def worth(self) -> float:
        """Dollars that a unit of utility is worth to the user."""
        return float(self._view.users.people.worth[self.row])

    @property
    def use(self) -> int:
        """Queries per month, if nothing limits them."""
        return int(self._view.users.people.use[self.row])

    @property
    def app(self) -> str | None:
        """The main app of the user; None if it uses no app."""
        row = int(self._view.users.people.app[self.row])
        return None if row == NO_APP else self._view.names[row]

    @property
    def tier(self) -> str | None:
        """The tier of its main app, free or paid; None if it uses no app."""
        return None if self.app is None else ("free", "paid")[int(self._view.users.people.tier[self.row])]

    @property
    def further(self) -> tuple[str, ...]:
        """The further apps that the user has."""
        column = self._view.users.people.further[self.row].tolist()
        return tuple(self._view.names[seat // 2] for seat in column if seat != NO_APP)

    @property
    def known(self) -> tuple[str, ...]:
        """The apps that the user knows."""
        people = self._view.users.people
        return tuple(name for app, name in enumerate(self._view.names) if people.knows(app)[self.row])


@dataclass
class UserView:
    """The users of a model as a sequence of objects."""

    model: Any
    users: Users
    names: list[str]
    user_objects: list[User] = field(default_factory=list, repr=False)  # made when an AgentSet is asked for

    def __len__(self) -> int:
        return len(self.users.people)

    def __getitem__(self, row: int) -> User:
        if not -len(self) <= row < len(self):
            raise IndexError(f"user {row}: there are {len(self)} users, numbered from 0")
        return self.user_objects[row] if self.user_objects else User(self, int(row) % len(self))

    def __iter__(self) -> Iterator[User]:
        return (self[row] for row in range(len(self)))

    def as_agents(self) -> AgentSet:
        """Return an AgentSet of all users, outside the model's register.

        An AgentSet does not keep its members alive, so this view keeps them from now on: a selection from the set stays
        as long as the model does.
        """
        self.user_objects = self.user_objects or list(self)
        return AgentSet(self.user_objects, random=self.model.random)
