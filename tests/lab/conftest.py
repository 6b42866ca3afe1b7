"""A page of the lab without a browser."""

import pytest

from tests.lab.lab_steps import QUERY
from watersellers.viz.lab.server.session import Session


@pytest.fixture
def lab():
    made = Session(QUERY)
    made.runner.wait_for(lambda view: view.spec is not None and not view.busy)
    yield made
    made.close()
