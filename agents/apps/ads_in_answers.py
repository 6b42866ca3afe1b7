"""Ads in answers: apps decide how many slots they show beside a free answer, and what they look at before."""

from dataclasses import dataclass
from math import inf
from typing import ClassVar, Self

from watersellers.agents.apps.advertisers import Advertisers
from watersellers.agents.apps.app import App
from watersellers.agents.apps.incumbent_search import IncumbentSearch, SearchBusiness
from watersellers.agents.apps.merchants import MerchantNumbers
from watersellers.agents.apps.month import Apps
from watersellers.agents.apps.publishers import PublisherNumbers
from watersellers.agents.apps.trust import TrustNumbers
from watersellers.agents.economy_parts import Parts
from watersellers.agents.firm import Registers
from watersellers.agents.scenario_spec import Traits
from watersellers.agents.strategies.monetisation import SeenByAdSeller, SlotMarket
from watersellers.agents.users.month import Users
from watersellers.market.chance import Chance
from watersellers.market.saved import Saved


@dataclass(frozen=True, slots=True)
class AdNumbers(Traits):
    """Ad slots that fit beside an answer of an app."""

    most_slots: float


class AdsInAnswers:
    """How many ads each app shows beside a free answer."""

    NUMBERS: ClassVar = {"apps": (AdNumbers,)}
    SAVED: ClassVar[Saved] = {"since": dict[int, int]}

    def __init__(self, apps: Apps, users: Users, sellers: tuple[Advertisers, IncumbentSearch], registers: Registers):
        self.apps, self.users, self.registers = apps, users, registers
        self.advertisers, self.search = sellers
        self.since: dict[int, int] = {}  # by app: the month in which its ads last changed

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Take the apps, their users, and the two auctions of slots."""
        return cls(parts[Apps], parts[Users], (parts[Advertisers], parts[IncumbentSearch]), parts.registers)

    def expect(self, chance: Chance) -> None:
        """Let each app decide how many slots it shows beside a free answer from this month on."""
        views = [(firm, self.see(firm)) for firm in self.apps.alive]  # of last month, before anybody moves
        for firm, seen in views:
            slots = firm.decide("advertising", seen, chance)
            if slots != firm.ad_load:
                self.since[firm.account] = self.registers.month
            firm.show_ads(slots)

    def see(self, firm: App) -> SeenByAdSeller:
        """Return an app's view: advertisers' bids, and users, answers and margins of last month."""
        row, trust = self.users.row_of[firm.account], firm.numbers[TrustNumbers]
        used = [
            (int(people), region.traits)
            for people, region in zip(self.users.totals.people[row], self.users.regions, strict=True)
            if region.name in firm.regions
        ]
        users = sum(people for people, _ in used)
        averse = sum(people * traits.ad_aversion for people, traits in used)
        business = next((each for each in self.search.businesses if each.app is firm), None)
        return SeenByAdSeller(
            list_load=firm.traits.ad_load,
            load=firm.ad_load,
            months=self.registers.month - self.since[firm.account] if firm.account in self.since else inf,
            most_slots=firm.numbers[AdNumbers].most_slots,
            users=users,
            people=sum(traits.people for _, traits in used),
            margin=max(0.0, self._margin(firm, users)),
            page_margin=max(0.0, self._page_margin(business)) if business else 0.0,
            kept=1 - firm.numbers[PublisherNumbers].publisher_share,
            aversion=averse / users if users else 0.0,
            erosion=trust.trust_erosion + trust.scandal_hazard * trust.scandal_depth,
            recovery=self.registers.numbers["trust_recovery"],
            beside=tuple(self._beside(firm)),
            on_pages=tuple(self._on_pages(business)) if business else (),
        )

    def _margin(self, firm: App, users: int) -> float:
        """Dollars that a user brought last month without ads: seats and purchases, less the cost of answers."""
        if not users:
            return 0.0
        numbers, publishers = firm.numbers[MerchantNumbers], firm.numbers[PublisherNumbers]
        seats = (1 - publishers.publisher_share) * firm.price * firm.seats
        cost = self.apps.input_cost(firm) * (firm.served_paid + firm.served_free)
        return (seats - cost) / users + numbers.take_rate * numbers.transactions

    def _page_margin(self, business: SearchBusiness) -> float:
        """Dollars per month that an owner's result pages lose with each user who goes to a rival's app (9.29)."""
        numbers, pages = business.numbers, self.search.pages[business.account]
        people = next(each.traits.people for each in self.users.regions if each.name == business.app.region)
        taken = 1 - business.app.served_pages / pages if pages else 1.0
        earns = numbers.page_slots * self.search.prices[business.account] - numbers.page_cost
        return numbers.page_loss * numbers.opening_pages * taken / people * earns

    def _beside(self, firm: App) -> list[SlotMarket]:
        """The slots beside answers to free users, by region in which the app is offered."""
        markets = []
        for region in (each for each in self.advertisers.regions if each.name in firm.regions):
            users, traits = self.registers.account_id(f"users_{region.name}"), region.traits
            shown = {app: slots for (app, account), slots in self.advertisers.slots.items() if account == users}
            others = sum(shown.values()) - shown.get(firm.account, 0)
            answers = self.apps.free_by_region.get((firm.account, users), 0) * (1 - firm.traits.walled)
            markets.append(SlotMarket(traits.worth, traits.bidders, traits.budget, others, 0.0, answers))
        return markets

    def _on_pages(self, business: SearchBusiness) -> list[SlotMarket]:
        """The slots on result pages and beside answers to them, in the region of the app's owner."""
        firm, older = business.app, self.search.slots(business)
        local = [each for each in self.search.businesses if each.app.region == firm.region]
        others = sum(self.search.slots(each) + each.answer_slots for each in local if each is not business)
        answers = firm.served_pages * (1 - firm.traits.walled)
        return [
            SlotMarket(each.traits.worth, each.traits.page_bidders, each.traits.page_budget, others, older, answers)
            for each in self.advertisers.regions
            if each.name == firm.region
        ]
