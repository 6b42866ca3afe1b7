"""Build synthetic worlds: any number of firms per layer, drawn from one seed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np

from watersellers.experiments.input.errors import BadInput, refuse, shown
from watersellers.experiments.input.plain_values import plain_value, plain_values
from watersellers.experiments.loading.catalogue import Catalogue, builtin_catalogue
from watersellers.experiments.loading.checks.consistency import NEEDING_HOURS
from watersellers.experiments.loading.limits import wrong_seed_or_months
from watersellers.experiments.loading.parameters import FIRMS, GROUPS, WORK, WORLD, Parameter
from watersellers.market.chance import Chance
from watersellers.market.exact import whole
from watersellers.market.goods import REGIONS, SECTORS

FIRST_KEY = 1_000_000  # distance between the keys of layers: more firms in one layer change no other key
SECTOR_KEY = 100  # first key of the outside sectors' regions and the investors, ten apart
WORK_KEY = 190  # of the one segment of work
SUPPLIERS = {"cloud": "chips", "labs": "cloud", "apps": "labs"}
MOST = 10_000  # firms per layer
LENT = 10_000_000_000  # USD of lenders' cash if strategies are drawn


@dataclass(frozen=True)
class Size:
    """The number of firms in each layer, and how much they differ.

    ``china`` is the share of firms in China; ``partners`` the number of suppliers that a firm may buy from (0: all in
    its region); ``spread`` the share by which a firm's numbers may differ from the table's (0: all equal); ``mixed``
    says whether strategies are drawn from the menus or are those of the reference world; ``owners`` is the number of
    owners of half of the firms (0: each firm owns itself); ``tied`` says whether each lab has a cloud as its patron,
    and each app another app from which it may buy searches.
    """

    chips: int = 3
    cloud: int = 6
    labs: int = 8
    apps: int = 20
    china: float = 0.3
    partners: int = 0
    spread: float = 0.2
    mixed: bool = False
    owners: int = 0
    tied: bool = False

    def firms(self, group: str) -> int:
        """Return the number of firms of a layer."""
        return int(getattr(self, group))


def synthetic(
    size: Size | None = None, seed: int = 1, months: int = 48, catalogue: Catalogue | None = None
) -> dict[str, Any]:
    """Draw a synthetic world as a scenario, ready for ``run``, ``World`` and ``load_scenario``.

    A firm's draws depend only on the seed and its key: adding firms changes none of the others.

    Raises
    ------
    BadInput
        If a size, the seed or the months are impossible. Other mistakes of the scenario are found when it is loaded.
    """
    size, seed, months = _checked(Size() if size is None else size, seed, months)
    catalogue = catalogue or builtin_catalogue()
    name = "_".join(["synthetic", *(str(size.firms(group)) for group in FIRMS), f"seed{seed}"])
    head: dict[str, Any] = {"name": name, "question": "Who profits in a chain of firms that nobody has named?"}
    head |= {"start": "2023-01", "months": months}
    if size.mixed and "lenders_cash" in catalogue.parameters.numbers(WORLD):
        head[WORLD] = {"lenders_cash": LENT}  # some clouds will borrow
    numbered = enumerate((*SECTORS, "investors"))
    usual = {group: _usual(catalogue, group) for group in GROUPS}
    around = {group: usual[group] | _regions(catalogue, group, SECTOR_KEY + 10 * number) for number, group in numbered}
    drawing = FirmDraw(size, catalogue, Chance(seed, 0))
    if "share" in catalogue.parameters.numbers(WORK):
        around[WORK] = usual[WORK] | {"tasks": {"key": WORK_KEY, "share": 1}}  # all work is of one kind
    return head | around | {group: usual[group] | drawing.firms(group) for group in FIRMS}


def _checked(size: Any, seed: Any, months: Any) -> tuple[Size, int, int]:
    """Refuse an impossible size, seed or length; turn numpy's numbers into Python's."""
    if not isinstance(size, Size):
        raise BadInput(f"size: found {shown(size)}, expected a Size, as in Size(chips=3, apps=20)")
    values = {each.name: plain_value(getattr(size, each.name)) for each in fields(Size)}
    problems = [
        f"size, {key}: found {shown(value)}, expected {_EXPECTED[key]}"
        for key, value in values.items()
        if not _fits(key, value)
    ]
    seed, months = plain_values(seed, months)
    refuse([*problems, *wrong_seed_or_months(seed, months)])
    return Size(**values), seed, months


_COUNTS, _SHARES, _CHOICES = (*FIRMS, "partners", "owners"), ("china", "spread"), ("mixed", "tied")
_EXPECTED = {
    **dict.fromkeys(_COUNTS, f"0 to {MOST}, a whole number"),
    **dict.fromkeys(_SHARES, "0 to 1"),
    **dict.fromkeys(_CHOICES, "True or False"),
}


def _fits(key: str, value: object) -> bool:
    """Say whether a value fits a field of a size: a whole number of firms, a share, or a yes or no."""
    if key in _CHOICES or isinstance(value, bool):
        return key in _CHOICES and isinstance(value, bool)
    if key in _COUNTS:
        return isinstance(value, int) and 0 <= value <= MOST
    return isinstance(value, int | float) and 0 <= value <= 1


def _usual(catalogue: Catalogue, group: str) -> dict[str, Any]:
    """Choose a group's strategies and numbers: the bare chain's, else the first on each menu and the table's."""
    values, menus = _plain(catalogue, group), catalogue.menus.get(group, {})
    chosen = {decision: values.get(decision, next(iter(menu))) for decision, menu in menus.items()}
    return chosen | _numbers(catalogue, group, values)


