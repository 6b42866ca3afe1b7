"""Public information: price cards, product sheets, offers and plans, and purchases of machines."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, NamedTuple

from watersellers.market.elementary import exp_of
from watersellers.market.exact import dollars, nano
from watersellers.market.goods import MILLION, TOKENS_OF_LINE
from watersellers.market.saved import EVERY_FIELD, Saved
from watersellers.market.trade.purchase_answers import Answer, Purchase, mean_answer
from watersellers.market.trade.tariffs import Tariff

NO_LIMIT = 2**62  # accelerators: more than anybody orders


@dataclass(frozen=True, slots=True)
class Product:
    """A vendor's product sheet of this month, as every buyer of machines reads it."""

    vendor: int  # account of the vendor
    region: str  # where it is: west or china
    owner: str  # the group that it belongs to
    exports: bool  # sells outside its own region
    at_home: bool  # sells in its own region
    group_only: bool  # sells to its owner's own group alone
    price: float  # USD per accelerator
    hours: int  # H100-equivalent hours per month that a unit gives
    software: float  # share of the hours that the software lets users use
    lock_in: float  # utility of staying, in the logit's units
    sensitivity: float  # of buyers to the logarithm of price for performance
    capacity: float  # accelerators per month
    wait: float  # months until an order of this month is delivered
    power: float  # power of an hour of capacity, as a multiple of the opening machines'
    takes: int = NO_LIMIT  # accelerators for which it takes orders this month

    @property
    def millionths(self) -> int:
        """Power in millionths, as the register of machines keeps it."""
        return round(self.power * MILLION)


@dataclass(frozen=True, slots=True)
class Rental:
    """A cloud's public offer of hours."""

    cloud: int  # account of the cloud
    region: str  # where it is: west or china
    owner: str  # the group that it belongs to
    sells: bool  # to outsiders; inside its group a cloud always sells
    price: float  # USD per GPU-hour
    capacity: int  # hours


@dataclass(frozen=True, slots=True)
class Card:
    """A price card for tokens, and the model behind it."""

    lab: int  # or a cloud that hosts open weights
    region: str  # where it is: west or china
    owner: str  # the group that it belongs to
    quality: float  # in the logit's units
    price: float  # USD per million output tokens, mean over day and night
    query_weights: tuple[float, float, float]  # price of a cached, an input and an output token over that of output
    lock_in: float  # utility of staying, in the logit's units
    refuses: bool = False  # sells only to customers that are admitted
    admitted: tuple[int, ...] = ()  # their account numbers
    free: float = 0.0  # million output tokens per customer and month that cost nothing
    maker: int = -1  # the lab whose model it is, also where a cloud hosts it
    place: int = 0  # in its seller's line of models

    @property
    def seller(self) -> tuple[int, int]:
        """What tells it from all other cards: who sells, and the place in that line."""
        return self.lab, self.place

    @property
    def goods(self) -> tuple[int, int, int]:
        """The goods that it prices: cached, input and output tokens of its model."""
        return TOKENS_OF_LINE[self.place]

    def bundle_price(self, mix: tuple[float, float, float]) -> float:
        """Dollars for an output token with its cached and input tokens, of which ``mix`` says how many."""
        prices = [dollars(price) for _, _, price in self.offers()]
        return sum(price * units for price, units in zip(prices, mix, strict=True)) / MILLION

    def sells_to(self, customer: int) -> bool:
        """Whether the lab sells tokens to a customer, by its account number, this month."""
        return not self.refuses or customer in self.admitted

    def offers(self) -> list[tuple[int, int, int]]:
        """Posted price of each kind of token: (lab, good, nano-dollars)."""
        weights = zip(self.goods, self.query_weights, strict=True)
        return [(self.lab, good, nano(self.price * weight)) for good, weight in weights]


@dataclass(frozen=True, slots=True)
class Plan:
    """An app's offer to users this month."""

    app: int  # account of the app
    key: int  # of the app, for chance
    regions: tuple[str, ...]  # where it is offered
    price: float  # USD per seat and month
    quota: int  # free queries per user and month
    appeal: float  # utility beside quality, in the logit's units
    quality: float  # in the logit's units
    ad_load: float  # ad slots per free answer
    trust: float  # utility that people give it; below 0 after ads and scandals
    served: float  # share of queries answered last month
    marketing: float  # USD this month
    captive: float  # share of people per month who discover it in its owner's other product
    device_habit: float  # utility that its device adds for people who own one
    query_price: float = 0.0  # USD per query that who pays for a seat pays besides; 0 for a flat price


Offer = Product | Rental | Card | Plan


class Rival(NamedTuple):
    """Another seller of a layer, as everybody sees it: its name, and its product sheet, offer, card or plan."""

    name: str
    offer: Offer


