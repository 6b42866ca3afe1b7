"""The live page: the question, the time controls, the money streams, and the lines over time."""

from dataclasses import replace

from watersellers.market.goods import CHAIN
from watersellers.viz.charts.lines import CASH, MARGIN, PROFIT, Measure, lines_chart
from watersellers.viz.charts.streams import DrawnMonth, prepare_month, streams_chart
from watersellers.viz.drawing.chart import Chart
from watersellers.viz.drawing.svg import Markup, element, joined
from watersellers.viz.lab.pages.controls import button, choice, figure
from watersellers.viz.lab.view.event_words import event_sentence
from watersellers.viz.lab.view.scene import Scene
from watersellers.viz.reports.html_parts import paragraph

SPEEDS = (1.0, 2.0, 5.0, 20.0, 1000.0)
ROOMY, TIGHT = (500.0, 250.0), (350.0, 250.0)
NEWS = 10  # events listed
WORTH_MARKING = ("exit", "reorganised", "entry_failed", "set", "entry")


def guide(scene: Scene) -> Markup:
    """Ask the question; later state the profits so far and compare them with the user's guess."""
    say, view = scene.words, scene.view
    if view.spec is None:
        return element("div", {"class": "ask"}, paragraph(say("guide.making"), "lead"))
    if not view.snapshots:
        return _question(scene)
    title = element("h1", {"class": "unseen"}, say("page.live"))
    return element(
        "div", {"class": "ask"}, title, paragraph(_so_far(scene), "lead"), paragraph(_guessed(scene), "note")
    )


def _question(scene: Scene) -> Markup:
    """Ask which layer will profit; pressing a guess starts the world."""
    say = scene.words
    guesses = [button(say.name(layer), "guess", layer, **{"class": f"guess b-{layer}"}) for layer in CHAIN]
    rest = button(say("guide.just_play"), "play", **{"class": "plain"})
    return element(
        "div",
        {"class": "ask open"},
        element("h1", {}, say("guide.question")),
        paragraph(say("guide.press"), "lead"),
        element("p", {"class": "guesses"}, *guesses, rest),
    )


def _so_far(scene: Scene) -> str:
    """State each layer's profit or loss up to the month shown."""
    say = scene.words
    assert scene.history is not None
    sums = scene.history.profits
    parts = [say("guide.part", name=say.name(layer), amount=say.money(sums[layer])) for layer in CHAIN]
    assert scene.month is not None
    return say("guide.so_far", month=say.month(scene.month.day), parts=", ".join(parts))


def _guessed(scene: Scene) -> str:
    say = scene.words
    assert scene.history is not None
    sums = scene.history.profits
    best = max(CHAIN, key=lambda layer: sums[layer])
    if not scene.guess:
        return say("guide.watch")
    key = "guide.right" if best == scene.guess else "guide.wrong"
    return say(key, guess=say.name(scene.guess).lower(), best=say.name(best).lower())


def transport(scene: Scene) -> Markup:
    """Make the time controls."""
    say, view = scene.words, scene.view
    last = max(0, view.goal - 1)
    playing = button(say("time.pause"), "pause", id="play", **{"class": "main"})
    if not view.playing:
        playing = button(
            say("time.play"), "play", id="play", disabled=_off(view.over or not view.spec), **{"class": "main"}
        )
    first = scene.number <= 0
    now = say.month(scene.month.day) if scene.month else say("time.before")
    position = {"id": "month", "type": "range", "min": 0, "max": last, "step": 1, "value": max(0, scene.number)}
    position |= {"data-set": "month", "aria-label": say("time.month"), "aria-valuetext": now}
    parts = [
        playing,
        button(say("time.back"), "back", disabled=_off(first), aria_label=say("time.back_long")),
        button(
            say("time.step"), "step", disabled=_off(view.over and scene.following), aria_label=say("time.step_long")
        ),
        element("div", {"class": "scrub"}, element("input", position), _marks(scene, last)),
        element("output", {"for": "month", "class": "now"}, now),
        choice("speed", say("time.speed"), [(f"{s:g}", say(f"speed.{s:g}")) for s in SPEEDS], f"{view.speed:g}"),
    ]
    if not scene.following:
        parts.append(button(say("time.branch"), "branch", **{"class": "plain"}))
    return element("div", {"class": "transport", "role": "group", "aria-label": say("time.controls")}, *parts)


