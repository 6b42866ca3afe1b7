"""The close of the books: the results of the month are noted, and income is closed into equity."""

from typing import Self

from watersellers.agents.economy_parts import Parts
from watersellers.agents.firm import LastMonth
from watersellers.market.accounting.ledger import Ledger


class MonthResults:
    """Results of each account in the month, noted before the income items are closed."""

    def __init__(self, last: LastMonth):
        self.last = last

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Note them in the record that all parts share."""
        return cls(parts.registers.last)

    def close(self, ledger: Ledger, month: int) -> None:
        """Note revenue, costs and use of cash."""
        self.last.close(ledger, month)


class ClosingEntries:
    """Entries that close the month's income into equity, after the last part that reads the month's income."""

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Need nothing but the ledger."""
        return cls()

    def close(self, ledger: Ledger, month: int) -> None:
        """Close income and expense items."""
        ledger.close_month()
