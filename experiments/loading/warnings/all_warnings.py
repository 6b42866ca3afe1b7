"""All warnings about a planned world, in one order."""

from watersellers.experiments.loading.checks.consistency import PlannedWorld
from watersellers.experiments.loading.warnings.entrants import clouds_that_never_order, entrants_that_never_begin
from watersellers.experiments.loading.warnings.trades import customers_without_sellers, sellers_without_customers
from watersellers.experiments.loading.warnings.unused_members import events_before_entries, unused_members

CHECKS = (
    sellers_without_customers,
    customers_without_sellers,
    entrants_that_never_begin,
    clouds_that_never_order,
    unused_members,
    events_before_entries,
)


def warnings_of(world: PlannedWorld) -> list[str]:
    """Say what can be run but never does what it is there for, each in a sentence with the place and what to write."""
    return list(dict.fromkeys(sentence for check in CHECKS for sentence in check(world)))
