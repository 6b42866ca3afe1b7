"""The drawer that opens when a node of the graph is chosen: a firm with its books, or a user with its month."""

import polars as pl

from watersellers.experiments.runs.result import Result
from watersellers.viz.charts.books import SIZES, STATEMENTS, WHOLE, books_table, unit_of
from watersellers.viz.drawing.chart import Table
from watersellers.viz.drawing.svg import Markup, element, joined
from watersellers.viz.lab.pages.controls import button, choice, number_field, table_figure
from watersellers.viz.lab.view.levers import strategy_name
from watersellers.viz.lab.view.scene import Scene
from watersellers.viz.reports.html_parts import paragraph
from watersellers.viz.reports.purchases import KINDS, parts_of
from watersellers.viz.words.catalogue import Words

PARTNERS = 8  # suppliers and customers listed by name
NO_APP = -1


def drawer(scene: Scene) -> Markup:
    """Show the chosen firm, sector or user; empty if none is chosen."""
    chosen = scene.address.look
    if not chosen or scene.month is None:
        return Markup("")
    known = {account.name for account in scene.accounts}
    if chosen.startswith("users"):
        return _user(scene)
    if chosen not in known and chosen not in scene.plan.positions:
        return _closed(scene, scene.say("drawer.unknown", name=chosen))
    return _firm(scene, chosen)


def _closed(scene: Scene, text: str) -> Markup:
    return element("div", {"class": "drawer"}, paragraph(text), button(scene.say("lab.close"), "look", ""))


def _firm(scene: Scene, name: str) -> Markup:
    """Show a firm or sector: its payees and payers, its strategies, and its books."""
    say = scene.words
    head = element("h2", {"id": "looked"}, say.name(name))
    close = button(say("lab.close"), "look", "", **{"class": "close"})
    trades = [_partners(scene, name, "payer"), _partners(scene, name, "payee")]
    parts = [head, close, _description(scene, name), element("div", {"class": "pair"}, *trades)]
    if name in {account.name for account in scene.accounts}:
        parts.append(_books(scene, name))
    return element("section", {"class": "drawer", "aria-labelledby": "looked"}, *parts)


def _description(scene: Scene, name: str) -> Markup:
    """Describe a firm and list its strategies."""
    say, member = scene.words, scene.member(name)
    if member is None:
        return paragraph(say.table.get(f"outside.{name.split('_')[0]}") or say.table.get(f"outside.{name}", ""), "note")
    owner = say("drawer.owner", owner=say.name(member.owner)) if member.owner not in ("", name) else ""
    text = say("drawer.is", layer=say.name(member.layer), region=say(f"region.{member.region}"))
    assert scene.month is not None
    overridden = scene.month.overridden.get(name, ())
    follows = [
        element(
            "li",
            {},
            element("b", {}, say.name(decision)),
            ": ",
            say.name(strategy_name(member.layer, decision, made)),
            f" ({say('drawer.overridden', month=say.month(scene.month.day))})" if decision in overridden else "",
        )
        for decision, made in member.strategies.items()
    ]
    strategies = element(
        "details", {"data-key": "how"}, element("summary", {}, say("drawer.how")), element("ul", {}, *follows)
    )
    return joined([paragraph(f"{text} {owner}".strip(), "note"), strategies])


def _partners(scene: Scene, name: str, side: str) -> Markup:
    """List a firm's payees or payers of the month, the largest first and the small ones together."""
    assert scene.month is not None
    say, other = scene.words, "payee" if side == "payer" else "payer"
    node = pl.col(side).replace_strict(dict(scene.plan.node_of), return_dtype=pl.String)
    rows = (
        scene.month.flows.filter(node == name)
        .group_by(other)
        .agg(pl.col("cents").sum(), pl.col("good").replace(KINDS).unique().sort())
    )
    ranked = list(rows.sort("cents", other, descending=[True, False]).select(other, "good", "cents").iter_rows())
    cells = [
        [say.name(who), ", ".join(say.kind(good) for good in goods), say.money(cents)] for who, goods, cents in ranked
    ]
    if len(cells) > PARTNERS + 1:
        rest = sum(cents for *_, cents in ranked[PARTNERS:])
        cells = [*cells[:PARTNERS], [say("drawer.others", count=len(ranked) - PARTNERS), "", say.money(rest)]]
    table = Table([say(f"drawer.{side}"), say("table.good"), say("table.sum")], cells, 2)
    title = say(f"drawer.{side}_title", name=say.name(name), month=say.month(scene.month.day))
    return table_figure(f"{side}s", table, title, scene)


