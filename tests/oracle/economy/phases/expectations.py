"""Chapter 7.3 of the rules: expectations of vendors, clouds, labs and investors."""

from tests.oracle.economy import handed_over_work, model_lines, shocks
from tests.oracle.economy.arithmetic import progress
from tests.oracle.economy.elementary import exp64
from tests.oracle.economy.formulas import own_hour_running, own_hour_worth, pool
from tests.oracle.economy.mechanisms import (
    belief_and_stakes,
    distillation_and_revenue_sharing,
    incumbent_search,
    marketing_trust_transactions,
    shortage,
)
from tests.oracle.economy.mechanisms.machine_choice import may_order
from tests.oracle.economy.phases import views, waiting_apps
from tests.oracle.economy.state import Economy, alive


def expectations(economy: Economy) -> None:
    shocks.move_sentiment(economy)
    shocks.improve_methods(economy)
    if economy.month > 0:
        expect_hours(economy)
    shortage.note_lines(economy)
    for vendor in economy.vendors:
        if economy.month > 0 and vendor.alive and vendor.capacity:
            vendor.orders.update(vendor.newly_ordered, economy.smoothing)
        vendor.newly_ordered = 0
        shortage.give_up(vendor, economy.waiting(vendor))
    update_knowledge(economy)
    handed_over_work.adopt(economy)
    if economy.month > 0:
        update_investors(economy)
    incumbent_search.decide_ads(economy)
    marketing_trust_transactions.move_trust(economy)
    incumbent_search.expect_pages(economy)
    waiting_apps.date_entries(economy)


def expect_hours(economy: Economy) -> None:
    for cloud in alive(economy.clouds):
        cloud.asked.update(cloud.asked_last, economy.smoothing)
    capacity = sum(cloud.capacity for cloud in alive(economy.clouds))
    economy.use = sum(cloud.asked_last for cloud in alive(economy.clouds)) / capacity if capacity > 0 else 1.0
    for name, sheet in economy.sheets.items():
        clouds = [cloud for cloud in alive(economy.clouds) if may_order(cloud, sheet)]
        capacity = sum(cloud.capacity for cloud in clouds)
        if capacity > 0:
            worth = sum(own_hour_worth(economy, cloud) * cloud.capacity for cloud in clouds)
            running = sum(own_hour_running(economy, cloud) * cloud.capacity for cloud in clouds)
            economy.hour_worth[name] = max(0.0, worth / capacity), running / capacity


def update_knowledge(economy: Economy) -> None:
    distilled = distillation_and_revenue_sharing.distilled_knowledge(economy)
    for lab in alive(economy.labs):
        numbers = lab.numbers
        taught = progress(numbers["training_growth"], numbers["progress_fade"], economy.month, lab.ahead["training"])
        learned = lab.trained / lab.companies * taught
        spilled = numbers["spill_over"] * max(0.0, economy.frontier - lab.knowledge)
        lab.knowledge = lab.knowledge * (1 - numbers["knowledge_decay"]) + learned + spilled
        lab.knowledge += distilled.get(lab.name, 0.0)
        lab.months_on_sale += 1
        model_lines.release(economy, lab)
        views.withdraw(economy, lab)
    economy.frontier = max([lab.knowledge for lab in alive(economy.labs)], default=0.0)


def update_investors(economy: Economy) -> None:
    for firm in alive(economy.firms):
        firm.revenue.update(economy.last_month(firm, "revenue") / 100, economy.smoothing)
        firm.burn.update(economy.last_month(firm, "drain") / 100, (economy.numbers["level_weight"], 0.0, 0.0))
        firm.months_seen += 1
        firm.revenue_seen += 12 * firm.revenue.level
        belief_and_stakes.note_margins_and_news(economy, firm)
    for investor in economy.investors:
        firms = pool(economy, investor)
        level = sum(firm.revenue.level for firm in firms)
        growth = sum(firm.revenue.growth * firm.revenue.level for firm in firms) / level if level > 0 else 0.0
        numbers = investor.numbers
        investor.returns.update(
            belief_and_stakes.seen_return(economy, investor), (economy.numbers["level_weight"], 0.0, 0.0)
        )
        aim = 1 + numbers["hype_pull"] * (growth - numbers["sober_growth"])
        aim = max(0.0, aim + numbers["return_pull"] * investor.returns.level)
        investor.usual = investor.usual + (1 - numbers["hype_memory"]) * (investor.hype - investor.usual)
        investor.hype = investor.hype + (1 - numbers["hype_memory"]) * (aim - investor.hype)
        news = belief_and_stakes.news_of(economy, investor)
        investor.hype = investor.hype * exp64(numbers["news_pull"] * news)
        founded = [firm for firm in economy.firms if firm.founder == investor.name]
        failed = [firm for firm in founded if (firm.wound_up and not firm.failure_seen) or firm in economy.takeovers]
        investor.hype = investor.hype * (1 - numbers["fear"]) ** len(failed)
        for firm in failed:
            firm.failure_seen = True
    economy.takeovers = []
    belief_and_stakes.herd(economy)
