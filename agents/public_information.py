"""Public information: price cards, product sheets, offers and plans, and purchases of machines."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from watersellers.market.elementary import exp_of
from watersellers.market.exact import dollars, nano
from watersellers.market.goods import MILLION, TOKENS_OF_LINE
from watersellers.market.saved import EVERY_FIELD, Saved
from watersellers.market.trade.tariffs import Tariff

NO_LIMIT = 2**62  # accelerators: more than anybody orders


@dataclass(frozen=True, slots=True)
class Answer:
    """How a customer's purchases from a seller would answer a change of the seller's offer."""

    known: float = 0.0  # share of the purchases of which this is known
    price: float = 0.0  # elasticity of these to the seller's price, as a positive number
    quality: float = 0.0  # change of their logarithm, per unit of the quality of the seller's model
    siblings: tuple[tuple[int, float], ...] = ()  # by place in the seller's line: elasticity to that model's price
    diverted: tuple[tuple[int, float], ...] = ()  # by place: dollars that it would sell more without this model


UNKNOWN = Answer()


def mean_answer(parts: list[tuple[float, Answer]]) -> Answer:
    """Mean over purchases, weighted by amounts: how much of them is known, and how that part answers."""
    known = [(amount * each.known, each) for amount, each in parts]
    total, of_known = sum([amount for amount, _ in parts]), sum([amount for amount, _ in known])
    if of_known <= 0:
        return UNKNOWN
    price = sum([amount * each.price for amount, each in known]) / of_known
    quality = sum([amount * each.quality for amount, each in known]) / of_known
    siblings: dict[int, float] = {}
    diverted: dict[int, float] = {}
    for amount, each in known:
        weight = amount / of_known
        for place, figure in each.siblings:
            siblings[place] = siblings.get(place, 0.0) + weight * figure
        for place, figure in each.diverted:
            diverted[place] = diverted.get(place, 0.0) + weight * figure
    return Answer(of_known / total, price, quality, tuple(siblings.items()), tuple(diverted.items()))


@dataclass(frozen=True, slots=True)
class Purchase:
    """A customer's purchase of a good: units from one seller, and their share in all that it buys of the good."""

    amount: float
    share: float
    answer: Answer = UNKNOWN


@dataclass(frozen=True, slots=True)
class Product:
    """A vendor's product sheet of this month, as every buyer of machines reads it."""

    vendor: int
    region: str
    owner: str
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

    cloud: int
    region: str
    owner: str
    sells: bool  # to outsiders; inside its group a cloud always sells
    price: float  # USD per GPU-hour
    capacity: int  # hours


@dataclass(frozen=True, slots=True)
class Card:
    """A price card for tokens, and the model behind it."""

    lab: int  # or a cloud that hosts open weights
    region: str
    owner: str
    quality: float
    price: float  # USD per million output tokens, mean over day and night
    query_weights: tuple[float, float, float]  # price of a cached, an input and an output token over that of output
    lock_in: float
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

    app: int
    key: int
    regions: tuple[str, ...]
    price: float  # USD per seat and month
    quota: int  # free queries per user and month
    appeal: float
    quality: float
    ad_load: float  # ad slots per free answer
    trust: float
    served: float  # share of queries answered last month
    marketing: float  # USD this month
    captive: float  # share of people per month who discover it in its owner's other product
    device_habit: float  # utility that its device adds for people who own one


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


def elasticity(bought: list[Purchase], own: float, market: float) -> float:
    """Own-price elasticity that a seller faces: the mean over its buyers, weighted by their purchases from it.

    A buyer that gives the seller a share s of its purchases, by a logit in the logarithm of price, has the elasticity
    own x (1 - s), as it moves elsewhere, plus market x s, as it buys less.

    Parameters
    ----------
    bought : list of Purchase
        Each buyer's purchases from this seller.
    own, market : float
        Sensitivity to relative price, and elasticity of the buyers' total, both positive.
    """
    total = sum(each.amount for each in bought)
    if total <= 0:
        return own
    return sum(each.amount * (own * (1 - each.share) + market * each.share) for each in bought) / total


def elasticity_seen(bought: list[Purchase], own: float, market: float) -> float:
    """Own-price elasticity that a seller saw: as ``elasticity``, but the customers' own where it is known."""
    total = sum(each.amount for each in bought)
    if total <= 0:
        return own
    return sum(each.amount * _own_or(each, own * (1 - each.share) + market * each.share) for each in bought) / total


def _own_or(bought: Purchase, structural: float) -> float:
    """A customer's own elasticity where it is known, and the structural one for the rest of its purchases."""
    answer = bought.answer
    return answer.known * answer.price + (1 - answer.known) * structural
