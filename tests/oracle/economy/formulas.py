"""Formulas of chapters 7.2 to 7.5 of the rules that several phases and mechanisms use."""

import math
from typing import Any

from tests.oracle.economy import strategies
from tests.oracle.economy.arithmetic import annuity, dollars, nano, path, progress
from tests.oracle.economy.books import GOOD
from tests.oracle.economy.participants import App, Cloud, Enterprise, Firm, Investor, Lab, Lot
from tests.oracle.economy.state import Economy, alive, service_months

SEATS, QUERIES_PAID, QUERIES_FREE = GOOD["seats"], GOOD["queries_paid"], GOOD["queries_free"]
TOKENS = ("tokens_cached", "tokens_input", "tokens_output")


def own_use(e: Economy) -> float:
    """Share of the older businesses' revenue that goes into compute."""
    n = e.n
    return path(n["own_use_low"], n["own_use_high"], n["own_use_middle"], n["own_use_width"], e.month)


def budget(e: Economy, enterprise: Enterprise, what: str) -> float:
    """What the enterprises of a region spend on tokens or compute this month, in USD."""
    n = enterprise.n
    return path(n[f"{what}_low"], n[f"{what}_high"], n["middle"], n["width"], e.month)


def in_service(e: Economy, owner: Cloud | App | Enterprise) -> list[Lot]:
    """Lots of an owner that have opened."""
    return [lot for lot in e.lots if lot.owner is owner and lot.opens <= e.month]


def own_hour_worth(e: Economy, cloud: Cloud) -> float:
    """Worth of an hour per month of new machines to a cloud, in USD (7.3)."""
    n = cloud.n
    use = min(1.0, cloud.used_share if cloud.capacity else e.use)
    return hour_worth(cloud, service_months(cloud), use * cloud.price, use * n["power_cost"] + n["site_cost"])


def own_hour_running(e: Economy, cloud: Cloud) -> float:
    """Present value of the running costs of an hour per month, to a cloud, in USD (9.1)."""
    n = cloud.n
    use = min(1.0, cloud.used_share if cloud.capacity else e.use)
    return running_worth(cloud, service_months(cloud), use * n["power_cost"] + n["site_cost"])


def running_worth(owner: Cloud | App | Enterprise, life: int, running: float) -> float:
    """Present value of the running costs of an hour per month, without the building's part, in USD (9.1)."""
    return annuity(owner.n["discount"], life) * running / (1 + owner.n["building_share"])


def hour_worth(owner: Cloud | App | Enterprise, life: int, rent: float, running: float) -> float:
    """Present value of an hour per month, rents less running costs, without the building's part, in USD (7.3)."""
    n = owner.n
    rents = annuity((1 + n["discount"]) / (1 - n["rent_decline"]) - 1, life) * rent
    return (rents - annuity(n["discount"], life) * running) / (1 + n["building_share"])


def pool(e: Economy, investor: Investor) -> list[Firm]:
    """Firms that an investor has founded."""
    return [firm for firm in alive(e.firms) if firm.founder == investor.name]


def shares_of_purchases(e: Economy, seller: Firm, market: str, good: str) -> list[tuple[float, float]]:
    """Units that each buyer bought of a seller, and their share of all that it bought (7.4)."""
    goods = (GOOD["hours"], GOOD["hours_reserved"]) if good == "hours" else (GOOD[good],)
    deals = [one for one in e.deals.get(market, []) if one.good in goods and one.price > 0]
    every: dict[int, int] = {}
    for one in deals:
        every[one.buyer] = every.get(one.buyer, 0) + one.quantity
    own: dict[int, int] = {}
    for one in deals:
        inside = isinstance(seller, Lab) and e.owners.get(one.buyer) == seller.owner
        if one.seller == seller.account and not inside:
            own[one.buyer] = own.get(one.buyer, 0) + one.quantity
    return [(units, units / every[buyer]) for buyer, units in own.items()]


def throughput(e: Economy, lab: Lab) -> float:
    """Work that an hour does with a lab's model."""
    n = lab.n
    grown = n["throughput"] * progress(n["throughput_growth"], n["progress_fade"], e.month)
    return grown / (1 + lab.knowledge / n["knowledge_unit"]) ** n["size_penalty"]


def stretch(lab: Lab) -> float:
    """Hours that a load takes, over those of an even load: peaks, nights and batches (9.8)."""
    return max(1.0, (1 - batched(lab)) / lab.n["peak"] - lab.n["night_share"] * lab.n["night_discount"])


def batched(lab: Lab) -> float:
    """Share of the load by which batches flatten the peak (9.23)."""
    return lab.n["batch_share"] * lab.n["batch_discount"]


def card(lab: Lab) -> dict[str, Any]:
    """A lab's price card."""
    n = lab.n
    weights = (n["cached_price"], n["input_price"], 1.0)
    mean = 1 - (n["night_share"] * n["night_discount"] * n["night_discount"] + batched(lab) * n["batch_discount"])
    price = dollars(max(1, nano(lab.price * mean)))
    return {"price": price, "quality": lab.quality, "weights": weights, "region": lab.region, "lab": lab,
            "lock_in": n["lock_in"], "free": n["free_tokens"] / 1_000_000, "admits": None,
            "offers": [nano(price * weight) for weight in weights]}  # fmt: skip


def tokens(app: App) -> list[int]:
    """Cached, input and output tokens of one query."""
    grown = math.exp(app.n["tokens_by_quality"] * app.quality)
    return [int(app.n[name] * grown) for name in ("cached_tokens", "input_tokens", "output_tokens")]


def choose_clouds(e: Economy, lab: Lab | App) -> None:
    """Choose shares of hours over clouds, and note their mean price."""
    offers = {
        name: one
        for name, one in e.rentals.items()
        if one["capacity"] > 0
        and (one["sells"] or one["owner"] == lab.owner)
        and lab.may_buy_from("cloud", name, one["region"])
    }
    shares: list[float] = []
    if offers:
        view = {
            "price": [one["price"] for one in offers.values()],
            "quality": [math.log(one["capacity"]) for one in offers.values()],
            "last_share": [lab.cloud_share.get(name, 0.0) for name in offers],
            "own": [one["owner"] == lab.owner for one in offers.values()],
            "sensitivity": lab.n["hour_sensitivity"],
            "lock_in": [lab.n["hour_lock_in"] for _ in offers],
        }
        shares = strategies.sourcing(lab.strategies["sourcing"], view)
    lab.cloud_share = {name: share for name, share in zip(offers, shares, strict=True) if share > 0}
    lab.hour_price = sum((e.rentals[name]["price"] * share for name, share in lab.cloud_share.items()), 0.0)
