"""The report is one file, complete in itself: its links lead somewhere, and an old file is replaced whole or stays."""

import os
import re
from urllib.parse import unquote

import pytest

from tests.reports.report_pages import page_of
from tests.worlds.small_runs import RUNS, SmallRun
from watersellers.experiments.saving.output_files import PAGE
from watersellers.viz.reports.provenance_section import has_warnings
from watersellers.viz.reports.run_report import PARTS, report_html, write_report

MEGABYTE = 1_000_000


# the page


def shown(run) -> set[str]:
    """The parts of a run's report: that of warnings only where there are any."""
    return set(PARTS) if has_warnings(run) else set(PARTS) - {"warnings"}


@pytest.mark.parametrize("run", RUNS.values(), ids=RUNS)
def test_the_report_of_every_run_is_whole(run):
    page = page_of(run)
    assert page.open == []
    assert len(page.ids()) == len(set(page.ids()))
    assert shown(run) <= set(page.ids())


@pytest.mark.parametrize("run", RUNS.values(), ids=RUNS)
def test_every_part_has_a_link_and_every_link_a_target(run):
    page = page_of(run)
    links = {unquote(attributes["href"][1:]) for tag, attributes in page.elements if tag == "a"}
    assert shown(run) <= links <= set(page.ids())


def test_the_answer_leads_to_the_firms_and_they_to_their_books(report):
    answer, _, after = report.partition('<section id="layers"')
    layers = re.findall(r'<a href="#firms-(\w+)">[^<]+</a>', answer[answer.index('<section id="answer"') :])
    assert layers[:16] == [layer for layer in ("chips", "cloud", "labs", "apps") for _ in range(4)]  # name and figures
    assert layers[16:] == ["apps", "cloud"]  # who sold the subscriptions, and the hours
    firms = re.findall(r'<a href="#books-of-(\w+)">', after)
    assert firms == ["forge", "skies", "barn", "thinker", "chatty"]


def test_a_run_without_a_month_is_refused_with_a_sentence():
    class Unborn(SmallRun):
        @property
        def layers(self):
            return super().layers.clear()

    with pytest.raises(ValueError, match="the run has 0 months, expected at least 1"):
        report_html(Unborn())


def test_every_chart_has_its_data_to_open(report):
    assert report.count("<figure>") == report.count("<details>") - 1  # one more for the scenario's text
    assert report.count("<figcaption>") == report.count("<figure>")


def test_ten_years_of_a_world_stay_small():
    assert len(report_html(SmallRun(count=120)).encode()) < 5 * MEGABYTE


def test_the_same_run_gives_the_same_page(report):
    assert report_html(SmallRun()) == report


# the file


def test_the_file_is_what_the_page_is(tmp_path, report):
    assert write_report(SmallRun(), tmp_path / "report.html").read_text(encoding="utf-8") == report
    assert [each.name for each in tmp_path.iterdir()] == ["report.html"]


def test_an_old_report_stays_where_the_new_one_fails(tmp_path, monkeypatch):
    target = tmp_path / "report.html"
    target.write_text(PAGE.mark, encoding="utf-8")

    def fail(*_):
        raise OSError("no room")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OSError, match="no room"):
        write_report(SmallRun(), target)
    assert target.read_text(encoding="utf-8") == PAGE.mark
    assert [each.name for each in tmp_path.iterdir()] == ["report.html"]
