"""Chapters 7.2, 7.3, 7.5 and 7.9 of the rules: firms adopt models, buy tokens for work, and grant budgets for it."""

from typing import Any

from tests.oracle.economy.arithmetic import dollars
from tests.oracle.economy.books import OPERATING_COST
from tests.oracle.economy.elementary import exp64, log64, normal_deviate, normal_share
from tests.oracle.economy.formulas import budget, sells_to
from tests.oracle.economy.participants import Cloud, Enterprise, Participant
from tests.oracle.economy.state import Economy
from tests.oracle.economy.strategies import name
from tests.oracle.economy.value_of_models import Model, value_of_models

MOST_HAZARD = 100.0


def open_shares(economy: Economy) -> None:
    """Note the opening shares of firms and depth of each region's segments."""
    for enterprise in economy.enterprises:
        for segment in economy.segments:
            enterprise.firms[segment.name] = segment.numbers["opening_firms"]
            enterprise.depth[segment.name] = segment.numbers["opening_depth"]


# --- 7.3 ---


def hazard(segment: Participant, firms: float, gain: float) -> float:
    """Hazard a month with which a firm whose cost is covered adopts."""
    return min(pull_of(segment, firms, gain), MOST_HAZARD)


def pull_of(segment: Participant, firms: float, gain: float) -> float:
    strategy: Any = segment.strategies["adoption"]
    match name(strategy):
        case "Mansfield":
            if gain == 0:
                return 0.0
            pull: float = exp64(strategy.power * (log64(gain) - log64(strategy.usual)))
            return (strategy.innovators + strategy.imitators * firms) * pull
        case "Epidemic":
            return strategy.innovators + strategy.imitators * firms
        case "Probit":
            return strategy.innovators
    raise ValueError(name(strategy))


def adopt(economy: Economy) -> None:
    if economy.month == 0:
        return
    for enterprise in economy.enterprises:
        for segment in economy.segments:
            adopt_in(enterprise, segment)


def adopt_in(enterprise: Enterprise, segment: Participant) -> None:
    numbers, gain = segment.numbers, enterprise.gain.get(segment.name, 0.0)
    firms, depth = enterprise.firms[segment.name], enterprise.depth[segment.name]
    covered = 0.0
    if gain != 0:
        covered = normal_share((log64(gain) - log64(numbers["adoption_cost"])) / numbers["adoption_spread"])
    moving = 1 - exp64(-hazard(segment, firms, gain))
    joining = moving * max(0.0, covered - firms)
    after = firms + joining - numbers["leaving"] * max(0.0, firms - covered)
    deeper = depth + moving * (1 - depth)
    if joining > 0:
        deeper = (firms * deeper + joining * numbers["new_depth"]) / after
    enterprise.firms[segment.name], enterprise.depth[segment.name] = after, deeper


def open_work(enterprise: Enterprise, segment: Participant) -> float:
    return enterprise.depth[segment.name] * of_adopters(enterprise, segment)


def of_adopters(enterprise: Enterprise, segment: Participant) -> float:
    """Share of all exposed work that is done in firms that use models."""
    firms = enterprise.firms[segment.name]
    return normal_share(normal_deviate(firms) + segment.numbers["adoption_spread"]) if firms > 0 else 0.0


# --- 7.5 ---


def price_of_basket(enterprise: Enterprise, card: dict[str, Any]) -> float:
    mixes = (enterprise.numbers["cached_mix"], enterprise.numbers["input_mix"], 1.0)
    return sum(dollars(offer) * mix for offer, mix in zip(card["offers"], mixes, strict=True)) / 1_000_000


def wage(enterprise: Enterprise, segment: Participant) -> float:
    return enterprise.numbers["wage"] * segment.numbers["wage_factor"]


def as_seen(economy: Economy, enterprise: Enterprise, segment: Participant, card: dict[str, Any]) -> Model:
    numbers, seller = segment.numbers, card["lab"]
    maker = economy.hosted if isinstance(seller, Cloud) else seller
    assert maker is not None
    log_horizon = log64(numbers["start_horizon"]) + numbers["horizon_growth"] * (
        card["quality"] - numbers["start_quality"]
    )
    return Model(
        maker.account,
        seller.account,
        log_horizon,
        numbers["tokens_an_hour"] * price_of_basket(enterprise, card) / wage(enterprise, segment),
    )


def hours_left(economy: Economy, enterprise: Enterprise) -> float:
    """Exposed hours that the people of the region do not do with seats that they pay for."""
    numbers = enterprise.numbers
    paid_seats = sum(region.paid_seats for region in economy.regions if region.name == enterprise.name)
    return max(0.0, numbers["exposed_hours"] - paid_seats * numbers["seats_at_work"] * numbers["seat_hours"])


