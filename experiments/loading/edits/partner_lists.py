"""Lists of partners: plain names, "all", or names with signs that extend or shorten the list so far.

A list is either plain names, which replace the list so far; or ``"all"``, perhaps with names to leave out, as
``["all", "-amd"]``; or names with signs, as ``["+groq", "-amd"]``. What is left keeps its order, and what is added
comes after it.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from watersellers.experiments.input.errors import FEW, likely_name, shown

ALL = "all"
NO_LIST = "an empty list means any of its region"


class WrongList(ValueError):
    """A list of partners can't be put together; the text says what was found, what was expected, and the cure."""


@dataclass(frozen=True)
class Customer:
    """A firm whose list is edited: its name, its list so far, and from whom it may buy while that is empty."""

    name: str
    listed: tuple[str, ...]
    reaches: Callable[[str], bool] | None  # None: from nobody while its list is empty

    @property
    def is_open(self) -> bool:
        """Whether it has no list and so may buy from any firm of its region."""
        return not self.listed and self.reaches is not None

    def may_buy_from(self, seller: str) -> bool:
        """Whether it may buy from a firm while it has no list."""
        return self.reaches is not None and self.reaches(seller)


def put_together(customer: Customer, entries: Sequence[str], everybody: Sequence[str]) -> tuple[str, ...]:
    """Return a customer's list after an edit of its own.

    Parameters
    ----------
    customer : Customer
        The firm, and its list so far.
    entries : sequence of str
        The list as it is written.
    everybody : sequence of str
        Names that ``"all"`` stands for, in order.

    Raises
    ------
    WrongList
        If the list mixes forms, adds a name that is there, or removes one that is not.
    """
    adding, removing = _read(entries)
    if not adding and not removing and ALL not in entries:
        return tuple(entries)
    before = tuple(name for name in everybody if name != customer.name) if ALL in entries else customer.listed
    if customer.is_open and ALL not in entries:
        open_to = f"{customer.name} has no list so far and may buy from any of its region"
        cure = f'write the names themselves, or ["{ALL}", "-name"]'
        raise WrongList(f"found {shown(list(entries))}, but {open_to}; {cure}")
    for name in adding:
        if name in before:
            raise WrongList(f"found '+{name}', but {name!r} is on the list already; leave it out")
    for name in removing:
        if name not in before:
            raise WrongList(f"found '-{name}', but {name!r} is not on the list{_meant(name, before)}")
    return _not_empty(customer, entries, (*(name for name in before if name not in removing), *adding))


def put_together_for_all(
    customers: Sequence[Customer], entries: Sequence[str], everybody: Sequence[str]
) -> dict[str, tuple[str, ...]]:
    """Return the list of each customer of a group after one edit for all of them.

    A name is added where it is missing and removed where it stands; it is wrong if that changes no list. Customers
    without a list keep none if they may buy from the added firms anyway.

    Raises
    ------
    WrongList
        As ``put_together``, or if the edit would not do for a customer without a list what it says.
    """
    adding, removing = _read(entries)
    if not adding and not removing:
        plain = tuple(everybody if ALL in entries else entries)
        return {each.name: tuple(name for name in plain if name != each.name) for each in customers}
    if ALL in entries:
        return {each.name: put_together(each, entries, everybody) for each in customers}
    _refuse_for_open_lists(customers, adding, removing)
    listed = [each for each in customers if not each.is_open]
    for name in adding:
        if listed and all(name in each.listed for each in listed):
            raise WrongList(f"found '+{name}', but {name!r} is on every list already; leave it out")
    for name in removing:
        if not any(name in each.listed for each in listed):
            names = [one for each in listed for one in each.listed]
            raise WrongList(f"found '-{name}', but {name!r} is on none of the lists{_meant(name, names)}")
    return {each.name: _extended(each, entries, adding, removing) for each in listed}


def _extended(
    customer: Customer, entries: Sequence[str], adding: Sequence[str], removing: Sequence[str]
) -> tuple[str, ...]:
    """Add the names that a list lacks, but never the customer itself, and take away those that it has."""
    kept = [name for name in customer.listed if name not in removing]
    new = [name for name in adding if name not in customer.listed and name != customer.name]
    try:
        return _not_empty(customer, entries, (*kept, *new))
    except WrongList as error:
        raise WrongList(f"{error} (the list of {customer.name})") from None


def names_in(entries: Iterable[str]) -> tuple[str, ...]:
    """Return the names that a list writes, without their signs."""
    return tuple(name.lstrip("+-") for name in entries if name != ALL)


def _read(entries: Sequence[str]) -> tuple[list[str], list[str]]:
    """Split a list into the names that it adds and those that it takes away; refuse one of several forms."""
    adding = [name[1:] for name in entries if name.startswith("+")]
    removing = [name[1:] for name in entries if name.startswith("-")]
    plain = [name for name in entries if name[:1] not in ("+", "-") and name != ALL]
    if plain and (adding or removing):
        cure = "sign each of them, or none"
        raise WrongList(f"found {shown(list(entries))}, plain and signed names in one list; {cure}")
    if ALL in entries and (plain or adding):
        other = (plain or [f"+{adding[0]}"])[0]
        cure = f'write "{ALL}" alone, or with names to leave out, as ["{ALL}", "-name"]'
        raise WrongList(f"found {other!r} beside {ALL!r}, which includes it; {cure}")
    signed = [*adding, *removing]
    for name in dict.fromkeys(signed):
        if signed.count(name) > 1:
            raise WrongList(f"found {name!r} with {signed.count(name)} signs, expected each name once")
    return adding, removing


def _refuse_for_open_lists(customers: Iterable[Customer], adding: list[str], removing: list[str]) -> None:
    """Refuse an edit that would not do for customers without a list what it says."""
    without = [each for each in customers if each.is_open]
    for name in removing:
        if still := [each.name for each in without if each.may_buy_from(name)]:
            why = f"may still buy from {name!r}, because {'it has' if len(still) == 1 else 'they have'} no list"
            raise WrongList(f'found \'-{name}\', but {_few(still)} {why}; write ["{ALL}", "-{name}"] there')
    for name in adding:
        if never := [each.name for each in without if each.name != name and not each.may_buy_from(name)]:
            why = f"{'has' if len(never) == 1 else 'have'} no list and may buy in the own region alone"
            raise WrongList(f"found '+{name}', but {_few(never)} {why}; write lists for them, or edit single lists")


def _not_empty(customer: Customer, entries: Sequence[str], names: tuple[str, ...]) -> tuple[str, ...]:
    if not names and customer.reaches is not None:
        raise WrongList(f"found {shown(list(entries))}, which leaves no name, and {NO_LIST}; write [] if that is meant")
    return names


def _meant(name: str, names: Iterable[str]) -> str:
    meant = likely_name(name, set(names))
    return f". Did you mean '-{meant}'?" if meant else "; leave it out"


def _few(names: Sequence[str]) -> str:
    """Write names, of many only the first."""
    more = f" and {len(names) - FEW} more" if len(names) > FEW else ""
    return f"{', '.join(names[:FEW])}{more}"
