"""Chapters 9.14, 9.16 to 9.18, 9.30 of the rules: transactions, captive users, marketing, trust, channels."""

import numpy as np

from tests.oracle.economy.arithmetic import cents, split, uniform
from tests.oracle.economy.books import GOOD, ONE_CENT, OPERATING_COST, WORLD, Order
from tests.oracle.economy.mechanisms.multihoming_and_friends import apps_used
from tests.oracle.economy.participants import App, Participant
from tests.oracle.economy.state import Economy, alive


def heard_rate(e: Economy, region: Participant, share: list[float], app: App) -> float:
    n = region.n
    here = [one for one in e.apps if one.offered(region.region)]
    spent = sum(one.marketing for one in here)
    voice = 1 - n["contest"] * (1 - app.marketing / spent) if spent > 0 else 1.0
    from_users = 0.0 if int(n["friends"]) else n["imitators"] * share[e.apps.index(app)]
    from_ads = n["innovators"] * app.marketing / (app.marketing + n["marketing_unit"]) * voice
    ranking = [(-share[e.apps.index(one)], one.key) for one in here if share[e.apps.index(one)] > 0]
    rank = sorted(ranking).index((-share[e.apps.index(app)], app.key)) + 1 if share[e.apps.index(app)] > 0 else None
    from_charts = n["chart_reach"] / rank if rank else 0.0
    return from_users + from_ads + from_charts + app.n["captive"]


def trust(app: App) -> float:
    return app.n["trust"] - app.distrust


def move_trust(e: Economy) -> None:
    for app in alive(e.apps):
        eroded = app.n["trust_erosion"] * app.n["ad_load"]
        app.distrust = app.distrust + (eroded - e.n["trust_recovery"] * app.distrust)
    for app in alive(e.apps):
        chance = uniform(e.hash("scandal", app.key))
        if np.float32(chance) < app.n["scandal_hazard"] * app.n["ad_load"]:
            for other in alive(e.apps):
                other.distrust += app.n["scandal_depth"] * (1 if other is app else e.n["scandal_spill"])


def pay_transaction_shares(e: Economy) -> None:
    bills = []
    for app in alive(e.apps):
        a = e.apps.index(app)
        people = sum(user.weight for user in e.users if a in [one for one, _, _ in apps_used(user)])
        take = round(app.n["take_rate"] * (people * cents(app.n["transactions"])))
        bills.append(Order(WORLD, OPERATING_COST, app.account, GOOD["transactions"], take, ONE_CENT))
    e.pay(bills)


def marketing_bills(e: Economy, app: App) -> list[Order]:
    """Split an app's marketing between other media and the apps that are channels (9.30)."""
    spent, regions = cents(app.marketing), [region for region in ("west", "china") if app.n[region] > 0]
    others = [one for one in alive(e.apps) if one is not app and one.n["channel"] > 0]
    channels = [one for one in others if any(one.n[region] > 0 for region in regions)]
    through = round(e.n["through_channels"] * spent) if channels else 0
    weights = [round(one.n["channel"] * 1_000_000) for one in channels]
    parts = split(through, weights, [one.key for one in channels]) if channels else []
    paid = [(WORLD, spent - through), *zip([one.account for one in channels], parts, strict=True)]
    return [Order(app.account, OPERATING_COST, account, GOOD["media"], pay, ONE_CENT) for account, pay in paid]


def mean_rival_spending(app: App, spending: dict[str, float], apps: list[App]) -> float:
    here = {region for region in ("west", "china") if app.n[region] > 0}
    spent = [
        spending.get(one.name, 0.0)
        for one in apps
        if one is not app and any(one.n[region] > 0 for region in here) and spending.get(one.name, 0.0) > 0
    ]
    return sum(spent) / len(spent) if spent else 0.0
