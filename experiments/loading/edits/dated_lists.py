"""Lists of partners that dated events change: each signed list edits the one that its firm has by then."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from watersellers.experiments.loading.edits.group_values import Group, customer_of
from watersellers.experiments.loading.edits.partner_lists import put_together


@dataclass
class DatedLists:
    """The lists of partners as events change them, in the order of their months."""

    groups: Mapping[str, Group]
    now: dict[tuple[str, str, str], tuple[str, ...]] = field(default_factory=dict)  # by group, firm and layer

    def change(self, keys: Sequence[str], entries: Sequence[str]) -> tuple[str, ...]:
        """Change a list as an event says, and return its names; ``keys`` are its group, firm and layer.

        Raises
        ------
        WrongList
            If the list mixes forms, adds a name that is there by then, or removes one that is not.
        """
        group, firm, layer = keys
        customer = customer_of(self.groups, group, firm, layer)
        listed = self.now.get((group, firm, layer), customer.listed)
        names = put_together(replace(customer, listed=listed), entries, self.groups[layer].present())
        self.now[group, firm, layer] = names
        return names
