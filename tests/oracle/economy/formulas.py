"""Formulas of chapters 7.2 to 7.5 of the rules that several phases and mechanisms use."""

import math
from typing import Any

from tests.oracle.economy import model_lines, strategies
from tests.oracle.economy.arithmetic import annuity, dollars, nano, path, progress
from tests.oracle.economy.books import GOOD
from tests.oracle.economy.participants import App, Cloud, Enterprise, Firm, Investor, Lab, Lot
from tests.oracle.economy.state import Economy, alive, service_months

SEATS, QUERIES_PAID, QUERIES_FREE = GOOD["seats"], GOOD["queries_paid"], GOOD["queries_free"]
TOKENS = ("tokens_cached", "tokens_input", "tokens_output")


def own_use(economy: Economy) -> float:
    """Share of the older businesses' revenue that goes into compute."""
    numbers = economy.numbers
    return path(
        numbers["own_use_low"],
        numbers["own_use_high"],
        numbers["own_use_middle"],
        numbers["own_use_width"],
        economy.month,
    )


def budget(economy: Economy, enterprise: Enterprise, purpose: str) -> float:
    """What the enterprises of a region spend on tokens or compute this month, in USD."""
    numbers = enterprise.numbers
    return path(
        numbers[f"{purpose}_low"], numbers[f"{purpose}_high"], numbers["middle"], numbers["width"], economy.month
    )


def buildings_to_come(economy: Economy, owner: Cloud | App) -> int:
    delivered = sum(lot.cost for lot in economy.lots if lot.owner is owner and lot.opens > economy.month)
    return round(delivered * owner.numbers["building_share"])


def in_service(economy: Economy, owner: Cloud | App | Enterprise) -> list[Lot]:
    """Lots of an owner that have opened."""
    return [lot for lot in economy.lots if lot.owner is owner and lot.opens <= economy.month]


def own_hour_worth(economy: Economy, cloud: Cloud) -> float:
    """Worth of an hour per month of new machines to a cloud, in USD (7.3)."""
    numbers = cloud.numbers
    use = min(1.0, cloud.used_share if cloud.capacity else economy.use)
    return hour_worth(
        cloud, service_months(cloud), use * cloud.price, use * numbers["power_cost"] + numbers["site_cost"]
    )


def own_hour_running(economy: Economy, cloud: Cloud) -> float:
    """Present value of the running costs of an hour per month, to a cloud, in USD (9.1)."""
    numbers = cloud.numbers
    use = min(1.0, cloud.used_share if cloud.capacity else economy.use)
    return running_worth(cloud, service_months(cloud), use * numbers["power_cost"] + numbers["site_cost"])


def running_worth(owner: Cloud | App | Enterprise, life: int, running: float) -> float:
    """Present value of the running costs of an hour per month, without the building's part, in USD (9.1)."""
    return annuity(owner.numbers["discount"], life) * running / (1 + owner.numbers["building_share"])


def hour_worth(owner: Cloud | App | Enterprise, life: int, rent: float, running: float) -> float:
    """Present value of an hour per month, rents less running costs, without the building's part, in USD (7.3)."""
    numbers = owner.numbers
    rents = annuity((1 + numbers["discount"]) / (1 - numbers["rent_decline"]) - 1, life) * rent
    return (rents - annuity(numbers["discount"], life) * running) / (1 + numbers["building_share"])


def pool(economy: Economy, investor: Investor) -> list[Firm]:
    """Firms that an investor has founded."""
    return [firm for firm in alive(economy.firms) if firm.founder == investor.name]


def shares_of_purchases(economy: Economy, seller: Firm, market: str, good: str) -> list[tuple[float, float]]:
    """Units that each buyer bought of a seller, and their share of all that it bought (7.4)."""
    return list(purchases(economy, seller, market, good).values())


def purchases(economy: Economy, seller: Firm, market: str, good: str) -> dict[int, tuple[float, float]]:
    """The same, by the buyer's account."""
    alike = [("hours", "hours_reserved"), tuple("tokens_output" + suffix for suffix in model_lines.SUFFIXES)]
    family = [GOOD[other] for names in alike if good in names for other in names] or [GOOD[good]]
    goods = family if good == "hours" else [GOOD[good]]
    deals = [deal for deal in economy.deals.get(market, []) if deal.good in family and deal.price > 0]
    units_of_all: dict[int, int] = {}
    for deal in deals:
        units_of_all[deal.buyer] = units_of_all.get(deal.buyer, 0) + deal.quantity
    units_of_seller: dict[int, int] = {}
    units_of_line: dict[int, int] = {}
    for deal in deals:
        inside = isinstance(seller, Lab) and economy.owners.get(deal.buyer) == seller.owner
        if deal.seller == seller.account and not inside:
            units_of_line[deal.buyer] = units_of_line.get(deal.buyer, 0) + deal.quantity
            if deal.good in goods:
                units_of_seller[deal.buyer] = units_of_seller.get(deal.buyer, 0) + deal.quantity
    return {buyer: (units, units_of_line[buyer] / units_of_all[buyer]) for buyer, units in units_of_seller.items()}


