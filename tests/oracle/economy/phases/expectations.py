"""Chapter 7.3 of the rules: expectations of vendors, clouds, labs and investors."""

from tests.oracle.economy.arithmetic import progress
from tests.oracle.economy.formulas import own_hour_running, own_hour_worth, pool
from tests.oracle.economy.mechanisms import (
    belief_and_stakes,
    distillation_and_revenue_sharing,
    incumbent_search,
    marketing_trust_transactions,
)
from tests.oracle.economy.state import Economy, alive


def expectations(e: Economy) -> None:
    if e.month > 0:
        expect_hours(e)
    for vendor in e.vendors:
        if e.month > 0 and vendor.alive and vendor.capacity:
            vendor.orders.update(vendor.newly_ordered, e.smoothing)
        vendor.newly_ordered = 0
    update_knowledge(e)
    if e.month > 0:
        update_investors(e)
    marketing_trust_transactions.move_trust(e)
    incumbent_search.expect_pages(e)


def expect_hours(e: Economy) -> None:
    for cloud in alive(e.clouds):
        cloud.asked.update(cloud.asked_last, e.smoothing)
    capacity = sum(cloud.capacity for cloud in alive(e.clouds))
    e.use = sum(cloud.asked_last for cloud in alive(e.clouds)) / capacity if capacity > 0 else 1.0
    if capacity > 0:
        worth = sum(own_hour_worth(e, cloud) * cloud.capacity for cloud in alive(e.clouds))
        e.hour_worth = max(0.0, worth / capacity)
        e.hour_running = sum(own_hour_running(e, cloud) * cloud.capacity for cloud in alive(e.clouds)) / capacity


def update_knowledge(e: Economy) -> None:
    distilled = distillation_and_revenue_sharing.distilled_knowledge(e)
    for lab in alive(e.labs):
        n = lab.n
        learned = lab.trained * progress(n["training_growth"], n["progress_fade"], e.month)
        spilled = n["spill_over"] * max(0.0, e.frontier - lab.knowledge)
        lab.knowledge = lab.knowledge * (1 - n["knowledge_decay"]) + learned + spilled
        lab.knowledge += distilled.get(lab.name, 0.0)
    e.frontier = max([lab.knowledge for lab in alive(e.labs)], default=0.0)


def update_investors(e: Economy) -> None:
    for firm in alive(e.firms):
        firm.revenue.update(e.last_month(firm, "revenue") / 100, e.smoothing)
        firm.burn.update(e.last_month(firm, "drain") / 100, (e.n["level_weight"], 0.0, 0.0))
    for investor in e.investors:
        firms = pool(e, investor)
        level = sum(firm.revenue.level for firm in firms)
        growth = sum(firm.revenue.growth * firm.revenue.level for firm in firms) / level if level > 0 else 0.0
        n = investor.n
        investor.returns.update(belief_and_stakes.seen_return(e, investor), (e.n["level_weight"], 0.0, 0.0))
        wanted = 1 + n["hype_pull"] * (growth - n["sober_growth"])
        wanted = max(0.0, wanted + n["return_pull"] * investor.returns.level)
        investor.usual = investor.usual + (1 - n["hype_memory"]) * (investor.hype - investor.usual)
        investor.hype = investor.hype + (1 - n["hype_memory"]) * (wanted - investor.hype)
        failed = [one for one in e.firms if one.wound_up and not one.failure_seen and one.founder == investor.name]
        investor.hype = investor.hype * (1 - n["fear"]) ** len(failed)
        for one in failed:
            one.failure_seen = True
    belief_and_stakes.herd(e)
