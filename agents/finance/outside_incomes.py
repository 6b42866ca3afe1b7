"""Outside incomes: the rest of the world pays every outside sector its income."""

from typing import ClassVar, Protocol, Self

from watersellers.agents.apps.advertisers import Advertisers
from watersellers.agents.cloud.fleet_loans import Lenders
from watersellers.agents.economy_parts import Parts
from watersellers.agents.enterprises.budgets import Enterprises
from watersellers.agents.enterprises.handed_over_work import HandedOverWork
from watersellers.agents.enterprises.own_models import OwnModels
from watersellers.agents.enterprises.states import States
from watersellers.agents.finance.investors import Investors
from watersellers.agents.finance.own_use import OwnerRentals
from watersellers.agents.finance.owner_funding import OlderBusinesses
from watersellers.agents.firm import Registers
from watersellers.agents.proration import prorate
from watersellers.agents.users.month import Users
from watersellers.market.accounting.ledger import Ledger
from watersellers.market.chance import Chance
from watersellers.market.chart_of_accounts import Item
from watersellers.market.exact import cents, whole
from watersellers.market.goods import Good
from watersellers.market.saved import Saved


class HasIncome(Protocol):
    """An outside sector that receives an income."""

    @property
    def account(self) -> int:
        """Its account."""

    def income(self, month: int) -> float:
        """Dollars this month."""


class OutsideIncomes:
    """Incomes that the rest of the world pays to outside sectors: wages, sales and savings."""

    SAVED: ClassVar[Saved] = {"short": bool, "announcements": list[tuple[str, str, str]]}

    def __init__(self, registers: Registers, sectors: list[tuple[int, HasIncome]]):
        self.registers, self.sectors = registers, sectors  # the latter with their account numbers
        self.short = False  # whether the rest of the world could not pay all incomes
        self.announcements: list[tuple[str, str, str]] = []  # of this month: kind of event, who, text

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Collect all sectors that receive an income from outside the chain."""
        customers = [*parts[Enterprises].regions, *parts[Advertisers].regions, *parts[Users].budgets]
        granted = [*parts[HandedOverWork].budgets, *parts[OwnModels].budgets]
        first: list[HasIncome] = [parts[OlderBusinesses], *parts[OwnerRentals].incomes, *parts[Investors].pools]
        sources = [*first, *customers, *granted, *parts[States].states, parts[Lenders]]
        return cls(parts.registers, [(source.account, source) for source in sources])

    def arrive(self, ledger: Ledger, chance: Chance) -> None:
        """Pay this month's incomes in full, or pro rata when cash is short, and tell when that begins."""
        due = [(account_id, cents(source.income(chance.month))) for account_id, source in self.sectors]
        missing = sum(amount for _, amount in due) - int(ledger.cash[self.registers.world])
        text = f"The rest of the world has run out of money and pays {{{missing} cents}} less than all incomes"
        self.announcements = [("short_of_incomes", "world", text)] if missing > 0 and not self.short else []
        self.short = missing > 0
        due = prorate(int(ledger.cash[self.registers.world]), due, "incomes", ledger, chance)
        account_ids, pay = whole(account_id for account_id, _ in due), whole(amount for _, amount in due)
        world = whole([self.registers.world] * len(due))
        ledger.transfer(world, account_ids, pay, (Item.INCOME, Item.INCOME), Good.INCOME)