def throughput(economy: Economy, lab: Lab) -> float:
    """Work that an hour does with the flagship that a lab serves."""
    return engine_speed(economy, lab) / (model_lines.line(lab)[0].weight / lab.faster.get(0, 1.0))


def engine_speed(economy: Economy, lab: Lab) -> float:
    """Work that an hour does with a model that knows nothing."""
    numbers = lab.numbers
    return numbers["throughput"] * progress(
        numbers["throughput_growth"], numbers["progress_fade"], economy.month, lab.ahead["serving"]
    )


def stretch(lab: Lab) -> float:
    """Hours that a load takes, over those of an even load: peaks, nights and batches (9.8)."""
    return max(
        1.0, (1 - batched(lab)) / lab.numbers["peak"] - lab.numbers["night_share"] * lab.numbers["night_discount"]
    )


def batched(lab: Lab) -> float:
    """Share of the load by which batches flatten the peak (9.23)."""
    return lab.numbers["batch_share"] * lab.numbers["batch_discount"]


def card(lab: Lab, model: model_lines.OnSale) -> dict[str, Any]:
    """A lab's price card for one of its models."""
    numbers = lab.numbers
    weights = (numbers["cached_price"], numbers["input_price"], 1.0)
    mean = 1 - (
        numbers["night_share"] * numbers["night_discount"] * numbers["night_discount"]
        + batched(lab) * numbers["batch_discount"]
    )
    price = dollars(max(1, nano(model_lines.price_of(lab, model) * mean)))
    suffix, free = model_lines.SUFFIXES[model.place], 0.0 if model.place else numbers["free_tokens"] / 1_000_000
    return {"price": price, "quality": model.quality, "weights": weights, "region": lab.region, "lab": lab,
            "lock_in": numbers["lock_in"], "free": free, "admits": None, "name": lab.name + suffix,
            "goods": [GOOD[good + suffix] for good in TOKENS],
            "offers": [nano(price * weight) for weight in weights]}  # fmt: skip


def sells_to(card: dict[str, Any], account: int) -> bool:
    """Whether the seller of a price card sells tokens to an account this month (9.8)."""
    return card["admits"] is None or account in card["admits"]


def tokens(app: App) -> list[int]:
    """Cached, input and output tokens of one query."""
    return tokens_at(app, app.quality)


def tokens_at(app: App, quality: float) -> list[int]:
    """Cached, input and output tokens of one query to a model of some quality."""
    grown = math.exp(app.numbers["tokens_by_quality"] * quality)
    cached, read, written = (app.numbers[name] * grown for name in ("cached_tokens", "input_tokens", "output_tokens"))
    return [int(cached), int(read), int(written * app.effort)]


def choose_clouds(economy: Economy, lab: Lab | App) -> None:
    """Choose shares of hours over clouds, and note their mean price."""
    offers = {
        name: offer
        for name, offer in economy.rentals.items()
        if offer["capacity"] > 0
        and (offer["sells"] or offer["owner"] == lab.owner)
        and lab.may_buy_from("cloud", name, offer["region"])
    }
    shares: list[float] = []
    if offers:
        view = {
            "price": [offer["price"] for offer in offers.values()],
            "quality": [math.log(offer["capacity"]) for offer in offers.values()],
            "last_share": [lab.cloud_share.get(name, 0.0) for name in offers],
            "own": [offer["owner"] == lab.owner for offer in offers.values()],
            "sensitivity": lab.numbers["hour_sensitivity"],
            "lock_in": [lab.numbers["hour_lock_in"] for _ in offers],
        }
        shares = strategies.sourcing(lab.strategies["sourcing"], view)
    lab.cloud_share = {name: share for name, share in zip(offers, shares, strict=True) if share > 0}
    lab.hour_price = sum((economy.rentals[name]["price"] * share for name, share in lab.cloud_share.items()), 0.0)
