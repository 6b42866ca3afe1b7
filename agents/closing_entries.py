"""The close of the books: results of the month are recorded, and income is closed into equity."""

from typing import Self

from watersellers.agents.economy_parts import Parts
from watersellers.agents.firm import LastMonth
from watersellers.market.accounting.ledger import Ledger


class MonthResults:
    """Results of each account in the month, recorded before the income items are closed."""

    def __init__(self, last: LastMonth):
        self.last = last

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Take the record of last month, which all parts share."""
        return cls(parts.registers.last)

    def close(self, ledger: Ledger, month: int) -> None:
        """Record revenue, costs and use of cash."""
        self.last.close(ledger, month)


class ClosingEntries:
    """Entries that close the month's income into equity, after the last part that reads the month's income."""

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Build the part, which needs nothing but the ledger."""
        return cls()

    def close(self, ledger: Ledger, month: int) -> None:
        """Close income and expense items."""
        ledger.close_month()
