"""Owners' hurdles: an owner stops paying for a firm that has long returned less than its money would earn elsewhere."""

from collections.abc import Mapping, Sequence
from typing import ClassVar, Self

from watersellers.agents.economy_parts import Parts
from watersellers.agents.finance.investors import Investors
from watersellers.agents.firm import Firm, Registers
from watersellers.market.accounting.ledger import Ledger
from watersellers.market.chance import Chance
from watersellers.market.exact import whole
from watersellers.market.saved import Saved


def asked_worth(before: float, paid: float, received: float, hurdle: float) -> float:
    """Dollars that an owner's stake has to be worth for its money to have returned the hurdle, month by month.

    It is below the stake's worth just as long as the internal rate of return of all that was paid and received is
    above the hurdle.

    Parameters
    ----------
    before : float
        USD: what the stake had to be worth last month.
    paid, received : float
        USD that the owner put in, and that the firm paid out to it, since.
    hurdle : float
        Return that is asked, a share a month.
    """
    return before * (1 + hurdle) + paid - received


def hazard(months: float, rivalry: float, paying: Sequence[bool]) -> float:
    """Chance a month that an owner whose money returns too little stops: lower, the more of its rivals' owners pay.

    ``months`` are those for which it bears that on average where no rival's owner pays, and ``rivalry`` times as many
    are added where all do; ``paying`` says of each rival whether its owner pays.
    """
    share = sum(paying) / len(paying) if paying else 0.0
    return min(1.0, 1 / (months * (1 + rivalry * share)))


class OwnerHurdles:
    """What owners ask of the firms that they pay for, and which they pay no more for now.

    ``asked`` are the dollars that each stake has to be worth, by the firm's account.
    """

    USES: ClassVar = (Investors,)
    SAVED: ClassVar[Saved] = {
        "asked": dict[int, float],
        "announcements": list[tuple[str, str, str]],
    }

    def __init__(self, firms: list[Firm], investors: Investors, registers: Registers):
        self.firms, self.investors, self.registers = firms, investors, registers
        self.owner = registers.account_id("older_businesses")
        self.asked: dict[int, float] = {}
        self.announcements: list[tuple[str, str, str]] = []  # of this month: kind of event, firm, text

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Take all firms that owners may fund."""
        return cls(parts.all_firms, parts[Investors], parts.registers)

    def decide(self, paid: Mapping[int, int], ledger: Ledger, chance: Chance) -> None:
        """Compare what owned firms are worth with what their owners ask, and stop or take up their grants.

        An owner's firms sell to each other, so it stops for those that lack worth, and only while all together do.

        ``paid`` are the cents that owners put into each firm last month, by its account.
        """
        self.announcements = []
        hurdle = self.registers.numbers["owner_hurdle"]
        owned = [firm for firm in self.firms if self._is_owned(firm)] if hurdle > 0 else []
        hazards = {firm.account: self._hazard(firm, owned) for firm in owned}
        before, self.asked = self.asked, {}
        lacking: dict[int, float] = {}  # dollars, below 0 where a stake is worth more than is asked
        of_owner: dict[str, float] = {}  # the same, of all firms of an owner
        for firm in owned:
            worth = self._worth(firm, ledger, chance)
            there = before.get(firm.account)
            put_in = paid.get(firm.account, 0) / 100
            asked = worth if there is None else self._asked(firm, there, put_in, hurdle)
            self.asked[firm.account], lacking[firm.account] = asked, asked - worth
            of_owner[firm.owner] = of_owner.get(firm.owner, 0.0) + asked - worth
        draws = chance.uniform("grants", whole(firm.key for firm in owned))
        for firm, draw in zip(owned, draws, strict=True):
            tired = bool(draw < hazards[firm.account])
            short = lacking[firm.account] > 0 and of_owner[firm.owner] > 0
            self._decide(firm, short and (firm.withheld or tired))
        for firm in self.firms:
            if firm.account not in self.asked:
                self._decide(firm, False)

    def _is_owned(self, firm: Firm) -> bool:
        """Whether a firm is in business and has an owner that grants it money, or would if it did not stop."""
        return firm.alive and not firm.left_by_owner and bool(firm.traits.owner_funds > 0)

    def _hazard(self, firm: Firm, owned: list[Firm]) -> float:
        """Chance that a firm's owner stops this month if it returns too little, given what its rivals' owners do."""
        rivals = [
            not other.withheld
            for other in owned
            if other.owner != firm.owner and (other.layer, other.region) == (firm.layer, firm.region)
        ]
        return hazard(self.registers.numbers["owner_patience"], self.registers.numbers["owner_rivalry"], rivals)

    def _stake(self, firm: Firm) -> float:
        """Share of a firm that is its owner's."""
        shares = self.registers.shares
        held, issued = shares.held.get((self.owner, firm.account), 0), shares.issued.get(firm.account, 0)
        return held / issued if issued else 0.0

    def _worth(self, firm: Firm, ledger: Ledger, chance: Chance) -> float:
        """Dollars that its owner's stake in a firm is worth to the mean investor."""
        pools, cash = self.investors.pools, int(ledger.cash[firm.account]) / 100
        values = [self.investors.value(firm, pool, cash, chance) for pool in pools]
        return self._stake(firm) * sum(values) / len(values) if values else 0.0

    def _asked(self, firm: Firm, before: float, put_in: float, hurdle: float) -> float:
        """Dollars that an owner's stake in a firm has to be worth after what was put in and paid out last month."""
        received = self._stake(firm) * int(self.registers.last.dividends[firm.account]) / 100
        return asked_worth(before, put_in, received, hurdle)

    def _decide(self, firm: Firm, withheld: bool) -> None:
        """Stop the grants of a firm or take them up again, and announce it."""
        if withheld != firm.withheld and firm.alive:
            kind, verb = ("grants_stopped", "stops") if withheld else ("grants_resumed", "takes up again")
            text = f"The owner of {{{firm.name}}} {verb} what it pays for it"
            self.announcements.append((kind, firm.name, text))
        firm.withhold(withheld)
