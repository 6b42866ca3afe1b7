"""The month: prices go down the chain, orders come up, goods go down, money comes up.

Twelve phases follow one another. A part of the economy that acts in a phase has the small protocol of that phase
(``market/protocols.py``) and is listed in the ``Economy``; the month knows nothing else about it. Nothing looks ahead:
a decision knows of other layers only what was posted in an earlier phase, or what happened last month.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import ClassVar

from watersellers.market.accounting.ledger import Ledger
from watersellers.market.chance import Chance
from watersellers.market.exact import Column
from watersellers.market.protocols import (
    Arrives,
    Attends,
    Buyer,
    Closes,
    Exits,
    Expects,
    Finances,
    Happens,
    Invests,
    Seller,
    Spends,
)
from watersellers.market.saved import Saved
from watersellers.market.trade.clearing import ration
from watersellers.market.trade.orders import Offers, Orders, Supply, Trades


@dataclass
class Market:
    """The market of one good: its sellers, its buyers, and this month's columns.

    ``rule`` rations a good that is short; by default every buyer gets the same fraction of its order.
    """

    SAVED: ClassVar[Saved] = {"offers": Offers, "orders": Orders, "supply": Supply, "trades": Trades}

    name: str
    sellers: tuple[Seller, ...]
    buyers: tuple[Buyer, ...]
    rule: Callable[[Orders, Supply, Column, Chance], Trades] = ration
    offers: Offers = field(default_factory=lambda: Offers.of([]))
    orders: Orders = field(default_factory=lambda: Orders.of([]))
    supply: Supply = field(default_factory=lambda: Supply.of([]))
    trades: Trades = field(default_factory=lambda: Trades.of([]))


@dataclass
class Economy:
    """The parts that act in each phase, in order; ``markets`` are listed upstream first."""

    ledger: Ledger
    seed: int
    markets: tuple[Market, ...]
    events: tuple[Happens, ...] = ()
    arrivals: tuple[Arrives, ...] = ()
    expectations: tuple[Expects, ...] = ()
    attention: tuple[Attends, ...] = ()
    money: tuple[Spends, ...] = ()
    invest: tuple[Invests, ...] = ()
    finance: tuple[Finances, ...] = ()
    exits: tuple[Exits, ...] = ()
    close: tuple[Closes, ...] = ()

    @property
    def month(self) -> int:
        """Number of the month that is running, or of the next one; the first is 0."""
        return self.ledger.clock.month

    @property
    def chance(self) -> Chance:
        """This month's random numbers."""
        return Chance(self.seed, self.month)

    def order(self) -> Column:
        """Tie-breaking numbers of all accounts this month."""
        return self.chance.hashes("settle", self.ledger.accounts.keys)


def events(economy: Economy) -> None:
    """1. Apply this month's scenario events: a release, an entry, a changed number."""
    for source in economy.events:
        source.happen(economy.month)


def arrivals(economy: Economy) -> None:
    """2. Open machines and capacity that were ordered earlier, retire old ones, and take in outside money."""
    for layer in economy.arrivals:
        layer.arrive(economy.ledger, economy.chance)


def expectations(economy: Economy) -> None:
    """3. Update every forecast of demand and hype from what happened up to last month."""
    for layer in economy.expectations:
        layer.expect(economy.chance)


def prices(economy: Economy) -> None:
    """4. Prices go down: each layer posts its price, knowing what its own inputs cost this month."""
    inputs = Offers.of([])
    for market in economy.markets:
        market.offers = inputs = Offers.joined(seller.post(inputs, economy.chance) for seller in market.sellers)


def orders(economy: Economy) -> None:
    """5. Orders come up: users choose first, and the orders that a layer receives decide what it orders itself."""
    asked = Orders.of([])
    for market in reversed(economy.markets):
        market.orders = asked = Orders.joined(
            buyer.order(market.offers, asked, economy.chance) for buyer in market.buyers
        )


def goods(economy: Economy) -> None:
    """6. Goods go down: sellers ration what is short, and no layer delivers more than its inputs allow."""
    for market in economy.markets:
        market.supply = Supply.joined(seller.supply(market.orders) for seller in market.sellers)
        market.trades = market.rule(market.orders, market.supply, economy.ledger.accounts.keys, economy.chance)
        for seller in market.sellers:
            seller.sold(market.trades)
        for buyer in market.buyers:
            buyer.receive(market.trades)


def attention(economy: Economy) -> None:
    """7. Advertisers bid for the ad slots that were shown, and pay for them."""
    for auction in economy.attention:
        economy.ledger.settle(auction.auction(economy.chance), economy.order())


def money(economy: Economy) -> None:
    """8. Money comes up: downstream pays first, so that each layer is paid before it pays; outside bills come last."""
    order = economy.order()
    for market in reversed(economy.markets):
        economy.ledger.settle(market.trades, order)
    for layer in economy.money:
        economy.ledger.settle(layer.spend(economy.ledger), order)


def invest(economy: Economy) -> None:
    """9. Decide and order machines, capacity, research and marketing, and pay deposits."""
    for layer in economy.invest:
        layer.invest(economy.ledger, economy.chance)


def finance(economy: Economy) -> None:
    """10. Raise rounds, pay dividends, and pay arrears as far as the cash goes."""
    for source in economy.finance:
        source.finance(economy.ledger, economy.chance)
    economy.ledger.pay_arrears(economy.order())


def exits(economy: Economy) -> None:
    """11. Wind up insolvent firms, and let new firms enter with their founders' money."""
    for part in economy.exits:
        part.wind_up(economy.ledger, economy.chance)


def close(economy: Economy) -> None:
    """12. Depreciate machines, close the month's income into equity, and check the books."""
    for layer in economy.close:
        layer.close(economy.ledger, economy.month)


PHASES: tuple[Callable[[Economy], None], ...] = (
    events,
    arrivals,
    expectations,
    prices,
    orders,
    goods,
    attention,
    money,
    invest,
    finance,
    exits,
    close,
)


def live(economy: Economy) -> None:
    """Run one month: the twelve phases in order."""
    clock = economy.ledger.clock
    for number, phase in enumerate(PHASES, start=1):
        clock.turn(clock.month, number)
        phase(economy)
    clock.turn(clock.month + 1, 0)
