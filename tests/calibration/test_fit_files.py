"""Files of fits, their logs and the table of numbers: errors are refused in sentences, and nothing is written."""

import os
from pathlib import Path

import pytest

from watersellers import BadInput, experiments
from watersellers.experiments.__main__ import main
from watersellers.experiments.calibration.fit import fit_path, load_fit, starting_point
from watersellers.experiments.calibration.fit_log import DESCENT, DESIGN, Step, append_steps, read_log
from watersellers.experiments.calibration.parameter_table_update import adopt
from watersellers.experiments.calibration.search import calibrate
from watersellers.experiments.loading.parameters import Parameters

TABLE = Path(experiments.__file__).with_name("parameters.csv")
RIGHT = """\
question = "Does it fit?"
scenario = "plain"
layers = ["chips"]
weights = {high = 2.0, medium = 1.0, low = 0.5}
seeds = [1, 2]
users = 20
design = 2
rounds = 1
search = 0
seed = 1
[free]
"chips.unit_cost" = {range = [6000.0, 9000.0]}
"cloud.horizon" = {range = [6, 18], whole = true}
costs = {paths = ["cloud.site_cost", "cloud.coreweave.site_cost"], range = [0.3, 0.6], ratios = true}
[fixed]
"chips.lock_in" = 0.5
"""
COST = '"chips.unit_cost" = {range = [6000.0, 9000.0]}'


@pytest.fixture
def fit():
    return load_fit(fit_path("upstream"))


@pytest.fixture
def mine(tmp_path):
    """A fit, and its log of two steps."""
    (tmp_path / "mine.toml").write_text(RIGHT)
    fit, log = load_fit(tmp_path / "mine.toml"), tmp_path / "mine.csv"
    append_steps(
        log, fit, [Step(DESIGN, 0.5, 1, 2, 3, starting_point(fit)), Step(DESCENT, 0.25, 3, 2, 1, starting_point(fit))]
    )
    return fit, log


def three(fit):
    return [Step(DESIGN, 0.5, 1, 2, 3, starting_point(fit))] * 3


def test_a_right_fit_is_read_with_paths_in_quotes_or_as_tables(tmp_path):
    file = tmp_path / "mine.toml"
    file.write_text(RIGHT)
    fit = load_fit(file)
    as_tables = RIGHT.replace(COST, "chips.unit_cost.range = [6000.0, 9000.0]")
    file.write_text(as_tables.replace('"chips.lock_in"', "chips.lock_in"))
    assert load_fit(file) == fit
    assert [free.name for free in fit.free] == ["chips.unit_cost", "cloud.horizon", "costs"]
    assert fit.fixed == {"chips.lock_in": 0.5}


