"""Files of causes in doses: what is wrong in one is refused with its place."""

import pytest

from watersellers import BadInput
from watersellers.experiments.analysis.doses.table import DEMAND, SUPPLY, load_doses


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"work.review"', '"work.revue"', "doses.review: 'work.revue' is no number of the parameter table"),
        ("doses = [0.5, 1.5, 2, 3]", "doses = [0.5, 1, 2, 3]", "expected four different numbers beside the reference"),
        ("doses = [0.5, 1.5, 2, 3]", 'doses = [0.5, 2, 3, "2025-01"]', "expected four numbers, or with freeze"),
        ("doses = [0.5, 1.5, 2, 3]", "doses = [0.5, 1.5, 2]", "doses.review.doses"),
        (
            'freeze = "labs.release"\ndoses = ["2026-01", "2025-07", "2025-01", "2024-07"]\nrises = true',
            'doses = ["2026-01", "2025-07", "2025-01", "2024-07"]',
            "doses.quality: found no way to take a dose, expected one of times/share_of/freeze/copies",
        ),
        ('share_of = ["labs", "apps"]', 'share_of = ["labs", "app"]', "unknown group 'app'"),
        ('figure = "tokens"', 'figure = "token"', "statics.review.figure"),
        (
            'times = ["investors.savers_pace"]',
            'times = ["labs.research.race.share"]',
            "labs.research.race.share: is a number of a strategy",
        ),
        (
            'times = ["chips.pricing.cost_plus.markup"]',
            "",
            "statics.price: found nothing that changes, expected one of",
        ),
        (
            '"staff"] }\ndose = 2',
            '"staff"] }\ndose = 2.5',
            "two_vendors: dose: found 2.5, expected the number of equal firms",
        ),
        (
            'until = "2024-01"',
            'until = "soon"',
            "statics.half_demand.until: found 'soon', expected a month, as in 2023-01",
        ),
        (
            'scenario = "rival_chips"\ntimes = ["chips.entering',
            'scenario = "rival_chip"\ntimes = ["chips.entering',
            "doses.entry: unknown scenario 'rival_chip'. Did you mean 'rival_chips'?",
        ),
        (
            'scenario = "rival_chips"\ntimes = ["chips.entry_cost"]',
            'scenario = 3\ntimes = ["chips.entry_cost"]',
            "statics.entry_cost.scenario",
        ),
        ('scenarios = ["scarce_chips"]', 'scenarios = ["scarce_chip"]', "scenarios: unknown scenario 'scarce_chip'"),
        (
            "doses = [0, 2, 4, 8]",
            "doses = [0, 2, 4, 8.5]",
            "doses.entrants: doses: found [0, 2, 4, 8.5], expected numbers of",
        ),
        (
            "doses = [0, 2, 4, 8]",
            "doses = [0, 0.5, 4, 8]",
            "expected numbers of equal firms: 0, or whole ones from 2 on",
        ),
        ("least = 0.05", "least = -1", "statics.half_demand.least: found -1, expected at least 0"),
    ],
)
def test_a_wrong_table_is_refused_with_the_place(old, new, said, tmp_path):
    of = SUPPLY if old in SUPPLY.read_text() else DEMAND
    (tmp_path / "doses.toml").write_text(of.read_text().replace(old, new, 1))
    with pytest.raises(BadInput) as refused:
        load_doses(tmp_path / "doses.toml")
    assert said in str(refused.value)
