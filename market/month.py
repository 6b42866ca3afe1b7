"""The month: prices go down the chain, orders come up, goods go down, money comes up.

Twelve phases, one after another. Whoever takes part in a phase shows the small protocol of that phase
(``market/protocols.py``) and is listed in the ``Economy``; the month knows nothing else of it. Nothing
looks back: what a decision knows of other layers it saw in an earlier phase, or last month.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import ClassVar

from watersellers.market.clearing import ration
from watersellers.market.dice import Chance
from watersellers.market.ledger import Ledger
from watersellers.market.orders import Offers, Orders, Supply, Trades
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
from watersellers.market.units import Column


@dataclass
class Market:
    """One good between those who sell it and those who buy it; its columns are this month's.

    ``rule`` shares what is short among the buyers: alike, if the sellers have no rule of their own.
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
    """Who takes part in which phase, in order; ``markets`` stand upstream first."""

    ledger: Ledger
    seed: int
    markets: tuple[Market, ...]
    happening: tuple[Happens, ...] = ()
    arriving: tuple[Arrives, ...] = ()
    expecting: tuple[Expects, ...] = ()
    attending: tuple[Attends, ...] = ()
    spending: tuple[Spends, ...] = ()
    investing: tuple[Invests, ...] = ()
    financing: tuple[Finances, ...] = ()
    exiting: tuple[Exits, ...] = ()
    closing: tuple[Closes, ...] = ()

    @property
    def month(self) -> int:
        """Months since the start: the one being lived, or the next to be lived."""
        return self.ledger.clock.month

    @property
    def chance(self) -> Chance:
        """The dice of this month."""
        return Chance(self.seed, self.month)

    def order(self) -> Column:
        """Tie-breaking numbers of all accounts this month."""
        return self.chance.hashes("settle", self.ledger.accounts.keys)


def events(economy: Economy) -> None:
    """1. What the scenario has dated for this month happens: a release, an entry, a changed number."""
    for source in economy.happening:
        source.happen(economy.month)


def arrivals(economy: Economy) -> None:
    """2. Machines and capacity ordered earlier open, old ones leave, outside money flows in."""
    for layer in economy.arriving:
        layer.arrive(economy.ledger, economy.chance)


def expectations(economy: Economy) -> None:
    """3. Everybody forecasts demand and hype from what was seen until last month."""
    for layer in economy.expecting:
        layer.expect(economy.chance)


def prices(economy: Economy) -> None:
    """4. Prices go down: each layer posts its price knowing what its own inputs cost this month."""
    inputs = Offers.of([])
    for market in economy.markets:
        market.offers = inputs = Offers.joined(seller.post(inputs, economy.chance) for seller in market.sellers)


def orders(economy: Economy) -> None:
    """5. Orders come up: users choose first, and what each layer was asked for decides what it asks for."""
    asked = Orders.of([])
    for market in reversed(economy.markets):
        market.orders = asked = Orders.joined(
            buyer.order(market.offers, asked, economy.chance) for buyer in market.buyers
        )


def goods(economy: Economy) -> None:
    """6. Goods go down: what is short is rationed, and nobody passes on more than it got."""
    for market in economy.markets:
        market.supply = Supply.joined(seller.supply(market.orders) for seller in market.sellers)
        market.trades = market.rule(market.orders, market.supply, economy.ledger.accounts.keys, economy.chance)
        for seller in market.sellers:
            seller.sold(market.trades)
        for buyer in market.buyers:
            buyer.receive(market.trades)


def attention(economy: Economy) -> None:
    """7. Advertisers bid for the slots that were shown, and pay for them."""
    for auction in economy.attending:
        economy.ledger.settle(auction.auction(economy.chance), economy.order())


def money(economy: Economy) -> None:
    """8. Money comes up: downstream pays first, so that each is paid before it pays; outside bills come last."""
    turn = economy.order()
    for market in reversed(economy.markets):
        economy.ledger.settle(market.trades, turn)
    for layer in economy.spending:
        economy.ledger.settle(layer.spend(economy.ledger), turn)


def invest(economy: Economy) -> None:
    """9. Machines, capacity, research and marketing are decided and ordered, with deposits."""
    for layer in economy.investing:
        layer.invest(economy.ledger, economy.chance)


def finance(economy: Economy) -> None:
    """10. Rounds are raised and profits paid out, and what is owed from earlier is paid from what there is."""
    for source in economy.financing:
        source.finance(economy.ledger, economy.chance)
    economy.ledger.pay_arrears(economy.order())


def exits(economy: Economy) -> None:
    """11. Who cannot pay is wound up, and new firms enter with somebody's money."""
    for court in economy.exiting:
        court.wind_up(economy.ledger, economy.chance)


def close(economy: Economy) -> None:
    """12. Machines wear, the month's income is closed into equity, and the books are checked."""
    for layer in economy.closing:
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
    """Live one month: the twelve phases in order."""
    clock = economy.ledger.clock
    for number, phase in enumerate(PHASES, start=1):
        clock.turn(clock.month, number)
        phase(economy)
    clock.turn(clock.month + 1, 0)