BROKEN = [
    ("seed = 1\n", "", "seed: is missing; a table of this kind needs it"),
    ("seed = 1\n", "sed = 1\n", "sed: unknown key 'sed'. Did you mean 'seed'?"),
    ("seed = 1\n", "seed = -1\n", "seed: found -1, expected at least 0"),
    ("seed = 1\n", "seed = 4_000_000_000\n", "seed: found 4000000000, expected at most 2,147,483,647"),
    ("seeds = [1, 2]", "seeds = []", "seeds: found [], expected at least 1 of them"),
    ("seeds = [1, 2]", "seeds = [1, 1]", "seeds: found 1 twice, expected each once"),
    ("seeds = [1, 2]", "seeds = [1.5]", "seeds.1: found 1.5, expected a whole number"),
    ("seeds = [1, 2]", "seeds = [true]", "seeds.1: found True, expected a whole number"),
    ("seeds = [1, 2]", "seeds = [1, -2]", "seeds.2: found -2, expected at least 0"),
    (
        "seeds = [1, 2]",
        "seeds = [18446744073709551616]",
        "seeds.1: found 18446744073709551616, expected at most 18,446,744,07",
    ),
    ("seeds = [1, 2]", "seeds = 1", "seeds: found 1, expected a list"),
    ("users = 20", "users = 1", "users: found 1, expected a whole number from 10 to"),
    ("users = 20", "users = nan", "users: found nan, expected a whole number"),
    ("rounds = 1", "rounds = -1", "rounds: found -1, expected at least 0"),
    ("design = 2", "design = 1_000_000", "design: found 1000000, expected at most 5,000"),
    ("search = 0", 'search = "many"', "search: found 'many', expected a whole number"),
    ('layers = ["chips"]', "layers = []", "layers: found [], expected at least 1 of them"),
    ('layers = ["chips"]', 'layers = ["chip"]', "layers.1: found 'chip', expected 'chips', 'cloud', 'labs', 'a"),
    (
        '"plain"\nlayers = ["chips"]',
        '"dollar_paths"\nlayers = ["investors"]',  # in a world without segments of work
        "layers: found 'investors', of which no figure is asked",
    ),
    ('layers = ["chips"]', 'layers = ["chips", "chips"]', "layers: found 'chips' twice, expected each once"),
    ("high = 2.0", "high = 0", "weights.high: found 0, expected more than 0"),
    ("high = 2.0", "high = nan", "weights.high: found nan, expected a finite number"),
    ("high = 2.0", "high = inf", "weights.high: found inf, expected a finite number"),
    ("high = 2.0", 'high = "2"', "weights.high: found '2', expected a number"),
    ("high = 2.0", "height = 2.0", "weights.high: is missing; a table of this kind needs it"),
    ("high = 2.0", "high = 2.0, higher = 3", "weights.higher: unknown key 'higher'"),
    ('"Does it fit?"', '"  "', "question: found '  ', expected text that can be seen"),
    ('"plain"', '"basline"', "scenario, or fixed: unknown scenario 'basline'. Did you mean 'baseline'?"),
    ('"plain"', "3", "scenario: found 3, expected text in quotes"),
    ("= 0.5\n", "= 1e9\n", "scenario, or fixed: set, chips.lock_in: found 1000000000.0, expected"),
    (
        '"chips.lock_in" = 0.5',
        '"chips.unit_cost" = "cheap"',
        "fixed: set, chips.unit_cost: found 'cheap', expected a num",
    ),
    (
        "[6000.0, 9000.0]",
        "[9000.0, 6000.0]",
        "free.chips.unit_cost: range: found 9000 to 6000, expected the low end first",
    ),
    (
        "[6000.0, 9000.0]",
        "[6000.0, 6000.0]",
        "free.chips.unit_cost: range: found 6000 to 6000, expected the low end first",
    ),
    ("[6000.0, 9000.0]", "[6000.0]", "free.chips.unit_cost.range: found [6000.0], expected at least 2 of them"),
    ("[6000.0, 9000.0]", "[1, 2, 3]", "free.chips.unit_cost.range: found [1, 2, 3], expected at most 2 of them"),
    ("[6000.0, 9000.0]", "[6000.0, nan]", "free.chips.unit_cost.range.2: found nan, expected a finite number"),
    ("[6000.0, 9000.0]", "[6000.0, 1e30]", "free.chips.unit_cost: range: found 6000 to 1e+30, expected a range inside"),
    (
        COST,
        '"chips.unit_cots" = {range = [1, 2]}',
        "free.chips.unit_cots: unknown number 'chips.unit_cots'. Did you mean",
    ),
    (
        COST,
        '"chatgpt.appeal" = {range = [0.1, 0.2]}',
        "free.chatgpt.appeal: unknown number 'chatgpt.appeal'. Did you mean",
    ),
    (
        COST,
        '"chips.nobody.unit_cost" = {range = [6000, 9000]}',
        "all at their low ends: set, chips.nobody.unit_cost: un",
    ),
    (COST, "step = {range = [1, 2]}", "free.step: is the name of a column of every log"),
    (COST, '"chips.unit_cost" = {}', "free.chips.unit_cost.range: is missing"),
    (COST, '"chips.unit_cost" = 3', "free.chips.unit_cost: found 3, expected a table"),
    (
        COST,
        f"{COST}\nagain = {{paths = ['chips.unit_cost'], range = [6000, 7000]}}",
        "free: chips.unit_cost moves twice",
    ),
    (COST, f"{COST[:-1]}, paths = []}}", "free.chips.unit_cost.paths: found [], expected at least 1 of them"),
    ("[6, 18]", "[6.5, 18]", "free.cloud.horizon: range: found 6.5 to 18, expected whole numbers"),
    ("whole = true", "whole = true, ratios = true", "free.cloud.horizon: ratios: found true beside whole = true"),
    ("whole = true", 'whole = "yes"', "free.cloud.horizon.whole: found 'yes', expected true or false"),
    ("[0.3, 0.6]", "[0.0, 0.6]", "free.costs: range: found 0, expected ends above 0, for it is searched by ratios"),
    ("[free]", "[[free]]", "free: found ["),
    ("[free]", "[free", ": does not parse as TOML"),
    ("seed = 1\n", f"seed = {'9' * 5000}\n", "line 10: found a number of 5000 digits"),
]


