"""The share register: shares that each firm has issued and each account holds, as whole numbers."""

from dataclasses import dataclass, field
from typing import ClassVar

from watersellers.market.exact import split
from watersellers.market.saved import EVERY_FIELD, Saved

FOUNDING_SHARES = 1_000_000_000


@dataclass
class ShareRegister:
    """Shares issued, by firm, and shares held, by (holder, firm); every issued share has a holder (I3)."""

    SAVED: ClassVar[Saved] = EVERY_FIELD

    issued: dict[int, int] = field(default_factory=dict)
    held: dict[tuple[int, int], int] = field(default_factory=dict)

    def issue(self, firm: int, holder: int, shares: int) -> None:
        """Give out new shares of a firm to a holder."""
        self.issued[firm] = self.issued.get(firm, 0) + shares
        self.held[holder, firm] = self.held.get((holder, firm), 0) + shares

    def holders(self, firm: int) -> list[tuple[int, int]]:
        """Holders of a firm and their shares, in the accounts' order."""
        return sorted((holder, shares) for (holder, other), shares in self.held.items() if other == firm)

    def divide(self, firm: int, cents: int) -> list[tuple[int, int]]:
        """Split a payment over a firm's holders by their shares, to the cent."""
        holders = self.holders(firm)
        parts = split(cents, [shares for _, shares in holders], [holder for holder, _ in holders])
        return [(holder, part) for (holder, _), part in zip(holders, parts, strict=True) if part]

    def strike_out(self, firm: int) -> None:
        """Void a firm's shares when it is wound up."""
        self.issued.pop(firm, None)
        for pair in [pair for pair in self.held if pair[1] == firm]:
            del self.held[pair]

    def pass_on(self, holder: int, other: int) -> None:
        """Transfer all shares of one holder to another."""
        for (account, firm), shares in [*self.held.items()]:
            if account == holder:
                del self.held[account, firm]
                self.held[other, firm] = self.held.get((other, firm), 0) + shares