def cards_for(economy: Economy, enterprise: Enterprise) -> list[dict[str, Any]]:
    """Cards of labs and hosts that sell to a region's enterprises this month."""
    sold_here = [card for card in economy.cards.values() if card["region"] == enterprise.region]
    return [card for card in sold_here if sells_to(card, enterprise.account)]


def wish(economy: Economy) -> None:
    """Note what work makes each region wish to spend at each card."""
    for enterprise in economy.enterprises:
        cards = cards_for(economy, enterprise)
        wishes = [0.0 for _ in cards]
        felt = [(0.0, 0.0) for _ in cards]  # dollars times the answers of what is bought for them
        crossed = [[0.0 for _ in cards] for _ in cards]  # dollars times those to the prices of others of the line
        diverted = [[0.0 for _ in cards] for _ in cards]  # dollars that others of the line would sell without it
        for segment in economy.segments:
            use = value_of_models(segment.numbers, [as_seen(economy, enterprise, segment, card) for card in cards])
            hours = hours_left(economy, enterprise) * segment.numbers["share"] * open_work(enterprise, segment)
            enterprise.gain[segment.name] = use.gain
            enterprise.handed[segment.name] = hours * sum(use.hours)
            wages = hours * wage(enterprise, segment)
            wishes = [before + wages * spending for before, spending in zip(wishes, use.spending, strict=True)]
            growth = segment.numbers["horizon_growth"]
            felt = [
                (price + wages * spending * one, quality + wages * spending * other * growth)
                for (price, quality), spending, (one, other) in zip(felt, use.spending, use.answers, strict=True)
            ]
            for here, spending in enumerate(use.spending):
                for there, one in enumerate(use.crossed[here]):
                    crossed[here][there] += wages * spending * one
                    diverted[here][there] += wages * spending * use.diverted[here][there]
        enterprise.felt, enterprise.crossed, enterprise.diverted = felt, crossed, diverted
        enterprise.wishes, enterprise.wanted = wishes, sum(wishes)


def affordable(enterprise: Enterprise) -> float:
    """Dollars of what it wants that its purse allows."""
    return min(enterprise.wanted, enterprise.purse)


def whole_budget(economy: Economy, enterprise: Enterprise) -> float:
    """Dollars of a region's enterprises for tokens, and for whatever replaces them."""
    return budget(economy, enterprise, "tokens") + affordable(enterprise)


def by_path(economy: Economy, enterprise: Enterprise, spent: float) -> float:
    """Dollars of what is spent on tokens that no work asks for."""
    whole = whole_budget(economy, enterprise)
    return spent * (1 - affordable(enterprise) / whole) if whole else 0.0


def order_tokens(economy: Economy, enterprise: Enterprise, money: float) -> None:
    """Spend dollars on the cards in proportion to what is wished at each."""
    if enterprise.wanted > 0:
        for card, wished in zip(cards_for(economy, enterprise), enterprise.wishes, strict=True):
            buy_basket(economy, enterprise, card, money * wished / enterprise.wanted)


def buy_basket(economy: Economy, enterprise: Enterprise, card: dict[str, Any], money: float) -> None:
    output = money / price_of_basket(enterprise, card)
    mixes = (enterprise.numbers["cached_mix"], enterprise.numbers["input_mix"], 1.0)
    for good, mix, offer in zip(card["goods"], mixes, card["offers"], strict=True):
        economy.add_order(
            "tokens",
            enterprise.account,
            OPERATING_COST,
            card["lab"].account,
            good,
            int(output * mix),
            offer,
        )


# --- 7.9 ---


def grant_budgets(economy: Economy) -> None:
    for enterprise in economy.enterprises if economy.segments else ():
        cash = max(0, economy.books.cash(enterprise.account)) / 100
        left = min(cash, enterprise.purse - affordable(enterprise))
        enterprise.grant = max(0.0, enterprise.wanted * (1 + enterprise.numbers["budget_margin"]) - left)
        enterprise.purse = left + enterprise.grant


def grant_own_models(economy: Economy) -> None:
    """Set aside part of the surplus in sight for models of their own."""
    for enterprise in economy.enterprises:
        numbers, surplus = enterprise.numbers, 0.0
        for segment in economy.segments:
            hours = hours_left(economy, enterprise) * segment.numbers["share"]
            adopted = wage(enterprise, segment) * hours * of_adopters(enterprise, segment)
            surplus += adopted * enterprise.gain[segment.name]
        most = numbers["own_models_most"] * numbers["it_budget"]
        enterprise.models_grant = min(numbers["own_models"] * surplus, most)


def compute_budget(economy: Economy, enterprise: Enterprise) -> float:
    """Dollars of a region's enterprises for hours this month."""
    return budget(economy, enterprise, "compute") + enterprise.models_grant
