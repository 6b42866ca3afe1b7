"""Chapter 9.7 of the rules: clouds that sell tokens of open weights."""

import math
from typing import Any

from tests.oracle.economy import formulas
from tests.oracle.economy.arithmetic import dollars, nano
from tests.oracle.economy.books import GOOD
from tests.oracle.economy.participants import Cloud, Lab
from tests.oracle.economy.state import Economy, alive


def post_prices(e: Economy) -> None:
    given = [lab for lab in alive(e.labs) if lab.n["open_weights"] > 0]
    best = None
    for lab in given:
        if best is None or lab.quality > best.quality:
            best = lab
    e.hosted = best
    cards = list(e.cards.values())
    cards += [host_card(e, cloud, best) for cloud in e.clouds if best is not None and is_host(e, cloud)]
    e.cards = {one["lab"].name: one for one in sorted(cards, key=lambda one: one["lab"].key)}


def is_host(e: Economy, cloud: Cloud) -> bool:
    n = cloud.n
    open_for_sale = cloud.alive and n["hosts"] > 0 and n["sells"] > 0
    return open_for_sale and cloud.capacity >= max(1, n["host_threshold"]) and e.hosted is not None


def host_card(e: Economy, cloud: Cloud, lab: Lab) -> dict[str, Any]:
    half = lab.n["half_load"]
    load = max(cloud.token_load, half) or 1.0
    cost = cloud.price * (load * (1 / lab.n["peak"]) + half) / load / formulas.throughput(e, lab) * 1_000_000
    price = dollars(max(1, nano(cost * (1 + cloud.n["host_margin"]))))
    own = formulas.card(lab)
    return own | {"price": price, "region": cloud.region, "lab": cloud, "lock_in": 0.0, "free": 0.0,
                  "offers": [nano(price * weight) for weight in own["weights"]]}  # fmt: skip


def asked_of(e: Economy, cloud: Cloud, good: str) -> int:
    return sum(one.quantity for one in e.asked["tokens"] if (one.seller, one.good) == (cloud.account, GOOD[good]))


def set_hours_aside(e: Economy) -> None:
    for cloud in e.clouds:
        cloud.token_load, cloud.token_hours = 0.0, 0
        if cloud.name in e.cards and e.hosted is not None:
            n = e.hosted.n
            works = (n["cached_work"], n["input_work"], 1.0)
            cloud.token_load = sum(
                asked_of(e, cloud, good) * work for good, work in zip(formulas.TOKENS, works, strict=True)
            )
            if cloud.token_load > 0:
                work = cloud.token_load * (1 / n["peak"]) + n["half_load"]
                cloud.token_hours = math.ceil(work / formulas.throughput(e, e.hosted))


def limit_sales(e: Economy, given: dict[tuple[int, int], int]) -> None:
    for cloud in e.clouds:
        if cloud.name in e.cards and e.hosted is not None:
            served, n = 1.0, e.hosted.n
            if cloud.token_load > 0:
                able = max(0.0, cloud.hosting * formulas.throughput(e, e.hosted) - n["half_load"])
                served = min(1.0, able / (cloud.token_load * (1 / n["peak"])))
            for good in formulas.TOKENS:
                given[cloud.account, GOOD[good]] = int(served * asked_of(e, cloud, good))
