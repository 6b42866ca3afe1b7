"""Draws a page: its pieces, kept as they were while months go by where nobody looks closely, and what can be taken."""

import csv
import io
import json
import time

from watersellers.experiments.errors import BadInput
from watersellers.experiments.result import Result
from watersellers.experiments.tape import Month
from watersellers.viz.charts.chart import Chart, Table, standalone
from watersellers.viz.live.scene import Scene, books_until
from watersellers.viz.pages import CALM, pieces_of

CALM_SECONDS = 1.0  # how old what lies aside may be
MIMES = {"csv": "text/csv", "json": "application/json", "svg": "image/svg+xml", "png": "image/png"}


class Easel:
    """Remembers what was drawn of a page last."""

    def __init__(self) -> None:
        self._books: tuple[Month, tuple[Result, int]] | None = None
        self._calm: tuple[float, int, dict[str, str]] | None = None

    def pieces(self, scene: Scene, version: int) -> dict[str, str]:
        """Draw the pieces of a page; ``version`` counts what was pressed on it."""
        pieces = pieces_of(scene, self._still_good(scene, version))
        if self._calm is None or self._calm[2]["lines"] != pieces["lines"] or self._calm[1] != version:
            self._calm = (time.monotonic(), version, {name: pieces[name] for name in CALM})
        return pieces

    def _still_good(self, scene: Scene, version: int) -> dict[str, str]:
        """Give the pieces that may stay as they are: while months go by, what lies aside changes once a second."""
        if not scene.view.playing or self._calm is None:
            return {}
        made, drawn, pieces = self._calm
        return pieces if drawn == version and time.monotonic() - made < CALM_SECONDS else {}

    def books_of(self, scene: Scene) -> tuple[Result, int] | None:
        """Make the run's books up to the month shown, where it rests; while it plays the last ones stay."""
        if scene.month is None or scene.view.playing or scene.view.busy:
            return self._books[1] if self._books else None
        if self._books is None or self._books[0] is not scene.month:
            self._books = (scene.month, (books_until(scene), scene.number + 1))
        return self._books[1]


def said(scene: Scene) -> dict[str, str]:
    """Give what the page's own script says and sets."""
    say = scene.say
    words = {key: say(f"lab.{key}") for key in ("gone", "copied", "side")}
    title = f"{say(f'page.{scene.address.page}')} \N{EN DASH} Water Sellers"
    return words | {"language": say.language, "theme": scene.address.theme, "title": title}


def file_of(chart: Chart | Table, kind: str) -> str:
    """Write a chart or table as a file; a picture in pixels is drawn by the browser from the drawing."""
    table = chart.data if isinstance(chart, Chart) else chart
    if kind == "csv":
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows([table.head, *table.rows])
        return text.getvalue()
    if kind == "json":
        rows = [dict(zip(table.head, row, strict=True)) for row in table.rows]
        return json.dumps(rows, ensure_ascii=False, indent=1)
    if not isinstance(chart, Chart):
        raise BadInput("file: a table is no picture; take it as csv or json")
    return standalone(chart)