@pytest.mark.parametrize(("old", "new", "sentence"), BROKEN, ids=[sentence[:50] for *_, sentence in BROKEN])
def test_a_fit_that_says_anything_wrong_is_refused_with_place_and_value_and_nothing_is_written(
    old, new, sentence, tmp_path, capsys
):
    file = tmp_path / "mine.toml"
    assert old in RIGHT
    file.write_text(RIGHT.replace(old, new))
    with pytest.raises(BadInput) as refused:
        load_fit(file)
    assert all(problem.startswith(f"{file}") for problem in refused.value.problems)
    assert sentence in str(refused.value)
    assert main(["fit", str(file)]) == 2
    assert sentence[:20] in capsys.readouterr().err
    assert [each.name for each in tmp_path.iterdir()] == ["mine.toml"]


def test_all_errors_in_a_fit_are_reported_at_once(tmp_path):
    file = tmp_path / "mine.toml"
    file.write_text('question = "?"\n[free]\n', encoding="utf-8")
    with pytest.raises(BadInput) as refused:
        load_fit(file)
    missing = ("scenario", "layers", "weights", "seeds", "users", "design", "rounds", "search", "seed")
    problems = [f"{file}, {key}: is missing; a table of this kind needs it" for key in missing]
    assert refused.value.problems == [*problems, f"{file}, free: found {{}}, expected at least 1 of them"]
    with pytest.raises(BadInput, match=r"there is no such file; expected .* one of chain_epidemic, .* whole_probit"):
        load_fit(tmp_path / "none.toml")


DAMAGED = [
    ("step,how", "how,step", "line 1: found the column 'how', expected 'step': this is no log of this fit"),
    (",costs\n", ",costs,more\n", "line 2: found 9 cells, expected 10"),
    (",costs\n", "\n", "line 2: found 9 cells, expected 8"),
    ("2,descent", "3,descent", "line 3, step: found '3', expected 2; steps stand in their order"),
    ("2,descent", "2,decent", "line 3, how: unknown way of choosing 'decent'. Did you mean 'descent'?"),
    ("0.25000", "nan", "line 3, loss: found 'nan', expected a number"),
    ("0.25000", "", "line 3, loss: found '', expected a number"),
    ("0.25000", "-1", "line 3, loss: found '-1', expected a number"),
    (",3,2,1,", ",3,-2,1,", "line 3, near: found '-2', expected how many targets"),
    (",3,2,1,", ",3,2.5,1,", "line 3, near: found '2.5', expected how many targets"),
    (",1,2,3,7770,", ",1,2,3,inf,", "line 2, chips.unit_cost: found 'inf', expected a number"),
    (",0.3\n2,", ",0\n2,", "line 2, costs: found '0', expected a number above 0"),
]