def _plain(catalogue: Catalogue, group: str) -> Mapping[str, Any]:
    """Return what the file of the bare chain has of a group; nothing in a catalogue without it."""
    values: Mapping[str, Any] = catalogue.read("plain").doc.get(group, {}) if "plain" in catalogue.names() else {}
    return values


def _numbers(catalogue: Catalogue, group: str, values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name in catalogue.parameters.numbers(group)}


def _regions(catalogue: Catalogue, group: str, key: int) -> dict[str, Any]:
    """Describe the regions of an outside sector, or an investor of each region, with the reference world's numbers."""
    there = [own for own in _plain(catalogue, group).values() if isinstance(own, Mapping)]
    found: dict[str, Any] = {}
    for number, region in enumerate(REGIONS):
        numbers = [_numbers(catalogue, group, own) for own in there if own.get("region") == region]
        name = region if group in SECTORS else f"venture_{region}"
        found[name] = {"key": key + number, "region": region} | (numbers[0] if numbers else {})
    return found


@dataclass(frozen=True)
class FirmDraw:
    """Draws firms, by hashes of the seed, the purpose of the draw, and the firm's key."""

    size: Size
    catalogue: Catalogue
    chance: Chance
    drawn: dict[tuple[str, int], list[float]] = field(default_factory=dict)  # by purpose and layer: one draw per firm
    homes: dict[tuple[str, str], list[int]] = field(default_factory=dict)  # firms of a layer in a region

    def firms(self, group: str) -> dict[str, Any]:
        """Describe the firms of a layer."""
        return {f"{group}_{number}": self._firm(group, number) for number in range(1, self.size.firms(group) + 1)}

    def _key(self, group: str, number: int) -> int:
        return FIRST_KEY * (FIRMS.index(group) + 1) + number

    def _draw(self, purpose: str, key: int) -> float:
        layer, number = divmod(key, FIRST_KEY)
        if (purpose, layer) not in self.drawn:
            keys = layer * FIRST_KEY + np.arange(1, self.size.firms(FIRMS[layer - 1]) + 1)
            self.drawn[purpose, layer] = self.chance.uniform(f"synthetic {purpose}", keys).tolist()
        return self.drawn[purpose, layer][number - 1]

    def _region(self, group: str, number: int) -> str:
        return REGIONS[self._draw("region", self._key(group, number)) < self.size.china]

    def _firm(self, group: str, number: int) -> dict[str, Any]:
        """Describe one firm."""
        key, region = self._key(group, number), self._region(group, number)
        firm: dict[str, Any] = {"key": key, "region": region, "founder": f"venture_{region}"}
        if group in SUPPLIERS:
            firm[SUPPLIERS[group]] = self._partners(SUPPLIERS[group], key, region)
        if group == "apps" and self.size.mixed and (abroad := self._abroad("cloud", key, region)):
            firm["cloud"] = abroad  # some apps will serve a model themselves
        firm |= self._owner(key) | self._choices(group, key)
        firm |= self._ties(group, number) if self.size.tied else {}
        rows = self.catalogue.parameters.numbers(group)
        at_home = {region: 1} if region in rows else {}  # an app is available in its own region
        return firm | self._numbers(rows, key) | at_home

    def _choices(self, group: str, key: int) -> dict[str, str]:
        """Draw a firm's strategies from the menus; without clouds, none that needs one."""
        if not self.size.mixed:
            return {}
        hours = () if self.size.cloud else [(rule.layer, rule.decision) for rule in NEEDING_HOURS]
        menus = self.catalogue.menus.get(group, {})
        drawn = {decision: list(menu)[int(self._draw(decision, key) * len(menu))] for decision, menu in menus.items()}
        return {decision: name for decision, name in drawn.items() if (group, decision) not in hours}

    def _owner(self, key: int) -> dict[str, str]:
        """Draw a firm's owner: one of the owners, or with the same probability the firm itself."""
        number = int(self._draw("owner", key) * 2 * self.size.owners)
        return {"owner": f"owner_{number + 1}"} if number < self.size.owners else {}

    def _ties(self, group: str, number: int) -> dict[str, Any]:
        """Choose the patron of a lab, or for an app an earlier app that sells it searches."""
        key = self._key(group, number)
        if group == "labs" and self.size.cloud:
            return {"patron": self._nearest("cloud", key, range(1, self.size.cloud + 1))}
        if group == "apps" and self.size.apps > 1:
            return {"apps": [self._nearest("apps", key, range(1, number) or (2,))]}
        return {}

    def _nearest(self, layer: str, key: int, numbers: Sequence[int]) -> str:
        """Choose the firm of a layer that comes first by a hash of both keys."""
        ties = self.chance.hashes(f"synthetic tie to {layer}", key, whole(numbers)).tolist()
        return f"{layer}_{min(zip(ties, numbers, strict=True))[1]}"

    def _partners(self, layer: str, key: int, region: str) -> list[str]:
        """Choose suppliers in the firm's region, or anywhere if it has none; an empty list means all of it."""
        numbers, home = range(1, self.size.firms(layer) + 1), self._home(layer, region)
        if home and not self.size.partners:
            return []
        ties = self.chance.hashes("synthetic partners", key, whole(home or numbers)).tolist()
        ranked = sorted(zip(ties, home or numbers, strict=True))
        return [f"{layer}_{number}" for _, number in ranked[: self.size.partners or None]]

    def _abroad(self, layer: str, key: int, region: str) -> list[str]:
        """Choose suppliers anywhere if the firm's region has none."""
        return [] if self._home(layer, region) else self._partners(layer, key, region)

    def _home(self, layer: str, region: str) -> list[int]:
        """List the numbers of the firms of a layer in a region."""
        if (layer, region) not in self.homes:
            numbers = range(1, self.size.firms(layer) + 1)
            self.homes[layer, region] = [number for number in numbers if self._region(layer, number) == region]
        return self.homes[layer, region]

    def _numbers(self, rows: Mapping[str, Parameter], key: int) -> dict[str, float]:
        """Draw a firm's numbers around the table's, within their ranges; whole months stay whole."""
        if not self.size.spread:
            return {}
        drawn = {}
        for name, row in rows.items():
            reach = abs(row.value) * self.size.spread
            low, high = max(row.low, row.value - reach), min(row.high, row.value + reach)
            value = low + (high - low) * self._draw(name, key)
            drawn[name] = float(round(value)) if row.unit.startswith("months") and row.value.is_integer() else value
        return drawn
