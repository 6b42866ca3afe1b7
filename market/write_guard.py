"""The guard of a world's state: what the month writes, nobody writes by hand between two months.

A number that is changed in an attribute would stand in no scenario, no checkpoint and no manifest, and many would be
overwritten in the next month. So it is refused, with the name of what works: ``World.set``.
"""

from typing import Any, ClassVar, NoReturn

from watersellers.market.clock import Clock

HOW = "World.set(path, value) changes a number, a strategy or partners from the next month on, and the run records it"
_write, _delete = object.__setattr__, object.__delattr__


class ChangedByHand(AttributeError):
    """Somebody tried to write the state of a world by hand; nothing was changed."""


def refuse_hand(what: str, example: str = "chips.lock_in") -> NoReturn:
    """Raise ChangedByHand: say what can't be changed by hand, and how it is changed."""
    raise ChangedByHand(f"{what}: can't be changed by hand; {HOW}, as in world.set({example!r}, value)")


class Guarded:
    """Something whose attributes are written while its world is built, and inside of a month, and else by nobody."""

    _clock: ClassVar[Clock] = Clock()  # never sealed; an object of a world gets that of its world

    def obey(self, clock: Clock) -> None:
        """Be guarded from now on, whenever this clock is sealed and stands between two months."""
        _write(self, "_clock", clock)

    def path(self) -> str:
        """Say where in the world it is, as in apps.chatgpt."""
        return type(self).__name__.lower()

    def example(self) -> str:
        """Name a path that can be set instead."""
        return "chips.lock_in"

    def __setattr__(self, name: str, value: Any) -> None:
        """Write an attribute, or refuse to."""
        clock = self._clock
        if not clock.phase and clock.sealed:
            refuse_hand(f"{self.path()}.{name}", self.example())
        _write(self, name, value)

    def __delattr__(self, name: str) -> None:
        """Delete an attribute, or refuse to."""
        if not self._clock.phase and self._clock.sealed:
            refuse_hand(f"{self.path()}.{name}", self.example())
        _delete(self, name)


class FixedTable[K, V](dict[K, V]):
    """A table that is replaced as a whole and never changed in place, so that its owner's guard sees each change."""

    def changed(self, key: K, value: V) -> "FixedTable[K, V]":
        """Return the table with another value."""
        return FixedTable({**self, key: value})

    def _refuse(self, *given: Any, **named: Any) -> NoReturn:
        """Raise ChangedByHand."""
        refuse_hand(str(given[0]) if given and isinstance(given[0], str) else "a table of the world")

    __setitem__ = __delitem__ = update = setdefault = pop = popitem = clear = __ior__ = _refuse

    def __reduce__(self) -> tuple[Any, ...]:
        """Rebuild the table in another process, or in a copy."""
        return FixedTable, (dict(self),)
