"""Savers: they commit money to pools of venture capital, up to what they believe the pools' firms are worth."""

from typing import ClassVar, Self

from watersellers.agents.economy_parts import Parts
from watersellers.agents.finance.investors import Investors
from watersellers.agents.finance.venture.commitments import PromiseRegister, let_off, multiple, signs
from watersellers.agents.finance.venture.pool import Investor
from watersellers.agents.proration import prorate
from watersellers.market.accounting.ledger import Ledger
from watersellers.market.chance import Chance
from watersellers.market.chart_of_accounts import Item
from watersellers.market.exact import cents, whole
from watersellers.market.goods import Good
from watersellers.market.saved import Saved


def commitment(pool: Investor, worth: float, held: float) -> float:
    """Dollars that savers commit to a pool this month: a part of what they want to hold and do not hold yet.

    They want to hold what its firms are believed to be worth, and at most a share of their wealth: the pool is finite.

    Parameters
    ----------
    pool : Investor
        The pool.
    worth : float
        USD: what the pool believes that its firms are worth together.
    held : float
        USD: its cash, and its stakes at what they cost.
    """
    traits = pool.traits
    wanted = min(worth, traits.savers_most * traits.savers_wealth)
    return traits.savers_pace * max(0.0, wanted - held)


class Savers:
    """Savers of all pools, who commit money as long as they hold less than they believe in.

    To a pool that calls they sign a promise; into any other they pay what they commit at once.
    """

    SAVED: ClassVar[Saved] = {"promises": PromiseRegister, "given": dict[tuple[int, int], int]}

    def __init__(self, investors: Investors, world: int):
        self.investors, self.world = investors, world
        self.promises = PromiseRegister()
        self.given: dict[tuple[int, int], int] = {}  # by pool and firm in business: shares that cost the pool nothing

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Take the savers of all pools."""
        return cls(parts[Investors], parts.registers.world)

    def finance(self, ledger: Ledger, chance: Chance) -> None:
        """Sign for the pools that call, and pay this month's commitments into the others, before any round."""
        self._look_at_stakes(chance.month)
        pools = [pool for pool in self.investors.pools if pool.traits.savers_wealth > 0]
        for pool in self.investors.pools:
            if released := let_off(pool.traits, self.promises.of(pool.account)):
                self.promises.release(pool.account, released)
        for pool in pools:
            if pool.traits.call_most > 0:
                self._sign(pool, ledger, chance)
        at_once = [
            (pool.account, self._committed(pool, ledger, chance)) for pool in pools if pool.traits.call_most <= 0
        ]
        at_once = prorate(int(ledger.cash[self.world]), at_once, "commitments", ledger, chance)
        for account_id, paid in self.pay(at_once, ledger):
            self.promises.sign(account_id, paid)
            self.promises.call(account_id, paid)

    def pay(self, rows: list[tuple[int, int]], ledger: Ledger) -> list[tuple[int, int]]:
        """Pay cents into pools, by account; return those of which any were due."""
        rows = [(account_id, pay) for account_id, pay in rows if pay > 0]
        if rows:
            account_ids, pays = (whole(column) for column in zip(*rows, strict=True))
            world = whole([self.world] * len(rows))
            ledger.transfer(world, account_ids, pays, (Item.INCOME, Item.INCOME), Good.INCOME)
        return rows

    def value(self, pool: Investor, ledger: Ledger) -> float:
        """Dollars that savers see in a pool: its cash, what it distributed, and stakes that it paid for at their marks.

        They trust marks as far as ``marks_trusted`` says.
        """
        marks, held = self.investors.marks(), self.investors.registers.shares.held
        bought = {firm: held.get((pool.account, firm), 0) - self.given.get((pool.account, firm), 0) for firm in marks}
        stakes = sum(bought[firm] * mark for firm, mark in marks.items())
        back = int(ledger.cash[pool.account]) + self.promises.of(pool.account).distributed
        return back / 100 + pool.traits.marks_trusted * stakes

    def made(self, pool: Investor, ledger: Ledger) -> float:
        """What a pool has made of each dollar that was paid in."""
        paid_in = pool.traits.opening_cash + self.promises.of(pool.account).called / 100
        return multiple(self.value(pool, ledger), paid_in)

    def held(self, pool: Investor, ledger: Ledger) -> int:
        """Cents in a pool: its cash, and its stakes at what they cost."""
        return int(ledger.totals[pool.account, [Item.CASH, Item.HOLDINGS]].sum())

    def _look_at_stakes(self, month: int) -> None:
        """Note in the first month which shares pools have that cost them nothing; forget those of firms that closed."""
        if month == 0:
            self.given = dict(self.investors.registers.shares.held)
        alive = {firm.account for firm in self.investors.firms if firm.alive}
        self.given = {pair: shares for pair, shares in self.given.items() if pair[1] in alive}

    def _sign(self, pool: Investor, ledger: Ledger, chance: Chance) -> None:
        """Let a pool's savers sign for what they want and have not promised yet."""
        worth = self.investors.worth_of_all(pool, ledger.cash, chance)
        held, made = self.held(pool, ledger), self.made(pool, ledger)
        self.promises.sign(pool.account, signs(pool.traits, self.promises.of(pool.account), worth, held, made))

    def _committed(self, pool: Investor, ledger: Ledger, chance: Chance) -> int:
        """Cents that savers commit to a pool and pay at once."""
        worth = self.investors.worth_of_all(pool, ledger.cash, chance)
        return cents(commitment(pool, worth, self.held(pool, ledger) / 100))
