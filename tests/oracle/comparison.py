"""Run a scenario in the model and in the oracle, and compare their journals row by row."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tests.oracle import economy as oracle
from tests.oracle.economy.books import GOODS, ITEMS, JournalRow
from watersellers import Size, load_scenario, synthetic
from watersellers.agents.scenario_spec import ParticipantSpec, ScenarioSpec
from watersellers.agents.strategies.selling import AtOnce
from watersellers.experiments.loading.catalogue import builtin_catalogue
from watersellers.experiments.runs.world import World
from watersellers.market.goods import SECTORS

COLUMNS = (
    "month", "phase", "batch", "debit_account", "debit_item", "credit_account", "credit_item", "counterparty",
    "good", "quantity", "price", "cents",
)  # fmt: skip
CHAIN = ("chips", "cloud", "labs", "apps")
SMALL_WORLDS = [
    (Size(chips=3, cloud=3, labs=3, apps=7, china=0.5, spread=0.4, mixed=True), 36, 6),
    (Size(chips=1, cloud=1, labs=3, apps=4, china=0.0, partners=2, mixed=True), 31, 8),
    (Size(chips=3, cloud=2, labs=4, apps=3, china=0.3, partners=2, mixed=True), 47, 8),
    (Size(chips=3, cloud=4, labs=2, apps=2, china=0.3, mixed=True), 51, 5),
    (Size(chips=1, cloud=3, labs=3, apps=2, china=0.5, mixed=True), 79, 8),
    (Size(chips=2, cloud=1, labs=3, apps=4, china=1.0, spread=0.4, mixed=True), 68, 6),
    (Size(chips=3, cloud=1, labs=3, apps=1, china=0.3, partners=1, spread=0.4, mixed=True), 53, 6),
    (Size(chips=2, cloud=4, labs=2, apps=5, china=0.3, spread=0.4, mixed=True), 32, 7),
    (Size(chips=3, cloud=4, labs=3, apps=4, china=0.5, spread=0.4, mixed=True), 55, 8),
    (Size(chips=1, cloud=2, labs=4, apps=3, china=0.5, partners=1, spread=0.4, mixed=True), 43, 7),
    (Size(chips=3, cloud=3, labs=3, apps=6, china=0.3, mixed=True), 100, 4),
    (Size(chips=2, cloud=3, labs=3, apps=8, china=0.4, spread=0.0), 90, 8),
]
MIXED = Size(chips=2, cloud=3, labs=3, apps=5, china=0.4, spread=0.3, mixed=True)
ANSWERING = {"answer_price": 0.09, "answer_block": 2_000.0, "answer_beyond": 0.13}


def journal(spec: ScenarioSpec, users: int, seed: int, months: int, **how: Any) -> list[JournalRow]:
    """Run the model and return its journal row by row."""
    world = World(spec, rng=seed, months=months, users=users, **how)
    for _ in range(months):
        world.step()
    columns = world.economy.ledger.journal()
    return list(zip(*(getattr(columns, name).tolist() for name in COLUMNS), strict=True))


def names(spec: ScenarioSpec) -> list[str]:
    """Names of the accounts, in their order (3.1)."""
    outside = [(1, "world"), (2, "older_businesses"), (3, "lenders")]
    sectors = ("users", "enterprises", "advertisers")
    regions = [(member.key, f"{sector}_{member.name}") for sector in sectors for member in spec.groups[sector]]
    firms = [
        (member.key, member.name)
        for group in ("investors", *CHAIN, "owners", "states")
        for member in spec.groups[group]
    ]
    pages = [(10**9 + app.key, f"{app.name}_pages") for app in spec.groups["apps"] if app.numbers["opening_pages"]]
    return [name for _, name in sorted([*outside, *regions, *firms, *pages])]


def in_words(row: JournalRow | None, accounts: list[str]) -> str:
    if row is None:
        return "nothing: the journal ends"
    debit, debit_item, credit, credit_item, counterparty, good, quantity, price, cents = row[3:]
    other = "" if counterparty < 0 else f", counterparty {accounts[counterparty]}"
    return (
        f"month {row[0]}, phase {row[1]}, batch {row[2]}: debit {accounts[debit]} {ITEMS[debit_item]}, "
        f"credit {accounts[credit]} {ITEMS[credit_item]}{other}, {GOODS[good]}, "
        f"quantity {quantity}, price {price}, {cents} cents"
    )


def first_difference(model: list[JournalRow], rows: list[JournalRow], accounts: list[str]) -> str:
    """Describe the first row in which two journals differ; empty if none does."""
    for number in range(max(len(model), len(rows))):
        ours = model[number] if number < len(model) else None
        theirs = rows[number] if number < len(rows) else None
        if ours != theirs:
            return f"row {number}\n  model:  {in_words(ours, accounts)}\n  oracle: {in_words(theirs, accounts)}"
    return ""


def compare(spec: ScenarioSpec, users: int, seed: int, months: int) -> list[JournalRow]:
    model, rows = journal(spec, users, seed, months), oracle.run(spec, users, seed, months)
    if difference := first_difference(model, rows, names(spec)):
        pytest.fail(difference)
    return rows


def goods_in(rows: list[JournalRow]) -> set[str]:
    return {GOODS[row[8]] for row in rows}


def changed(
    spec: ScenarioSpec, change: Callable[[ParticipantSpec], ParticipantSpec], groups: tuple[str, ...] = CHAIN
) -> ScenarioSpec:
    """Change every member of these groups."""
    new = {group: tuple(change(member) for member in spec.groups[group]) for group in groups}
    return replace(spec, groups={**spec.groups, **new})


def at_once(spec: ScenarioSpec) -> ScenarioSpec:
    """Let all labs sell what they know as soon as they know it."""
    known = {"releasing": AtOnce()}
    return changed(spec, lambda lab: replace(lab, strategies={**lab.strategies, **known}), ("labs",))


def numbered(**numbers: float) -> Callable[[ParticipantSpec], ParticipantSpec]:
    """Set these numbers of each member that has them."""

    def change(member: ParticipantSpec) -> ParticipantSpec:
        known = {name: value for name, value in numbers.items() if name in member.numbers}
        return replace(member, numbers={**member.numbers, **known})

    return change


def small(size: Size = MIXED, seed: int = 7, months: int = 8) -> ScenarioSpec:
    """A small synthetic world in which outside money follows paths in time, and mechanisms are off."""
    return load_scenario(on_paths(synthetic(size, seed=seed, months=months)))


def on_paths(world: dict[str, Any]) -> dict[str, Any]:
    """A world with what the scenario ``dollar_paths`` sets for whole groups, outside sectors and investors."""
    paths = builtin_catalogue().read("dollar_paths").doc
    groups = {group: dict(paths.get(group, {})) for group in (*CHAIN, *SECTORS, "investors")}
    laid = dict(world)
    for group, values in groups.items():
        of_group = {key: value for key, value in values.items() if not isinstance(value, dict) or "use" in value}
        members = {name: own | values.get(name, {}) for name, own in world[group].items() if isinstance(own, dict)}
        laid[group] = world[group] | of_group | members
    return laid | {"world": world.get("world", {}) | paths["world"]}


def busy(seed: int, size: Size = MIXED) -> ScenarioSpec:
    """A small world in which people know the apps and use them."""
    known = changed(small(size, seed=seed), numbered(opening_known=0.7), ("apps",))
    return changed(known, numbered(outside=0.5), ("users",))


def calling(spec: ScenarioSpec, share: float = 0.4) -> ScenarioSpec:
    """Let enterprises of every region call for answers."""
    answered = changed(spec, numbered(**ANSWERING), ("apps",))
    return changed(answered, numbered(answer_share=share, answer_customers=7.0), ("enterprises",))