def _books(scene: Scene, name: str) -> Markup:
    """Show a statement of the firm by month, quarter or year."""
    say = scene.words
    if scene.books is None:
        return paragraph(say("drawer.pause" if scene.view.playing else "drawer.opening"), "note")
    result, months = scene.books
    frame = _statement(result, name, scene.statement)
    parts = (
        parts_of(result.journal, frame["month"].unique().sort().to_list()).get(name, WHOLE)
        if scene.statement == "income"
        else WHOLE
    )
    table = books_table(frame, scene.statement, scene.period, say, parts)
    unit = say("books.unit", unit=say(f"unit.{unit_of(frame)[0]}"))
    until = say("drawer.until", month=say.month(scene.view.snapshots[months - 1].day))
    title = f"{say('books.title', statement=say(f'books.{scene.statement}'), firm=say.name(name))}, {unit}; {until}"
    picks = [
        choice(
            "statement", say("drawer.statement"), [(key, say(f"books.{key}")) for key in STATEMENTS], scene.statement
        ),
        choice("period", say("books.period"), [(key, say(f"books.{key}")) for key in SIZES], scene.period),
    ]
    return joined([element("div", {"class": "control"}, *picks), table_figure("books", table, title, scene)])


def _statement(result: Result, name: str, statement: str) -> pl.DataFrame:
    makers = {"income": result.income, "cash_flow": result.cash_flow, "balance_sheet": result.balance_sheet}
    return makers[statement](name)


def _user(scene: Scene) -> Markup:
    """Show one simulated user: its traits, and the app it used month by month."""
    assert scene.month is not None
    say, users, participants = scene.words, scene.month.users, scene.month.participants
    count = len(users.app)
    if not count:
        return _closed(scene, say("user.not_kept"))
    row = min(scene.address.user or 0, count - 1)
    apps = [each.name for each in scene.month.accounts.rows if each.layer == "apps"]
    now = _used(apps, int(users.app[row]), int(users.tier[row]), say)
    head = element("h2", {"id": "looked"}, say("user.title", number=row + 1))
    lead = say("user.now", month=say.month(scene.month.day), used=now)
    moves = Table([say("table.month"), say("user.used")], _history(scene, row, apps, say), 2)
    region = say(f"region.{participants.regions[int(participants.region[row])]}")
    who = say(
        "user.is",
        people=say.number(f"{int(participants.weight[row]):,}"),
        region=region,
        use=int(participants.use[row]),
        worth=say.dollars(round(100 * float(participants.worth[row]))),
    )
    picks = [
        number_field("user", say("user.choose", count=count), row + 1, (1, count)),
        button(say("user.another"), "another"),
        button(say("lab.close"), "look", "", **{"class": "close"}),
    ]
    history = table_figure("user", moves, say("user.history"), scene)
    parts = [head, element("div", {"class": "control"}, *picks), paragraph(who), paragraph(lead, "lead"), history]
    return element("section", {"class": "drawer", "aria-labelledby": "looked"}, *parts)


def _used(apps: list[str], app: int, tier: int, say: Words) -> str:
    if app == NO_APP:
        return say("user.none")
    return say("user.paid" if tier else "user.free", app=say.name(apps[app]))


def _history(scene: Scene, row: int, apps: list[str], say: Words) -> list[list[str]]:
    """List the months in which a user changed apps or plans."""
    moves, last = [], ""
    for month in scene.view.snapshots[: scene.number + 1]:
        used = _used(apps, int(month.users.app[row]), int(month.users.tier[row]), say)
        if used != last:
            moves.append([say.month(month.day), used])
            last = used
    return moves
