"""Equal firms in place of a layer's: as many in each region, each like the largest there, with an even part of all.

What a firm has by its size is added up over those that are in business from the start, and divided: machines, hours,
money, people who know it, pages. What it can do and how it decides is that of the largest firm: prices, unit costs,
quality, lock-in, strategies. Research that is owed whatever is sold, the cost of an index and other costs of doing a
thing at all are not divided: that each firm has them is what more firms cost.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from watersellers.experiments.loading.edits.group_values import Group
from watersellers.experiments.loading.parameters import FIRMS, Parameters
from watersellers.market.goods import REGIONS

MOST = 100  # firms per region; a layer of more is a synthetic world's
SIZES = {  # the numbers that grow with a firm
    "chips": ("opening_capacity", "opening_cash", "owner_funds", "staff", "story"),
    "cloud": ("opening_hours", "opening_cash", "owner_funds", "older_revenue", "older_cash", "story"),
    "labs": ("opening_cash", "opening_budget", "opening_load", "owner_funds", "staff", "story"),
    "apps": (
        *("opening_known", "opening_cash", "list_marketing", "owner_funds", "staff", "story"),
        *("captive", "channel", "opening_pages"),
    ),
}
LARGEST_BY = {  # the first that differs says who is the largest
    "chips": ("opening_capacity",),
    "cloud": ("opening_hours",),
    "labs": ("knowledge", "opening_cash"),
    "apps": ("opening_known", "list_marketing", "opening_cash"),
}
SOLD_TO_ALL = {"chips": {"group_only": 0.0}, "cloud": {"sells": 1.0}}
UNTIED = {**SOLD_TO_ALL, "labs": {"revenue_share": 0.0}}  # numbers of a firm that deals with all alike
SINGULAR = {"chips": "vendor", "cloud": "cloud", "labs": "lab", "apps": "app"}
IDENTITY = {"key", "title", "owner", "founder", "patron", "enters", "absent", *FIRMS}
FIRST_KEY = 10_001  # of the first layer's first region; further ones follow at these distances
LAYER_KEYS, REGION_KEYS = 10_000, 1_000


@dataclass(frozen=True)
class Layer:
    """The firms of a layer while a scenario is put together."""

    name: str
    values: Group
    parameters: Parameters
    start: str  # the first month, as 2023-01; an empty text if no file has named it yet

    def number(self, firm: str, key: str) -> float:
        """Return a firm's number: the scenario's, else the parameter table's; 0 if there is no such number."""
        value = self.values.value(firm, key)
        return float(self.parameters.value(self.name, firm, key) or 0.0) if value is None else float(value)

    def in_business(self) -> list[str]:
        """List the firms that are there from the first month on, in the order of their keys."""
        members = self.values.members
        return [firm for firm in self.values.present() if members[firm].get("enters", self.start or "0") <= self.start]

    def region_served(self, firm: str) -> str:
        """Return the region in which a firm sells: its own, but the other one for a vendor that sells abroad alone."""
        region = str(self.values.members[firm].get("region", ""))
        if self.name != "chips" or self.number(firm, "at_home") > 0:
            return region
        return next((other for other in REGIONS if other != region), region)

    def sells_to_all(self, firm: str) -> bool:
        """Say whether a vendor or a cloud sells outside its owner's group."""
        return all(self.number(firm, key) == value for key, value in SOLD_TO_ALL.get(self.name, {}).items())

    def size(self, firm: str, key: str, pattern: str) -> float:
        """Return what a firm adds to a total; machines count by their performance, against the pattern's."""
        if key != "opening_capacity" or not self.number(pattern, "performance"):
            return self.number(firm, key)
        return self.number(firm, key) * self.number(firm, "performance") / self.number(pattern, "performance")


@dataclass(frozen=True)
class RegionsFirms:
    """The firms of a layer in one region, and how many equal ones take their place."""

    layer: Layer
    region: str
    before: tuple[str, ...]  # in business from the start
    number: int

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of the equal firms."""
        return tuple(f"{SINGULAR[self.layer.name]}_{self.region}_{number}" for number in range(1, self.number + 1))

    @cached_property
    def pattern(self) -> str:
        """The largest firm, among those that sell to others if there are any; of equal ones the first by its key."""
        layer = self.layer
        selling = [firm for firm in self.before if layer.sells_to_all(firm)] or self.before
        return max(selling, key=lambda firm: [layer.size(firm, key, selling[0]) for key in LARGEST_BY[layer.name]])

    def parts(self) -> dict[str, float]:
        """Return an even part of each total."""
        layer, known = self.layer, self.layer.parameters.numbers(self.layer.name)
        totals = {
            key: sum(layer.size(firm, key, self.pattern) for firm in self.before)
            for key in SIZES[layer.name]
            if key in known
        }
        return {key: total / self.number for key, total in totals.items()}

    def outside(self) -> Iterator[str]:
        """Say which parts lie outside the range of their number."""
        rows = self.layer.parameters.numbers(self.layer.name)
        for key, part in self.parts().items():
            row = rows[key]
            if not row.low <= part <= row.high:
                cure = "fewer" if part < row.low else "more"
                found = f"found {self.number}, but each in {self.region} would begin with {key} = {part:g}"
                yield f"{found}, expected {row.low:g} to {row.high:g} {row.unit}; write {cure} firms"

    def tables(self) -> dict[str, dict[str, Any]]:
        """Describe the new firms: the largest one's numbers and choices, even parts of all sizes, and no ties."""
        group, values = self.layer.name, self.layer.values
        own = values.members[self.pattern]
        given = self.layer.parameters.own(group).get(self.pattern, {})
        rows = {key: row.value for key, row in given.items() if key not in own and key not in values.common}
        kept = {key: value for key, value in own.items() if key not in IDENTITY}
        numbers = self.layer.parameters.numbers(group)
        free = {key: value for key, value in UNTIED.get(group, {}).items() if key in numbers}
        founder = {"founder": found} if (found := self._founder()) else {}
        first = FIRST_KEY + LAYER_KEYS * FIRMS.index(group) + REGION_KEYS * REGIONS.index(self.region)
        return {
            name: {
                "key": first + place,
                "title": self._title(place + 1),
                **founder,
                **(rows | kept | self.parts() | free),
            }
            for place, name in enumerate(self.names)
        }

    def _title(self, number: int) -> str:
        return f"{SINGULAR[self.layer.name].capitalize()} {number} ({self.region.capitalize()})"

    def _founder(self) -> str:
        """Return who pays for the largest firm's rounds, else for most of those in its place."""
        members = self.layer.values.members
        if "founder" in members[self.pattern]:
            return str(members[self.pattern]["founder"])
        paying = Counter(str(members[firm]["founder"]) for firm in self.before if "founder" in members[firm])
        return next((name for name, _ in paying.most_common(1)), "")


def regions_firms(layer: Layer, number: int) -> list[RegionsFirms]:
    """Divide a layer's firms by the region that they serve, each region with as many equal firms to come."""
    served: dict[str, list[str]] = {region: [] for region in REGIONS}
    for firm in layer.in_business():
        if (region := layer.region_served(firm)) in served:
            served[region].append(firm)
    return [RegionsFirms(layer, region, tuple(there), number) for region, there in served.items() if there]
