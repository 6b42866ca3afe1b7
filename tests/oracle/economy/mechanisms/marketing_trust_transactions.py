"""Chapters 9.14, 9.16 to 9.18, 9.30 of the rules: transactions, captive users, marketing, trust, channels."""

import numpy as np

from tests.oracle.economy.arithmetic import cents, split, uniform
from tests.oracle.economy.books import GOOD, ONE_CENT, OPERATING_COST, WORLD, Order
from tests.oracle.economy.mechanisms.multihoming_and_friends import apps_used
from tests.oracle.economy.participants import App, Participant
from tests.oracle.economy.state import Economy, alive


def heard_rate(economy: Economy, region: Participant, share: list[float], app: App) -> float:
    numbers = region.numbers
    offered = [other for other in economy.apps if other.offered(region.region)]
    spending = sum(other.marketing for other in offered)
    voice = 1 - numbers["contest"] * (1 - app.marketing / spending) if spending > 0 else 1.0
    from_users = 0.0 if int(numbers["friends"]) else numbers["imitators"] * share[economy.apps.index(app)]
    from_ads = numbers["innovators"] * app.marketing / (app.marketing + numbers["marketing_unit"]) * voice
    ranking = [
        (-share[economy.apps.index(other)], other.key) for other in offered if share[economy.apps.index(other)] > 0
    ]
    rank = (
        sorted(ranking).index((-share[economy.apps.index(app)], app.key)) + 1
        if share[economy.apps.index(app)] > 0
        else None
    )
    from_charts = numbers["chart_reach"] / rank if rank else 0.0
    return from_users + from_ads + from_charts + app.numbers["captive"]


def trust(app: App) -> float:
    return app.numbers["trust"] - app.distrust


def move_trust(economy: Economy) -> None:
    for app in alive(economy.apps):
        eroded = app.numbers["trust_erosion"] * app.ad_load
        app.distrust = app.distrust + (eroded - economy.numbers["trust_recovery"] * app.distrust)
    for app in alive(economy.apps):
        chance = uniform(economy.hash("scandal", app.key))
        if np.float32(chance) < app.numbers["scandal_hazard"] * app.ad_load:
            for other in alive(economy.apps):
                other.distrust += app.numbers["scandal_depth"] * (
                    1 if other is app else economy.numbers["scandal_spill"]
                )


def pay_transaction_shares(economy: Economy) -> None:
    bills = []
    for app in alive(economy.apps):
        number = economy.apps.index(app)
        people = sum(user.weight for user in economy.users if number in [used for used, _, _ in apps_used(user)])
        take = round(app.numbers["take_rate"] * (people * cents(app.numbers["transactions"])))
        bills.append(Order(WORLD, OPERATING_COST, app.account, GOOD["transactions"], take, ONE_CENT))
    economy.pay(bills)


def marketing_bills(economy: Economy, app: App) -> list[Order]:
    """Split an app's marketing between other media and the apps that are channels (9.30)."""
    spending, regions = cents(app.marketing), [region for region in ("west", "china") if app.numbers[region] > 0]
    others = [other for other in alive(economy.apps) if other is not app and other.numbers["channel"] > 0]
    channels = [other for other in others if any(other.numbers[region] > 0 for region in regions)]
    through = round(economy.numbers["through_channels"] * spending) if channels else 0
    weights = [round(other.numbers["channel"] * 1_000_000) for other in channels]
    parts = split(through, weights, [other.key for other in channels]) if channels else []
    payments = [(WORLD, spending - through), *zip([other.account for other in channels], parts, strict=True)]
    return [Order(app.account, OPERATING_COST, account, GOOD["media"], pay, ONE_CENT) for account, pay in payments]


def mean_rival_spending(app: App, spending: dict[str, float], apps: list[App]) -> float:
    regions = {region for region in ("west", "china") if app.numbers[region] > 0}
    spent = [
        spending.get(other.name, 0.0)
        for other in apps
        if other is not app
        and any(other.numbers[region] > 0 for region in regions)
        and spending.get(other.name, 0.0) > 0
    ]
    return sum(spent) / len(spent) if spent else 0.0


def heads(economy: Economy, app: App) -> dict[str, float]:
    """What an app's marketing wins in people in a month like this one (9.68)."""
    number, won, answers = economy.apps.index(app), [], []
    people = {"known": 0.0, "users": 0.0}
    for region in economy.regions:
        if app.numbers[region.region] <= 0:
            continue
        there = [user for user in economy.users if user.region is region]
        aware = sum(user.weight for user in there if user.known[number])
        using = sum(user.weight for user in there if number in [used for used, _, _ in apps_used(user)])
        unaware = sum(user.weight for user in there) - aware
        reached, answer = reach(economy, region, app)
        new = unaware * reached * (using / aware) if aware else 0.0
        won.append(new)
        answers.append(new * answer)
        people["known"] += aware
        people["users"] += using
    return {**people, "heads": sum(won), "heads_answer": sum(answers) / sum(won) if sum(won) > 0 else 0.0}


def reach(economy: Economy, region: Participant, app: App) -> tuple[float, float]:
    """Share of the people that an app's marketing reaches, and how that answers to spending, in percent."""
    numbers = region.numbers
    if app.marketing <= 0:
        return 0.0, 0.0
    part = app.marketing / sum(other.marketing for other in economy.apps if other.offered(region.region))
    unit = numbers["marketing_unit"] / (app.marketing + numbers["marketing_unit"])
    voice = 1 - numbers["contest"] * (1 - part)
    louder = numbers["contest"] * part * (1 - part) / voice if voice > 0 else 0.0
    return numbers["innovators"] * (1 - unit) * voice, unit + louder
