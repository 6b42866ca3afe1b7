"""What opens when something in the graph is chosen: a firm with its books, or a user with its month."""

import polars as pl

from watersellers.experiments.result import Result
from watersellers.viz.charts.books import SIZES, STATEMENTS, WHOLE, books_table, unit_of
from watersellers.viz.charts.chart import Table
from watersellers.viz.charts.svg import Markup, element, joined
from watersellers.viz.live.levers import named
from watersellers.viz.live.scene import Scene
from watersellers.viz.pages.controls import button, choice, number_field, table_figure
from watersellers.viz.pieces import paragraph
from watersellers.viz.trade import KINDS, parts_of
from watersellers.viz.words import Words

PARTNERS = 8  # suppliers and customers listed by name
NO_APP = -1


def drawer(scene: Scene) -> Markup:
    """Show what was chosen, if anything was and it is there."""
    chosen = scene.address.look
    if not chosen or scene.month is None:
        return Markup("")
    known = {who.name: who for who in scene.accounts}
    if chosen.startswith("users"):
        return _user(scene)
    who = known.get(chosen)
    if who is None and chosen not in scene.plan.places:
        return _closed(scene, scene.say("drawer.unknown", name=chosen))
    return _firm(scene, chosen)


def _closed(scene: Scene, text: str) -> Markup:
    return element("div", {"class": "drawer"}, paragraph(text), button(scene.say("lab.close"), "look", ""))


def _firm(scene: Scene, name: str) -> Markup:
    """Show a firm or sector: whom it paid, who paid it, how it decides, and its books."""
    say = scene.words
    head = element("h2", {"id": "looked"}, say.name(name))
    close = button(say("lab.close"), "look", "", **{"class": "close"})
    trades = [_partners(scene, name, "payer"), _partners(scene, name, "payee")]
    parts = [head, close, _who(scene, name), element("div", {"class": "pair"}, *trades)]
    if name in {who.name for who in scene.accounts}:
        parts.append(_books(scene, name))
    return element("section", {"class": "drawer", "aria-labelledby": "looked"}, *parts)


def _who(scene: Scene, name: str) -> Markup:
    """Say what a firm is and which strategies it follows."""
    say, member = scene.words, scene.member(name)
    if member is None:
        return paragraph(say.table.get(f"outside.{name.split('_')[0]}") or say.table.get(f"outside.{name}", ""), "note")
    owner = say("drawer.owner", owner=say.name(member.owner)) if member.owner not in ("", name) else ""
    text = say("drawer.is", layer=say.name(member.layer), region=say(f"region.{member.region}"))
    follows = [
        element("li", {}, element("b", {}, say.name(slot)), ": ", say.name(named(member.layer, slot, made)))
        for slot, made in member.strategies.items()
    ]
    told = element(
        "details", {"data-key": "how"}, element("summary", {}, say("drawer.how")), element("ul", {}, *follows)
    )
    return joined([paragraph(f"{text} {owner}".strip(), "note"), told])


def _partners(scene: Scene, name: str, side: str) -> Markup:
    """List whom a firm paid in the month, or who paid it, the largest first and the small ones together."""
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
    """Show a statement of the firm, month by month, quarter by quarter or year by year."""
    say = scene.words
    if scene.books is None:
        return paragraph(say("drawer.pause" if scene.view.playing else "drawer.opening"), "note")
    result, lived = scene.books
    frame = _statement(result, name, scene.statement)
    parts = (
        parts_of(result.journal, frame["month"].unique().sort().to_list()).get(name, WHOLE)
        if scene.statement == "income"
        else WHOLE
    )
    table = books_table(frame, scene.statement, scene.period, say, parts)
    unit = say("books.unit", unit=say(f"unit.{unit_of(frame)[0]}"))
    until = say("drawer.until", month=say.month(scene.view.tape[lived - 1].day))
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
    """Show one simulated user: who it is, and which app it used month by month."""
    assert scene.month is not None
    say, users, cast = scene.words, scene.month.users, scene.month.cast
    count = len(users.app)
    if not count:
        return _closed(scene, say("user.not_kept"))
    row = min(scene.address.user or 0, count - 1)
    apps = [each.name for each in scene.month.accounts.rows if each.layer == "apps"]
    now = _used(apps, int(users.app[row]), int(users.tier[row]), say)
    head = element("h2", {"id": "looked"}, say("user.title", number=row + 1))
    lead = say("user.now", month=say.month(scene.month.day), used=now)
    moves = Table([say("table.month"), say("user.used")], _history(scene, row, apps, say), 2)
    region = say(f"region.{cast.regions[int(cast.region[row])]}")
    who = say(
        "user.is",
        people=say.number(f"{int(cast.weight[row]):,}"),
        region=region,
        use=int(cast.use[row]),
        worth=say.dollars(round(100 * float(cast.worth[row]))),
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
    """List the months in which a user turned to something else."""
    told, last = [], ""
    for month in scene.view.tape[: scene.number + 1]:
        used = _used(apps, int(month.users.app[row]), int(month.users.tier[row]), say)
        if used != last:
            told.append([say.month(month.day), used])
            last = used
    return told
