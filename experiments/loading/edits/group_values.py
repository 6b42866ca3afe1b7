"""The values of a group while a scenario is put together: those for all its members, and each member's own."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from watersellers.experiments.loading.edits.partner_lists import (
    Customer,
    WrongList,
    put_together,
    put_together_for_all,
)
from watersellers.experiments.loading.parameters import FIRMS

COMMON = ""  # stands for the list that members have who get none of their own


@dataclass
class Group:
    """The values of a group so far: those for all its members, and each member's own."""

    common: dict[str, Any] = field(default_factory=dict)
    members: dict[str, dict[str, Any]] = field(default_factory=dict)

    def lay(self, table: Mapping[str, Any], shared: set[str]) -> None:
        """Apply a group's table; the keys in ``shared`` hold values for all members."""
        common = {key: value for key, value in table.items() if key in shared}
        self.common |= common
        for member in self.members.values():
            for key in common:
                member.pop(key, None)
        for name, own in table.items():
            if name not in shared:
                self.members.setdefault(name, {}).update(own)

    def value(self, member: str, key: str) -> Any:
        """Return the value of a member's key: its own, else the group's, else None."""
        return self.members[member].get(key, self.common.get(key))

    def partners(self, member: str, layer: str) -> tuple[str, ...]:
        """Return the partners of a member in a layer: its own list, else the group's without itself."""
        listed = self.value(member, layer) or ()
        return tuple(listed if layer in self.members[member] else (name for name in listed if name != member))

    def present(self) -> list[str]:
        """List the members that are described and not left out, in the order of their keys."""
        there = [(own["key"], name) for name, own in self.members.items() if "key" in own and not own.get("absent")]
        return [name for _, name in sorted(there)]


@dataclass(frozen=True)
class ListEdits:
    """The lists of partners in a group's table: those for the whole group, and each member's own, by layer."""

    group: str
    common: Mapping[str, Sequence[str]]
    own: Mapping[str, Mapping[str, Sequence[str]]]

    @classmethod
    def taken_from(cls, group: str, table: dict[str, Any]) -> "ListEdits":
        """Take the lists out of a group's table."""
        common = {layer: table.pop(layer) for layer in FIRMS if isinstance(table.get(layer), list)}
        own = {
            name: {layer: values.pop(layer) for layer in FIRMS if isinstance(values.get(layer), list)}
            for name, values in table.items()
            if isinstance(values, dict)
        }
        return cls(group, common, own)

    def paths(self) -> Iterator[str]:
        """Yield the path of each list that is written."""
        yield from (f"{self.group}.{layer}" for layer in self.common)
        yield from (f"{self.group}.{name}.{layer}" for name, lists in self.own.items() for layer in lists)


def edit_lists(groups: Mapping[str, Group], edits: ListEdits) -> Iterator[str]:
    """Apply the lists of a group's table, those for the whole group first; yield what is wrong with them."""
    group = groups[edits.group]
    for layer, entries in edits.common.items():
        plainly = {name for name, lists in edits.own.items() if _is_plain(lists.get(layer, ["+"]))}
        customers = [customer_of(groups, edits.group, name, layer) for name in group.present() if name not in plainly]
        if layer in group.common:
            customers.append(Customer(COMMON, tuple(group.common[layer]), None))
        try:
            for name, names in put_together_for_all(customers, entries, groups[layer].present()).items():
                (group.members[name] if name != COMMON else group.common)[layer] = list(names)
        except WrongList as error:
            yield f"{edits.group}.{layer}: {error}"
        else:
            if _is_plain(entries):
                group.common[layer] = list(entries)
    for name, lists in edits.own.items():
        for layer, entries in lists.items():
            try:
                customer = customer_of(groups, edits.group, name, layer)
                group.members[name][layer] = list(put_together(customer, entries, groups[layer].present()))
            except WrongList as error:
                yield f"{edits.group}.{name}.{layer}: {error}"


def _is_plain(entries: Sequence[str]) -> bool:
    return all(name[:1].isalpha() for name in entries) and "all" not in entries


def customer_of(groups: Mapping[str, Group], group: str, name: str, layer: str) -> Customer:
    """Describe a customer whose list is edited."""
    reaches = None if layer == "apps" else _reaches(groups, groups[group].members[name].get("region"), layer)
    return Customer(name, groups[group].partners(name, layer), reaches)


def _reaches(groups: Mapping[str, Group], region: Any, layer: str) -> Callable[[str], bool]:
    """Return whether a customer of a region without a list may buy from a firm: machines are sold abroad too."""
    sellers = groups[layer].members
    return lambda seller: layer == "chips" or sellers.get(seller, {}).get("region") == region
