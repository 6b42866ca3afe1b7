"""When a fleet no longer earns its book value back: the value left in it, and how it is written down."""

from dataclasses import dataclass

from watersellers.agents.cloud import Cloud
from watersellers.agents.owning import MachineNumbers, Owning
from watersellers.agents.setting import Traits
from watersellers.market.fleet import Machines
from watersellers.market.goods import MILLION
from watersellers.market.units import cents, split

type Value = tuple[float, float]  # dollars for an hour a month of capacity: as they come in, and discounted


@dataclass(frozen=True, slots=True)
class ImpairmentNumbers(Traits):
    """Whether a cloud writes its machines down where rents no longer carry their book value: 1 if it does."""

    impairment: float


def impairs(firm: Cloud) -> bool:
    """Whether a cloud writes its machines down."""
    return firm.alive and firm.numbers[ImpairmentNumbers].impairment > 0


def value_in_use(firm: Cloud, months: int, power: float) -> Value:
    """What an hour a month of a cloud's machines will still earn over its remaining months, buildings and all.

    Rents start at the cloud's own price, at the use that it has come to expect, and fall as builders reckon;
    power and site are paid out of them; ``power`` is what the lot takes over the opening machines.
    """
    machines = firm.numbers[MachineNumbers]
    use = min(1.0, firm.asked.level / firm.capacity)
    rent, running = use * firm.price, power * (use * machines.power_cost + machines.site_cost)
    earned = Owning(months, 0.0, machines.rent_decline, 0.0).hour_worth(rent, running)
    return earned, Owning(months, machines.discount, machines.rent_decline, 0.0).hour_worth(rent, running)


def losses(firm: Cloud, machines: Machines, month: int) -> dict[int, int]:
    """Cents to write off, by the lot's place in the register; none where the fleet carries its book value.

    A cloud's machines earn together, so they are tested together: the fleet is impaired if its book value is
    more than all that it will earn in what is left of its lots' lives. It is then written down to what that is
    worth today, each lot in proportion to its book value. (US GAAP's two steps for an asset group, ASC 360,
    from memory.)
    """
    books: dict[int, int] = {}
    earned = worth = 0.0
    for lot, (owner, _, opens, _, units, hours, _, book, *_, power, serves) in enumerate(machines.rows()):
        if owner == firm.place and opens <= month and book > 0:
            coming, today = value_in_use(firm, opens + serves - month - 1, power / MILLION)
            books[lot] = book
            earned, worth = earned + coming * units * hours, worth + today * units * hours
    total = sum(books.values())
    if total <= cents(earned):
        return {}
    loss = total - min(total, max(0, cents(worth)))
    return dict(zip(books, split(loss, [*books.values()], [*books]), strict=True))
