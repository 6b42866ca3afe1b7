"""The shadow of owners' capital: what owners would put into firms that go on as they began."""

from typing import ClassVar, Self

from watersellers.agents.economy_parts import Parts
from watersellers.agents.finance.owner_funding import OlderBusinesses, capital_asked
from watersellers.agents.firm import Firm, Registers
from watersellers.market.accounting.ledger import Ledger
from watersellers.market.saved import Saved

OPENING_MONTHS = 3  # in business, after which a firm of the shadow goes on as it began


class CapitalOfFirmsAsTheyBegan:
    """Firms that need and burn what they did in their first months, each with cash of its own.

    ``first`` are the cents that each firm needed and burned in its first months, ``cash`` is what it has after these;
    by account.
    """

    SAVED: ClassVar[Saved] = {"first": dict[int, list[tuple[int, int]]], "cash": dict[int, int]}

    def __init__(self, owners: OlderBusinesses, registers: Registers):
        self.owners, self.registers = owners, registers
        self.first: dict[int, list[tuple[int, int]]] = {}
        self.cash: dict[int, int] = {}

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Take the owners and the firms that they fund."""
        return cls(parts[OlderBusinesses], parts.registers)

    def month(self, ledger: Ledger) -> dict[int, int]:
        """Live a month; cents that owners put into each firm, by account."""
        return {firm.account: self._paid(firm, ledger) for firm in self.owners.funded}

    def _paid(self, firm: Firm, ledger: Ledger) -> int:
        """Cents that a firm gets: in its first months what it truly got, later what it asks for as it began."""
        account = firm.account
        seen = self.first.setdefault(account, [])
        if len(seen) < OPENING_MONTHS:
            seen.append((self.owners.needs.get(account, 0), int(self.registers.last.drain[account])))
            self.cash[account] = int(ledger.cash[account])
            return self.owners.paid.get(account, 0)
        needed, burned = (sum(column) // OPENING_MONTHS for column in zip(*seen, strict=True))
        asked = capital_asked(firm, needed, self.cash[account])
        self.cash[account] += asked - burned
        return asked
