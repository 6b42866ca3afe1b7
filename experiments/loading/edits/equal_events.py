"""Dated events of firms that equal ones replace: the largest firm's happen to each of them, sizes are divided again."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from watersellers.experiments.loading.edits.dated_events import DatedEvent
from watersellers.experiments.loading.edits.equal_firms import SIZES, UNTIED, RegionsFirms

SOURCED = {"chips": ("cloud",), "cloud": ("labs",), "labs": ("apps",)}  # the groups whose sourcing is about a layer
AMONG_EQUALS = {"own_first": "spread", "only_best": "best_evenly"}  # in place of buying all from one firm
LONGEST_NAME = 60  # letters of an event's name


@dataclass
class EqualEvents:
    """Carries the events of a layer over to its equal firms, in the order of their months."""

    layer: str
    regions: Sequence[RegionsFirms]
    replaced: set[str]
    path_of: Callable[[DatedEvent], list[str]]
    carried: list[DatedEvent] = field(default_factory=list)  # they happen to each equal firm now
    dropped: list[DatedEvent] = field(default_factory=list)
    sizes: dict[tuple[str, str], float] = field(default_factory=dict)  # of replaced firms by now, by firm and number

    def of(self, events: Sequence[DatedEvent]) -> list[DatedEvent]:
        """Return the events as they are with equal firms; those about nobody of the layer are unchanged."""
        kept: list[DatedEvent] = []
        for event in sorted(events, key=lambda each: str(each.content["month"])):
            keys = self.path_of(event)
            if keys[0] == self.layer and len(keys) > 2 and keys[1] in self.replaced:
                new = list(self._carried(event, keys))
                (self.carried if new else self.dropped).append(event)
                kept += new
            elif event.content["what"] == "partners" and keys[-1] == self.layer:
                self.dropped.append(event)  # everybody may buy from everybody
            else:
                kept.append(event)
        return kept

    def _carried(self, event: DatedEvent, keys: list[str]) -> Iterator[DatedEvent]:
        """Yield an event of a replaced firm for each equal firm of its region, if it says anything about them."""
        firm, key = keys[1], keys[-1]
        there = next((each for each in self.regions if firm in each.before), None)
        if there is None or event.content["what"] == "partners" or key in UNTIED.get(self.layer, {}):
            return
        if event.content["what"] == "set" and key in SIZES[self.layer]:
            change: dict[str, Any] = {"value": self._part(there, firm, key, float(event.content["value"]))}
        elif firm == there.pattern:
            change = {}
        else:
            return
        content = {name: value for name, value in event.content.items() if name not in ("text", "name")}
        for name in there.names:
            named = f"{self._plain_name(event, there)}_{name}"
            own = {"name": named} if event.name and len(named) <= LONGEST_NAME else {}
            path = {"path": ".".join([self.layer, name, *keys[2:]])}
            yield replace(event, content=own | content | change | path, of_absent=False)

    def _plain_name(self, event: DatedEvent, there: RegionsFirms) -> str:
        """Return an event's name without that of an equal firm of an earlier division."""
        return event.name.removesuffix(f"_{there.pattern}")

    def _part(self, there: RegionsFirms, firm: str, key: str, value: float) -> float:
        """Return an even part of the region's total after one of its firms has changed."""
        for each in there.before:
            self.sizes.setdefault((each, key), there.layer.size(each, key, there.pattern))
        self.sizes[firm, key] = value
        return sum(self.sizes[each, key] for each in there.before) / there.number


def open_trade(layer: str, places: Mapping[str, dict[str, Any]], replaced: set[str]) -> tuple[list[str], list[str]]:
    """Let everybody buy from everybody of a layer, and untie who is left from replaced firms.

    Returns
    -------
    tuple of list of str
        The paths of the lists that were taken away; and of owners and patrons that were replaced firms, and of rules
        by which all is bought from one firm, which divide it among equals now.
    """
    opened, untied = [], []
    for path, own in places.items():
        if isinstance(own.get(layer), list):
            del own[layer]
            opened.append(f"{path}.{layer}")
        for role in ("owner", "patron"):
            if own.get(role) in replaced:
                del own[role]
                untied.append(f"{path}.{role}")
                if role == "patron":
                    own["revenue_share"] = 0.0
        rule = (own.get("sourcing") or {}).get("use") if path.partition(".")[0] in SOURCED.get(layer, ()) else None
        if rule in AMONG_EQUALS:
            own["sourcing"] = {"use": AMONG_EQUALS[rule]}
            untied.append(f"{path}.sourcing")
    return opened, untied
