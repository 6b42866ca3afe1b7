"""Files of causes in doses: what is wrong in one is refused with its place."""

import pytest

from watersellers import BadInput
from watersellers.experiments.analysis import doses
from watersellers.experiments.analysis.doses import load_doses


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"work.review"', '"work.revue"', "doses.review: 'work.revue' is no number of the parameter table"),
        ("doses = [0.5, 1.5, 2, 3]", "doses = [0.5, 1, 2, 3]", "expected four different numbers beside the reference"),
        ("doses = [0.5, 1.5, 2, 3]", 'doses = [0.5, 2, 3, "2025-01"]', "expected four numbers, or with freeze"),
        ("doses = [0.5, 1.5, 2, 3]", "doses = [0.5, 1.5, 2]", "doses.review.doses"),
        ('freeze = "labs.release"', "", "doses.quality: found no way to take a dose, expected one of times/share_of"),
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
        ("least = 0.05", "least = -1", "statics.half_demand.least: found -1, expected at least 0"),
    ],
)
def test_a_wrong_table_is_refused_with_the_place(old, new, said, tmp_path):
    of = doses.SUPPLY if old in doses.SUPPLY.read_text() else doses.DEMAND
    (tmp_path / "doses.toml").write_text(of.read_text().replace(old, new, 1))
    with pytest.raises(BadInput) as refused:
        load_doses(tmp_path / "doses.toml")
    assert said in str(refused.value)
