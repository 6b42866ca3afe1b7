"""The close of the books: results are noted, and income goes into equity."""

from typing import Self

from watersellers.agents.firm import LastMonth
from watersellers.agents.parts import Parts
from watersellers.market.ledger import Ledger


class NoteResults:
    """Notes each account's results before the income items are closed."""

    def __init__(self, last: LastMonth):
        self.last = last

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Note them where everybody can look them up."""
        return cls(parts.common.last)

    def close(self, ledger: Ledger, month: int) -> None:
        """Note revenue, costs and use of cash."""
        self.last.close(ledger, month)


class CloseBooks:
    """Closes the month's income into equity; stands between what reads the month's income and what reads stocks."""

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Close what the ledger of the month holds."""
        return cls()

    def close(self, ledger: Ledger, month: int) -> None:
        """Close income and expense items."""
        ledger.close_month()
