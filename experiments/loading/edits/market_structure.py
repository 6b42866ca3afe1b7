"""Market structure as one line: a layer of n equal firms in place of those that a scenario names."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from watersellers.experiments.input.errors import FEW
from watersellers.experiments.loading.edits.dated_events import DatedEvent
from watersellers.experiments.loading.edits.equal_events import EqualEvents, open_trade
from watersellers.experiments.loading.edits.equal_firms import Layer, RegionsFirms, regions_firms

AS_PART = "with an even part of what all of them have"
EVENT_OF = ", event "  # between the label of a file and the number of its event


@dataclass
class Structure:
    """A layer that becomes one of equal firms, and what that changes; ``label`` names the file that says so."""

    layer: Layer
    number: int
    label: str
    latest: str  # the label of the last file before it
    added: Sequence[str]  # the firms that this file describes

    def __post_init__(self) -> None:
        self.regions: list[RegionsFirms] = regions_firms(self.layer, self.number)
        self.replaced = self.layer.values.present()
        self.notes: list[str] = []
        self.warnings: list[str] = []

    @property
    def place(self) -> str:
        """The path of the number of firms."""
        return f"firms.{self.layer.name}"

    def names(self) -> list[str]:
        """List the equal firms."""
        return [name for there in self.regions for name in there.names]

    def cure(self) -> str:
        """Say what to write in place of a firm that is gone."""
        names = self.names()
        return f"write {names[0]}, as there are {names[0]} to {names[-1]}, or leave it out"

    def problems(self, table: Mapping[str, Any]) -> Iterator[str]:
        """Find out why a layer can't be divided; ``table`` has what the same file says of its firms."""
        name = self.layer.name
        if not self.regions:
            when = f"in {self.layer.start}" if self.layer.start else "from the start"
            yield (
                f"{self.place}: found {self.number}, but no firm of {name} is in business {when}, so there is nothing"
                f" to divide; describe firms in {name}.NAME, or let some begin earlier"
            )
        for there in self.regions:
            yield from (f"{self.place}: {problem}" for problem in there.outside())
        members = self.layer.values.members
        for firm in self.names():
            if firm in members and firm not in self.replaced and not members[firm].get("absent"):
                yield f"{self.place}: {firm!r} is the name of a firm that is there; give that one another name"
        for firm in self.replaced:
            if firm in table and firm not in self.names():
                yield (
                    f"{self.place}: replaces {firm!r}, which has values in {name}.{firm} of the same file; write them"
                    f" in {name}.{self.names()[0]}, or leave out one of the two"
                )

    def lay(
        self,
        places: Callable[[], Mapping[str, dict[str, Any]]],
        events: Sequence[DatedEvent],
        path_of: Callable[[DatedEvent], list[str]],
    ) -> tuple[list[DatedEvent], list[str]]:
        """Replace the firms; return the events with equal firms, and what is wrong with that."""
        carrying = EqualEvents(self.layer.name, self.regions, set(self.replaced), path_of)
        after = carrying.of(events)
        if problem := self._emptied(events, carrying):
            return list(events), [problem]
        tables = {name: table for there in self.regions for name, table in there.tables().items()}
        for firm in self.replaced:
            self.layer.values.members[firm]["absent"] = True
        opened, untied = open_trade(self.layer.name, places(), set(self.replaced) - set(tables))
        self.layer.values.members.update(tables)
        self.notes.append(f"{self.label}: {self._sentence()}{_said(opened, untied, carrying)}")
        return after, []

    def _emptied(self, events: Sequence[DatedEvent], carrying: EqualEvents) -> str:
        """Say that nothing is left of what a scenario asks, or warn that something of it is lost."""
        own = [event for event in events if event.place.startswith(f"{self.latest}{EVENT_OF}")]
        lost = [event for event in own if event in carrying.dropped]
        what = f"{_few(_names(lost))} of {self.latest}"
        if lost and len(lost) == len(own):
            return (
                f"{self.place}: found {self.number}, but {what}, all that it has, name firms of {self.layer.name} that"
                " would be replaced, so nothing would be left of its question; divide another layer, or extend another"
                " scenario"
            )
        before = {firm for there in self.regions for firm in there.before}
        added = [f"{self.layer.name}.{firm}" for firm in self.added if firm in self.replaced]
        if (lost or added) and not before & set(self.added):  # a file that describes the layer asks about no firm of it
            found = _few([*_names(lost), *added])
            self.warnings.append(
                f"{self.place}: {found} of {self.latest} change nothing, because equal firms replace all of"
                f" {self.layer.name}; write {self.place} = {self.number} in a scenario that {self.latest} extends, and"
                f" name {self.names()[0]} in place of a firm that is gone"
            )
        return ""

    def _sentence(self) -> str:
        """Say who takes whose place."""
        said = []
        for there in self.regions:
            who = (
                f"{there.number} equal firms, {there.names[0]} to {there.names[-1]},"
                if there.number > 1
                else (f"one firm, {there.names[0]},")
            )
            said.append(
                f"{who} in place of {', '.join(there.before)} in {there.region}, each like {there.pattern} {AS_PART}"
            )
        counted = {firm for there in self.regions for firm in there.before}
        later = [firm for firm in self.replaced if firm not in counted]
        return f"{self.place} = {self.number}: {'; '.join(said)}" + (
            f"; who would enter later never does: {', '.join(later)}" if later else ""
        )


def _said(opened: Sequence[str], untied: Sequence[str], carrying: EqualEvents) -> str:
    """Say what else changed."""
    parts = (
        ("any may be bought from, so these lists are gone", opened),
        ("tied to one firm and now to none", untied),
        ("events that happen to each of them", _names(carrying.carried)),
        ("dropped events", _names(carrying.dropped)),
    )
    return "".join(f"; {what}: {_few(named)}" for what, named in parts if named)


def _names(events: Iterable[DatedEvent]) -> list[str]:
    """Name events; those without a name by their places."""
    return [event.name or event.place for event in events]


def _few(names: Sequence[str]) -> str:
    """Write names, of many only the first."""
    more = f" and {len(names) - FEW} more" if len(names) > FEW else ""
    return f"{', '.join(names[:FEW])}{more}"


def makers_for_gone_clouds(vendors: Layer, clouds: Layer) -> list[str]:
    """List vendors that make machines for their owner's clouds alone, where these are gone: they go with them."""
    owners = {str(clouds.values.members[name].get("owner", name)) for name in clouds.values.present()}
    members = vendors.values.members
    made_for = {name: str(members[name].get("owner", name)) for name in vendors.values.present()}
    return [name for name, owner in made_for.items() if vendors.number(name, "group_only") > 0 and owner not in owners]
