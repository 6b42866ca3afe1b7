"""The shadow of venture money: what pools would pay if firms earned and burned what they did in their first months."""

from copy import deepcopy
from typing import ClassVar, Self

from watersellers.agents.economy_parts import Parts
from watersellers.agents.finance.investors import Investors
from watersellers.agents.finance.savers import commitment
from watersellers.agents.finance.venture.commitments import PromiseRegister, calls, signs
from watersellers.agents.finance.venture.pool import FIRST_HYPE, Investor
from watersellers.agents.firm import Firm, Registers
from watersellers.agents.proration import what_there_is
from watersellers.agents.shadows.capital import OPENING_MONTHS
from watersellers.market.accounting.ledger import Ledger
from watersellers.market.chance import Chance
from watersellers.market.chart_of_accounts import Item
from watersellers.market.exact import cents
from watersellers.market.saved import Saved

type Payments = dict[tuple[int, int], int]  # cents, by the accounts of payer and firm


class VentureInFrozenMarket(Investors):
    """Pools whose beliefs never change, and firms that go on as they began, with cash of their own.

    ``cash`` is what each firm has that has been in business for some months, ``money`` what each pool has, and
    ``invested`` what it has paid for stakes; in cents, by account.
    """

    SAVED: ClassVar[Saved] = {
        **dict.fromkeys(("cash", "money", "invested"), dict[int, int]),
        "promises": PromiseRegister,
    }

    def __init__(self, pools: list[Investor], firms: list[Firm], registers: Registers):
        super().__init__(pools, firms, registers)
        self.cash: dict[int, int] = {}
        self.money: dict[int, int] = {}
        self.invested: dict[int, int] = {}
        self.promises = PromiseRegister()

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Take the same pools and all firms."""
        return cls(parts[Investors].pools, parts.all_firms, parts.registers)

    def begin(self, ledger: Ledger) -> None:
        """Give each pool the money and the stakes that it has at the end of the first month."""
        for pool in self.pools:
            self.money[pool.account] = int(ledger.cash[pool.account])
            self.invested[pool.account] = int(ledger.totals[pool.account, Item.HOLDINGS])

    def month(self, payer: Investors, ledger: Ledger, chance: Chance) -> Payments:
        """Live a month; what pools pay to firms that go on as they began, and what they have paid to newcomers."""
        paid = {pair: pay for pair, pay in self.rounds_of(payer).items() if pair[1] not in self.cash}
        for pool in self.pools:
            self._collect(pool, chance)
            paid |= self.fund(pool, chance)
        for (pool_id, _), pay in paid.items():
            self.money[pool_id] -= pay
            self.invested[pool_id] += pay
        self._welcome(payer, ledger)
        return paid

    def rounds_of(self, payer: Investors) -> Payments:
        """This month's true payments of pools to firms; sellers that bought shares of customers are left out."""
        number = self.registers.account_id
        rows = [(number(pool), number(firm), pay) for firm, pool, pay in payer.raised]
        return {
            (pool, firm): sum(pay for *pair, pay in rows if pair == [pool, firm])
            for pool, firm, _ in rows
            if pool in self.money
        }

    def _collect(self, pool: Investor, chance: Chance) -> None:
        """Let savers pay into a pool, by its path and by what they believe of its firms."""
        held = self.money[pool.account] + self.invested[pool.account]
        believed = self.worth_of_all(pool, self.cash, chance) if pool.traits.savers_wealth else 0.0
        if pool.traits.call_most > 0:
            self.promises.sign(pool.account, signs(pool.traits, self.promises.of(pool.account), believed, held, 1.0))
        elif pool.traits.savers_wealth:
            self.money[pool.account] += cents(commitment(pool, believed, held / 100))
        self.money[pool.account] += cents(pool.income(self.registers.month))

    def _call(self, pool: Investor, need: int) -> None:
        """Let a pool call what its rounds need beyond its money."""
        called = calls(pool.traits, self.promises.of(pool.account), need, self.money[pool.account])
        self.promises.call(pool.account, called)
        self.money[pool.account] += called

    def fund(self, pool: Investor, chance: Chance) -> Payments:
        """Let the pool's firms burn what they burned when they began, and fund those that run short."""
        for firm in self.firms:
            if self._backs(firm, pool):
                self.cash[firm.account] -= cents(max(0.0, self.tracks[firm.account].burn.level))
        asks = self.requests(pool, self.cash, chance)
        if pool.traits.call_most > 0:
            self._call(pool, sum(ask for _, ask, _ in asks))
        pays = what_there_is(max(0, self.money[pool.account]), [(firm.key, ask) for firm, ask, _ in asks], chance)
        paid = {(pool.account, firm.account): pay for (firm, _, _), pay in zip(asks, pays, strict=True) if pay > 0}
        for (_, account), pay in paid.items():
            self.cash[account] += pay
            self.tracks[account].note_round(self.registers.month, mark=0.0)
        return paid

    def _hype(self, pool: Investor) -> float:
        """The belief of the first day."""
        return FIRST_HYPE

    def _backs(self, firm: Firm, pool: Investor) -> bool:
        """Whether a pool has founded a firm that goes on as it began, and is still in business."""
        return firm.account in self.cash and super()._backs(firm, pool)

    def _welcome(self, payer: Investors, ledger: Ledger) -> None:
        """Let firms that have been in business for some months go on as they began, with the cash of now."""
        for firm in payer.firms:
            track = payer.tracks[firm.account]
            if firm.account not in self.cash and firm.alive and track.months >= OPENING_MONTHS:
                self.tracks[firm.account] = deepcopy(track)
                self.cash[firm.account] = int(ledger.cash[firm.account])
