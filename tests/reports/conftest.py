"""The report of a small run, and a real run, made once for all tests of reports."""

import pytest

from tests.worlds.small_runs import SmallRun
from watersellers import run
from watersellers.viz.reports.run_report import report_html


@pytest.fixture(scope="session")
def report():
    return report_html(SmallRun())


@pytest.fixture(scope="session")
def real():
    return run("baseline", months=14, users=500)