def _off(is_off: bool) -> str | None:
    return "disabled" if is_off else None


def _marks(scene: Scene, last: int) -> Markup:
    """Mark unusual events on the time line; the list of events describes them."""
    months = sorted(
        {row[0] for month in scene.view.snapshots for row in month.record.events if row[1] in WORTH_MARKING}
    )
    progress = {
        "x": 0,
        "y": 5,
        "width": f"{100 * len(scene.view.snapshots) / (last + 1):.2f}",
        "height": 1,
        "class": "progress",
    }
    marks = [
        element("rect", {"x": f"{100 * (month + 0.5) / (last + 1):.2f}", "y": 1, "width": 0.5, "height": 4})
        for month in months
    ]
    box = {"viewBox": "0 0 100 6", "preserveAspectRatio": "none", "aria-hidden": "true", "class": "marks"}
    return element("svg", box, element("rect", progress), *marks)


def graph(scene: Scene) -> Markup:
    """Draw the streams of the month shown; before the first month, the firms without streams."""
    chart = streams_of(scene)
    if chart is None:
        return Markup("")
    busy = element("p", {"class": "note busy"}, _busy(scene)) if scene.view.busy else Markup("")
    drawn = figure("streams", chart, scene, "big" + (" running" if scene.view.playing else ""))
    return joined([busy, drawn, paragraph(scene.words("streams.key"), "note")])


def _busy(scene: Scene) -> str:
    done, wanted = scene.view.busy or (0, 0)
    return scene.say("time.busy", done=done, wanted=wanted)


def streams_of(scene: Scene) -> Chart | None:
    """Make the chart of the month shown."""
    month, spec = scene.month, scene.view.spec
    if spec is None:
        return None
    if month is None:
        return streams_chart(DrawnMonth(spec.start, (), {}, 0), scene.plan, scene.scale, scene.words)
    seen = prepare_month(month.day, month.payments, month.figures, scene.plan, scene.address.look)
    seen = replace(seen, moving=scene.view.playing)
    return streams_chart(seen, scene.plan, scene.scale, scene.words)


def lines(scene: Scene) -> Markup:
    """Draw profit over final spending, cash and margin of the layers up to the month shown."""
    if scene.history is None:
        return Markup("")
    size = TIGHT if scene.narrow else ROOMY
    drawn = [_line(measure, size, scene) for measure in (PROFIT, CASH, MARGIN)]
    return element("div", {"class": "lines"}, *drawn)


def _line(measure: Measure, size: tuple[float, float], scene: Scene) -> Markup:
    assert scene.history is not None
    chart = lines_chart(scene.history.layers, measure, size, scene.words)
    return figure(f"lines_{measure.column}", chart, scene, "line")


def warnings(scene: Scene) -> Markup:
    """List what the scenario holds that never does what it is there for; the sentences are in English."""
    sentences = scene.view.spec.warnings if scene.view.spec else ()
    if not sentences:
        return Markup("")
    listed = [element("li", {"lang": "en"}, sentence) for sentence in sentences]
    head = [element("h2", {}, scene.say("warnings")), element("p", {}, scene.say("warnings.warnings"))]
    return element("section", {"class": "news warned"}, *head, element("ul", {}, *listed))


def news(scene: Scene) -> Markup:
    """List the latest events up to the month shown, each with a link to its month, after warnings of the scenario."""
    return joined([warnings(scene), _news(scene)])


def _news(scene: Scene) -> Markup:
    say = scene.words
    rows = [(month, row) for month in scene.view.snapshots[: scene.number + 1] for row in month.record.events]
    if not rows:
        return Markup("")
    listed = [
        element(
            "li",
            {"data-key": f"{month.number}-{row[1]}-{row[2]}"},
            button(say.month(month.day), "month", month.number, **{"class": "plain"}),
            element("span", {}, event_sentence(row[3], say, scene.titles)),
        )
        for month, row in reversed(rows[-NEWS:])
    ]
    return element("section", {"class": "news"}, element("h2", {}, say("news.title")), element("ol", {}, *listed))
