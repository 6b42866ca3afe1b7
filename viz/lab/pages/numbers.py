"""The numbers page: every parameter with unit, range and source, the targets, and the model's limits."""

from watersellers.experiments.analysis.targets import targets
from watersellers.experiments.input.errors import BadInput
from watersellers.experiments.loading.catalogue import builtin_catalogue
from watersellers.experiments.loading.parameters import Parameter
from watersellers.viz.drawing.chart import Table
from watersellers.viz.drawing.svg import Markup, element
from watersellers.viz.lab.pages.controls import table_figure
from watersellers.viz.lab.view.scene import Scene
from watersellers.viz.reports.html_parts import paragraph

COLUMNS = ("name", "value", "unit", "range", "source", "note")


def page(scene: Scene) -> Markup:
    """Make the page: the parameters that contain a word, the published figures, and the model's limits."""
    say, word = scene.words, scene.address.word
    rows = _found(word)
    cells = [
        [
            row.name,
            say.number(f"{row.value:g}"),
            row.unit,
            say("numbers.between", low=say.number(f"{row.low:g}"), high=say.number(f"{row.high:g}")),
            row.source,
            row.note,
        ]
        for row in rows
    ]
    table = Table([say(f"numbers.{key}") for key in COLUMNS], cells, len(COLUMNS))
    field = {"id": "word", "type": "search", "value": word, "data-set": "word", "maxlength": 60}
    search = element(
        "p", {"class": "control"}, element("label", {"for": "word"}, say("numbers.search")), element("input", field)
    )
    parts = [
        element("h1", {}, say("page.numbers")),
        paragraph(say("numbers.key")),
        search,
        table_figure("numbers", table, say("numbers.title", count=len(rows)), scene)
        if rows
        else paragraph(say("numbers.none", word=word), "note"),
        _targets(scene),
        element("section", {}, element("h2", {}, say("numbers.limits")), paragraph(say("sources.not"))),
    ]
    return element("article", {"class": "numbers"}, *parts)


def _found(word: str) -> list[Parameter]:
    """Return the parameters that contain a word."""
    try:
        return builtin_catalogue().parameters.search(word)
    except BadInput:
        return []


def _targets(scene: Scene) -> Markup:
    """List the published figures with which the reference world is compared."""
    say = scene.words
    rows = [
        [
            say.name(t.layer),
            say.name(t.who) if t.who else "",
            t.measure,
            say("numbers.between", low=f"{t.start:%Y-%m}", high=f"{t.end:%Y-%m}"),
            say.count(t.value),
            t.unit,
            t.source,
        ]
        for t in targets()
    ]
    head = [say(f"targets.{key}") for key in ("layer", "who", "measure", "period", "value", "unit", "source")]
    parts = [
        paragraph(say("targets.key")),
        table_figure("targets", Table(head, rows, len(head)), say("targets.title"), scene),
    ]
    return element("section", {}, element("h2", {}, say("targets.head")), *parts)
