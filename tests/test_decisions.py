"""The worked examples of the decision log and of the ODD protocol give what these pages print."""

import doctest
from dataclasses import fields
from pathlib import Path
from typing import Any

import mesa
import pytest

from agents.app import App, AppTraits
from agents.cloud import Cloud, CloudTraits
from agents.firm import Firm
from agents.lab import Lab, LabTraits
from agents.setting import Member

ROOM = Path(__file__).resolve().parents[1] / "market"
TRAITS: dict[type[Firm], type] = {App: AppTraits, Cloud: CloudTraits, Lab: LabTraits}


def seen(view: type, **known: float) -> Any:
    """A view with the values named and 1.0 for all others."""
    return view(**{each.name: known.get(each.name, 1.0) for each in fields(view)})


def made(kind: type[Firm], **numbers: float) -> Any:
    """A firm with the numbers named and 0 for all others."""
    every = {each.name: numbers.get(each.name, 0.0) for each in fields(TRAITS[kind])}
    return kind(mesa.Model(), Member("firm", 1, "", "firm", "west", 0, "", every, {}, {}), 0)


@pytest.mark.parametrize("page", ["DECISIONS.md"])
def test_the_worked_examples_give_what_the_page_prints(page):
    text = (ROOM / page).read_text(encoding="utf-8")
    examples = doctest.DocTestParser().get_doctest(text, {"seen": seen, "made": made}, page, page, 0)
    runner = doctest.DocTestRunner(optionflags=doctest.REPORT_NDIFF)
    report: list[str] = []
    runner.run(examples, out=report.append)
    assert runner.tries > 0
    assert not runner.failures, "".join(report)