@pytest.mark.parametrize(("old", "new", "sentence"), DAMAGED, ids=[sentence[:40] for *_, sentence in DAMAGED])
def test_a_log_that_is_damaged_or_foreign_is_refused_and_left_as_it_is(old, new, sentence, mine):
    fit, log = mine
    assert old in log.read_text(), log.read_text()
    log.write_text(log.read_text().replace(old, new))
    before = log.read_bytes()
    for use in (lambda: read_log(log, fit), lambda: calibrate(fit, log, 1), lambda: append_steps(log, fit, three(fit))):
        with pytest.raises(BadInput) as refused:
            use()
        assert sentence in str(refused.value)
    assert log.read_bytes() == before


@pytest.mark.parametrize("foreign", ["", "a,b\n1,2\n", "no table at all", "\0"])
def test_a_file_of_somebody_elses_is_never_appended_to(foreign, mine):
    fit, log = mine
    log.write_text(foreign)
    with pytest.raises(BadInput, match=r"mine\.csv, line 1: "):
        append_steps(log, fit, three(fit))
    assert log.read_text() == foreign


def test_a_log_that_cannot_be_written_is_refused_before_a_run(mine, tmp_path):
    fit, _ = mine
    with pytest.raises(BadInput, match=r"found no folder at .*, expected a folder; name another log with --log"):
        calibrate(fit, tmp_path / "nowhere" / "log.csv", 1)
    os.mkfifo(tmp_path / "pipe.csv")
    with pytest.raises(BadInput, match="found a pipe, expected a regular file"):
        calibrate(fit, tmp_path / "pipe.csv", 1)
    with pytest.raises(BadInput, match="workers: found 0"):
        calibrate(fit, tmp_path / "log.csv", 0)
    assert not (tmp_path / "log.csv").exists()


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("name,unit", "nome,unit", "line 1: columns"),
        ("chips.unit_cost,USD an accelerator", "chips.unit_cost,", "chips.unit_cost: has no unit"),
        ("\nchips.unit_cost,", "\nchips.unit_kost,", "chips.unit_cost: found no row of the table, expected one"),
    ],
)
def test_a_table_that_can_not_be_read_is_not_written(old, new, sentence, fit, tmp_path):
    table = tmp_path / "parameters.csv"
    table.write_text(TABLE.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    before = table.read_bytes()
    with pytest.raises(BadInput, match=sentence):
        adopt(fit, starting_point(fit), "upstream", table)
    assert table.read_bytes() == before


@pytest.mark.parametrize("value", [float("nan"), 1e30])
def test_a_value_outside_the_range_of_its_row_is_not_adopted(value, fit, tmp_path):
    table = tmp_path / "parameters.csv"
    table.write_bytes(TABLE.read_bytes())
    with pytest.raises(BadInput, match=r"chips.unit_cost: found .*, expected .* to .* USD"):
        adopt(fit, dict(starting_point(fit)) | {"chips.unit_cost": value}, "upstream", table)
    assert table.read_bytes() == TABLE.read_bytes()


def test_three_digits_never_leave_the_range_of_the_row(fit, tmp_path):
    table, row = tmp_path / "parameters.csv", Parameters.load().by_name["chips.unit_cost"]
    ends = f"chips.unit_cost,{row.unit},{row.value:g},{{}},{row.high:g},"
    text = TABLE.read_text(encoding="utf-8")
    assert ends.format(f"{row.low:g}") in text
    table.write_text(text.replace(ends.format(f"{row.low:g}"), ends.format(7701.5)), encoding="utf-8")
    adopt(fit, dict(starting_point(fit)) | {"chips.unit_cost": 7702.3}, "upstream", table)
    assert Parameters.load(table).by_name["chips.unit_cost"].value == 7702.3
