"""The scale trap: an app pays for tokens by use and is paid by head, so it breaks even at a certain share of payers."""

from hypothesis import given
from hypothesis import strategies as draw

from tests.worlds.theory_chain import APP, LAB, quick
from tests.worlds.toy_layers import USERS, Close, income_of, ledger_of, live_months
from watersellers.market.chart_of_accounts import Item
from watersellers.market.exact import dollars, nano
from watersellers.market.goods import MILLION, Good
from watersellers.market.month import Economy, Market
from watersellers.market.trade.orders import Offers, Orders, Supply


class FlatApp:
    """Sells seats to some of its users and gives queries to the rest; buys the tokens that all of them use."""

    def __init__(self, fee, payers, tokens):
        self.fee, self.payers, self.tokens = fee, payers, tokens  # tokens a month that all users together take

    def post(self, inputs, chance):
        return Offers.of([(APP, Good.SEATS, nano(self.fee))])

    def order(self, offers, asked, chance):
        return Orders.of([(APP, Item.COST_OF_SALES, LAB, Good.TOKENS_OUTPUT, self.tokens, int(offers.price[0]))])

    def receive(self, trades):
        """All tokens come."""

    def supply(self, orders):
        return Supply.of([(APP, Good.SEATS, self.payers)])

    def sold(self, trades):
        """All seats are sold."""


class CardLab:
    """Sells tokens at one price a million."""

    def __init__(self, price):
        self.price = price

    def post(self, inputs, chance):
        return Offers.of([(LAB, Good.TOKENS_OUTPUT, nano(self.price))])

    def supply(self, orders):
        return Supply.of([(LAB, Good.TOKENS_OUTPUT, int(orders.quantity.sum()))])

    def sold(self, trades):
        """Tokens are made as they are asked for."""


class Payers:
    """Users who buy a seat."""

    def __init__(self, payers):
        self.payers = payers

    def order(self, offers, asked, chance):
        return Orders.of([(USERS, Item.CONSUMPTION, APP, Good.SEATS, self.payers, int(offers.price[0]))])

    def receive(self, trades):
        """They get their seats."""


def app_profit(people, payers, price, fee, free_tokens, paid_tokens):
    """Cents a month of a flat-fee app, from its books."""
    app = FlatApp(fee, payers, payers * paid_tokens + (people - payers) * free_tokens)
    markets = Market("tokens", (CardLab(price),), (app,)), Market("seats", (app,), (Payers(payers),))
    ledger = ledger_of(("labs", 1), ("apps", 1))
    economy = Economy(ledger, 1, markets, close=(Close(ledger),))
    live_months(economy, 1)
    return income_of(economy)[APP]


@quick
@given(
    price=draw.floats(0.1, 5),
    fee=draw.integers(15, 60),
    free_tokens=draw.integers(100_000, 900_000),
    extra=draw.integers(0, 2_000_000),
)
def test_the_break_even_share_of_payers_is_what_the_books_say(price, fee, free_tokens, extra):
    people, per_token = 100 * MILLION, dollars(nano(price)) / MILLION
    share = per_token * free_tokens / (fee - per_token * extra)
    profit = app_profit(people, round(people * share), price, fee, free_tokens, free_tokens + extra)
    half_a_payer = (fee * 100 + 1) / 2  # payers are whole
    assert abs(profit) <= half_a_payer + 1  # and two invoices are rounded to the cent


def test_an_app_below_its_break_even_share_loses_more_the_more_it_is_used():
    numbers = {"price": 2.0, "fee": 20.0, "free_tokens": MILLION, "paid_tokens": 3 * MILLION}
    assert app_profit(8000, 1000, **numbers) == 0  # 2 / (20 - 2 x 2) is an eighth
    assert app_profit(8000, 999, **numbers) == -16_00
    assert app_profit(16000, 1998, **numbers) == -32_00
    assert app_profit(8000, 1001, **numbers) == 16_00