@dataclass(frozen=True, slots=True)
class Rivals(Sequence[Rival]):
    """All that other firms of a layer posted last, one by one; a firm with several models has a card for each.

    Nobody has posted anything before the first month. It is read only where a strategy looks at it.
    """

    offers: Sequence[Offer] = ()
    seller: str = ""  # the field of an offer that holds its seller's account
    me: int = -1  # account of the firm that looks
    names: Sequence[str] = ()  # of accounts

    def __getitem__(self, at: Any) -> Any:
        return self._others()[at]

    def __len__(self) -> int:
        return len(self._others())

    def _others(self) -> tuple[Rival, ...]:
        sellers = ((getattr(each, self.seller), each) for each in self.offers)
        return tuple(Rival(self.names[seller], each) for seller, each in sellers if seller != self.me)


NO_RIVALS = Rivals()


@dataclass(frozen=True, slots=True)
class AnswerCard:
    """An app's offer of answers by the call to enterprises."""

    app: int
    regions: tuple[str, ...]
    quality: float
    tariff: Tariff


@dataclass(frozen=True, slots=True)
class ApplianceOffer:
    """An appliance on sale: machines with a model inside, which enterprises run themselves."""

    app: int
    regions: tuple[str, ...]
    price: float  # USD
    hours: float  # H100-equivalent hours per month of its machines
    output: float  # output tokens per hour
    work: tuple[float, float, float]  # of a cached, an input and an output token, in output tokens
    quality: float


@dataclass(frozen=True, slots=True)
class StaffSeat:
    """An app's offer of seats for enterprises' staff."""

    app: int
    regions: tuple[str, ...]
    price: float  # USD per seat and month
    use: float  # queries per seat and month
    quality: float


@dataclass(frozen=True, slots=True)
class Sentiment:
    """How much better or worse than figures alone say the world thinks of AI: log units, and what it varies by."""

    level: float = 0.0
    variance: float = 0.0  # of the level over seeds, as of the first month

    def factor(self, felt: float = 1.0) -> float:
        """Factor on what somebody expects who feels so much of it; its mean over seeds is 1."""
        return exp_of(felt * self.level - felt * felt * self.variance / 2)


@dataclass
class PublicInformation:
    """Figures that everybody can read, as of this month's prices or last month's trade."""

    SAVED: ClassVar[Saved] = EVERY_FIELD

    products: list[Product] = field(default_factory=list)
    rentals: list[Rental] = field(default_factory=list)
    cards: list[Card] = field(default_factory=list)
    plans: list[Plan] = field(default_factory=list)
    answers: list[AnswerCard] = field(default_factory=list)
    appliances: list[ApplianceOffer] = field(default_factory=list)
    seats: list[StaffSeat] = field(default_factory=list)
    searches: dict[int, Tariff] = field(default_factory=dict)  # by the app that sells them
    use: float = 1.0  # hours ordered from all clouds last month over the hours that they had
    worths: dict[int, tuple[float, float]] = field(default_factory=dict)  # by vendor, of an hour per month of capacity:
    # USD that it is worth to its customers over a machine's life, and USD of power and site in that, for machines with
    # the power of the opening ones
    machines_bought: dict[int, list[Purchase]] = field(default_factory=dict)  # by vendor, in hours per month
    paid_seats: dict[str, int] = field(default_factory=dict)  # by region: people's seats of last month
    frontier: float = 0.0  # knowledge of the best lab, effective GPU-hours
    token_answers: dict[tuple[int, int, int], Answer] = field(default_factory=dict)  # by card and customer, this month
    expected_revenue: dict[int, float] = field(default_factory=dict)  # USD a year that investors expect, by firm
    sentiment: Sentiment = field(default_factory=Sentiment)

    def report_seats(self, region: str, seats: int) -> None:
        """Report how many seats the people of a region pay for."""
        self.paid_seats[region] = seats

    def report_purchase(self, vendor: int, bought: Purchase) -> None:
        """Report to a vendor that a buyer chose its machines."""
        self.machines_bought.setdefault(vendor, []).append(bought)

    def report_answers(self, customer: int, answers: dict[tuple[int, int], list[tuple[float, Answer]]]) -> None:
        """Report how a customer's purchases of tokens answer each card: dollars and answers, by seller and place."""
        self.token_answers |= {(*card, customer): mean_answer(parts) for card, parts in answers.items()}

    def report_expected_revenue(self, firm: int, expected: float) -> None:
        """Report the yearly revenue in dollars that investors expect of a firm."""
        self.expected_revenue[firm] = expected

    def worth_at(self, vendor: int, power: float) -> float:
        """Dollars that an hour per month of capacity is worth to a vendor's customers, on machines with a given power.

        ``power`` is a multiple of that of the opening machines. 0 to a vendor that sold to no cloud last month.
        """
        worth, running = self.worths.get(vendor, (0.0, 0.0))
        return worth + (1 - power) * running


def best_of_each_seller(cards: Sequence[Card], worth: Sequence[float]) -> list[int]:
    """Places in a list of the card of each seller that is worth most to a customer, which chooses among sellers."""
    best: dict[int, int] = {}
    for place, card in enumerate(cards):
        if card.lab not in best or worth[place] > worth[best[card.lab]]:
            best[card.lab] = place
    return sorted(best.values())
