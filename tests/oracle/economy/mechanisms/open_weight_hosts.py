"""Chapter 9.7 of the rules: clouds that sell tokens of open weights."""

import math
from typing import Any

from tests.oracle.economy import formulas, model_lines
from tests.oracle.economy.arithmetic import dollars, nano
from tests.oracle.economy.books import GOOD
from tests.oracle.economy.participants import Cloud, Lab
from tests.oracle.economy.state import Economy, alive


def post_prices(economy: Economy) -> None:
    open_labs = [lab for lab in alive(economy.labs) if lab.numbers["open_weights"] > 0]
    best = None
    for lab in open_labs:
        if best is None or lab.quality > best.quality:
            best = lab
    economy.hosted = best
    cards = list(economy.cards.values())
    cards += [
        host_card(economy, cloud, best) for cloud in economy.clouds if best is not None and is_host(economy, cloud)
    ]
    economy.cards = {card["name"]: card for card in sorted(cards, key=lambda card: card["lab"].key)}


def is_host(economy: Economy, cloud: Cloud) -> bool:
    numbers = cloud.numbers
    open_for_sale = cloud.alive and numbers["hosts"] > 0 and numbers["sells"] > 0
    return open_for_sale and cloud.capacity >= max(1, numbers["host_threshold"]) and economy.hosted is not None


def host_card(economy: Economy, cloud: Cloud, lab: Lab) -> dict[str, Any]:
    half = lab.numbers["half_load"]
    load = max(cloud.token_load, half) or 1.0
    cost = (
        cloud.price * (load * (1 / lab.numbers["peak"]) + half) / load / formulas.throughput(economy, lab) * 1_000_000
    )
    price = dollars(max(1, nano(max(1e-3, cost * (1 + cloud.numbers["host_margin"])))))
    own = formulas.card(lab, model_lines.line(lab)[0])
    return own | {"price": price, "name": cloud.name, "region": cloud.region, "lab": cloud, "lock_in": 0.0, "free": 0.0,
                  "offers": [nano(price * weight) for weight in own["weights"]]}  # fmt: skip


def asked_of(economy: Economy, cloud: Cloud, good: str) -> int:
    return sum(
        order.quantity for order in economy.asked["tokens"] if (order.seller, order.good) == (cloud.account, GOOD[good])
    )


def set_hours_aside(economy: Economy) -> None:
    for cloud in economy.clouds:
        cloud.token_load, cloud.token_hours = 0.0, 0
        if cloud.name in economy.cards and economy.hosted is not None:
            numbers = economy.hosted.numbers
            works = (numbers["cached_work"], numbers["input_work"], 1.0)
            cloud.token_load = sum(
                asked_of(economy, cloud, good) * work for good, work in zip(formulas.TOKENS, works, strict=True)
            )
            if cloud.token_load > 0:
                work = cloud.token_load * (1 / numbers["peak"]) + numbers["half_load"]
                cloud.token_hours = math.ceil(work / formulas.throughput(economy, economy.hosted))


def limit_sales(economy: Economy, limits: dict[tuple[int, int], int]) -> None:
    for cloud in economy.clouds:
        if cloud.name in economy.cards and economy.hosted is not None:
            served, numbers = 1.0, economy.hosted.numbers
            if cloud.token_load > 0:
                able = max(0.0, cloud.hosting * formulas.throughput(economy, economy.hosted) - numbers["half_load"])
                served = min(1.0, able / (cloud.token_load * (1 / numbers["peak"])))
            for good in formulas.TOKENS:
                limits[cloud.account, GOOD[good]] = int(served * asked_of(economy, cloud, good))
