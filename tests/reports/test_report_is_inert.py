"""The report makes no request and runs no foreign code, whatever stands in names."""

import json
import re

import pytest

from tests.reports.report_pages import page_of
from tests.worlds.small_runs import EVIL, EVIL_RUN, RUNS
from watersellers.viz.reports.books_section import inert_json
from watersellers.viz.reports.run_report import report_html

OUTSIDE = re.compile(
    r"""(?:src|href|action|data|poster|srcset)\s*=\s*["']?\s*(?:[a-z]+:)?//|@import|url\(""", re.IGNORECASE
)


@pytest.mark.parametrize("run", RUNS.values(), ids=RUNS)
def test_the_report_makes_no_request(run):
    assert OUTSIDE.findall(report_html(run)) == []


@pytest.mark.parametrize(
    "text",
    [
        '<img src="//x.example/a.png">',
        "<a href='https://x.example'>",
        "@import 'x'",
        "background: url(x.png)",
        "<link href=http://x.example>",
    ],
)
def test_a_request_in_a_page_is_found(text):
    assert OUTSIDE.search(text)


def test_the_browser_is_told_to_allow_only_this_script_and_this_style(report):
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', report)
    assert "default-src &#x27;none&#x27;" in policy
    assert policy.count("sha256-") == 2
    assert "unsafe" not in policy
    assert ' style="' not in report
    assert re.search(r"\son[a-z]+=", re.sub(r"<script.*?</script>", "", report, flags=re.DOTALL)) is None


def test_names_with_markup_are_inert_in_the_page():
    page = page_of(EVIL_RUN)
    assert [tag for tag, _ in page.elements].count("script") == 2
    assert all("alert(1)" not in script or script.startswith("{") for script in page.scripts)
    assert EVIL not in report_html(EVIL_RUN)
    assert all(not key.startswith("on") for _, attributes in page.elements for key in attributes)
    names = json.loads(page.scripts[0])["names"]
    assert names[f"forge{EVIL}"] == f"forge{EVIL}"


def test_data_for_the_script_hold_no_sign_that_markup_begins_or_ends_with():
    data = {"a</script foo": "<!--<script>&amp;\u2028"}
    assert set(inert_json(data)).isdisjoint("<>&\u2028")
    assert json.loads(inert_json(data)) == data
