"""What everybody can read: price cards, product sheets, offers and plans, and what was bought of whom."""

from dataclasses import dataclass, field
from typing import ClassVar

from watersellers.market.goods import MILLION, TOKENS
from watersellers.market.saved import EVERY_FIELD, Saved
from watersellers.market.tariffs import Tariff
from watersellers.market.units import nano


@dataclass(frozen=True, slots=True)
class Purchase:
    """What one customer buys of a seller's good: units from this seller, and these as a share of all it buys."""

    amount: float
    share: float


@dataclass(frozen=True, slots=True)
class Product:
    """A vendor's product sheet of this month, as every buyer of machines reads it."""

    vendor: int
    region: str
    owner: str
    exports: bool  # sells outside its own region
    price: float  # USD an accelerator
    hours: int  # H100-equivalent hours a month that a unit gives
    software: float  # share of the hours that users can make use of
    lock_in: float  # worth of staying, in the logit's units
    sensitivity: float  # of buyers to the logarithm of price for performance
    capacity: float  # accelerators a month
    wait: float  # months until what is ordered now comes
    power: float  # of an hour of capacity, over that of the opening machines

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
    price: float  # USD a GPU-hour
    capacity: int  # hours


@dataclass(frozen=True, slots=True)
class Card:
    """A price card for tokens, and the model behind it."""

    lab: int  # or a cloud that hosts open weights
    region: str
    owner: str
    quality: float
    price: float  # USD a million output tokens, the mean over day and night
    query_weights: tuple[float, float, float]  # price of a cached, an input and an output token over that of output
    lock_in: float
    refuses: bool = False  # sells to those alone who are admitted
    admitted: tuple[int, ...] = ()  # customers, by place
    free: float = 0.0  # million output tokens a customer and month that cost nothing

    def sells_to(self, customer: int) -> bool:
        """Whether a customer, by its place, is sold any tokens this month."""
        return not self.refuses or customer in self.admitted

    def offers(self) -> list[tuple[int, int, int]]:
        """The price of each kind of token, as posted."""
        weighed = zip(TOKENS, self.query_weights, strict=True)
        return [(self.lab, good, nano(self.price * weight)) for good, weight in weighed]


@dataclass(frozen=True, slots=True)
class Plan:
    """What an app offers users this month."""

    app: int
    key: int
    regions: tuple[str, ...]
    price: float  # USD a seat and month
    quota: int  # free queries a user and month
    appeal: float
    quality: float
    ad_load: float  # slots a free query
    trust: float
    served: float  # share of queries answered last month
    marketing: float  # USD this month
    captive: float  # share of people a month that meet it in its owner's other product
    device_habit: float  # utility of its assistant to who has its device


@dataclass(frozen=True, slots=True)
class AnswerCard:
    """What an app asks of enterprises that call its answers."""

    app: int
    regions: tuple[str, ...]
    quality: float
    tariff: Tariff


@dataclass(frozen=True, slots=True)
class Box:
    """An appliance on sale: machines with a model in them, that enterprises run themselves."""

    app: int
    regions: tuple[str, ...]
    price: float  # USD
    hours: float  # H100-equivalent hours a month that its machines give
    output: float  # output tokens an hour
    work: tuple[float, float, float]  # of a cached, an input and an output token, in output tokens
    quality: float


@dataclass(frozen=True, slots=True)
class StaffSeat:
    """What an app asks of enterprises for a seat of their staff."""

    app: int
    regions: tuple[str, ...]
    price: float  # USD a seat and month
    use: float  # queries a seat and month
    quality: float


@dataclass
class News:
    """What everybody can read: figures that nobody keeps secret, as of this month's prices or last month's trade."""

    SAVED: ClassVar[Saved] = EVERY_FIELD

    products: list[Product] = field(default_factory=list)
    rentals: list[Rental] = field(default_factory=list)
    cards: list[Card] = field(default_factory=list)
    plans: list[Plan] = field(default_factory=list)
    answers: list[AnswerCard] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)
    seats: list[StaffSeat] = field(default_factory=list)
    searches: dict[int, Tariff] = field(default_factory=dict)  # by the app that sells them
    use: float = 1.0  # hours asked of all clouds last month over hours they had
    hour_worth: float = 0.0  # USD: present value of an hour a month of capacity over a machine's life
    hour_running: float = 0.0  # USD: what power and site take of that, for machines as hungry as the opening ones
    machines_bought: dict[int, list[Purchase]] = field(default_factory=dict)  # by vendor; hours a month of capacity
    frontier: float = 0.0  # knowledge of the best lab, effective GPU-hours

    def tell(self, vendor: int, bought: Purchase) -> None:
        """Let a vendor see that somebody chose its machines."""
        self.machines_bought.setdefault(vendor, []).append(bought)

    def worth_at(self, power: float) -> float:
        """Dollars of an hour a month of capacity that takes ``power`` of what the opening machines take."""
        return self.hour_worth + (1 - power) * self.hour_running


def elasticity(bought: list[Purchase], own: float, market: float) -> float:
    """Own-price elasticity that a seller faces: its buyers' elasticities weighted by what they buy from it.

    A buyer that gives the seller a share s of its purchases by a logit in the logarithm of price answers
    with own x (1 - s) by going elsewhere and market x s by buying less.

    Parameters
    ----------
    bought : list of Purchase
        What each buyer buys from this seller.
    own, market : float
        Sensitivity to relative price, and elasticity of the buyers' total, both positive.
    """
    total = sum(one.amount for one in bought)
    if total <= 0:
        return own
    return sum(one.amount * (own * (1 - one.share) + market * one.share) for one in bought) / total
