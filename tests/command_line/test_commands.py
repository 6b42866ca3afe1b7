"""The command line keeps its contract: printed output, written files, and the exit status."""

# ruff: noqa: E501 - sentences are compared whole, each on its line

import json
import pickle
import re
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from rich.console import Console

from tests.tools.commands import alone, output_of, refusal_of
from watersellers import BadInput, Result, run
from watersellers.experiments.__main__ import main
from watersellers.experiments.cli.run_tables import share
from watersellers.market.accounting.ledger import Ledger, LedgerError
from watersellers.market.audit.invariants import InvariantBroken
from watersellers.market.goods import CHAIN

SMALL = ["--months", "2", "--users", "100"]

# run


def test_a_run_is_saved_where_the_contract_says_and_opens_again(capsys, here):
    out = output_of(capsys, "run", "--seed", "7", *SMALL)
    result = Result.open(here / "runs/baseline-seed7")
    assert (result.manifest["seed"], result.manifest["months"], result.manifest["users"]) == (7, 2, 100)
    assert "saved in runs/baseline-seed7\nall figures in pictures: watersellers report runs/baseline-seed7\n" in out
    assert [each.name for each in (here / "runs").iterdir()] == ["baseline-seed7"]


def test_the_table_shows_the_layers_in_words(capsys, here):
    out = output_of(capsys, "run", *SMALL)
    assert "baseline, seed 1: the last 2 months, in US dollars (2023-01 to 2023-02)" in out
    for column in ("layer", "revenue", "operating profit", "margin", "free cash flow", "profit over final spending"):
        assert column in out
    assert re.search(r"^ *chips +[\d.,]+ [a-z]+ion ", out, re.MULTILINE)
    assert re.findall(r"^ *(chips|cloud|labs|apps) ", out, re.MULTILINE) == list(CHAIN)


def test_the_last_events_are_printed_with_a_pointer_to_the_earlier_ones(capsys, here, monkeypatch):
    out = output_of(capsys, "run", "plain", "--months", "8", "--users", "100")
    texts = Result.open(here / "runs/plain-seed1").events["text"].to_list()
    assert len(texts) > 4
    assert re.search(r"^what happened *$", out, re.MULTILINE)
    assert all(text in out for text in texts)
    monkeypatch.setattr("watersellers.experiments.cli.run_tables.MOST_EVENTS", 3)
    out = output_of(capsys, "run", "plain", "--force", "--months", "8", "--users", "100")
    earlier = f"{len(texts) - 3} earlier ones are in runs/plain-seed1/events.parquet"
    assert f"what happened: the last 3; {earlier}" in out
    assert [text for text in texts if text in out] == texts[-3:]


@pytest.mark.parametrize("width", [120, 80, 60, 40])
@pytest.mark.parametrize("command", [["run", "--force", *SMALL], ["parameters", "lock_in"], ["facts"], ["scenarios"]])
def test_what_is_printed_fits_a_terminal_and_breaks_no_figure_and_no_name(capsys, here, monkeypatch, command, width):
    wide = output_of(capsys, *command)
    monkeypatch.setattr(
        "watersellers.experiments.cli.run_tables.console", lambda: Console(width=width, markup=False, highlight=False)
    )
    narrow = output_of(capsys, *command)
    lines = [line for line in narrow.splitlines() if "watersellers report" not in line]  # a command is never broken
    assert max(len(line.rstrip()) for line in lines) <= width
    assert "…" not in narrow
    whole = re.findall(r"\w+\.\w+(?:\.\w+)*|-?\d[\d.,]+", wide)
    assert [found for found in whole if found not in " ".join(narrow.split())] == []


def test_a_tiny_share_is_not_printed_as_negative():
    assert [share(value) for value in (-0.001, 0.001, -0.2, None)] == ["0.00", "0.00", "-0.20", "-"]


def test_json_output_holds_the_facts_of_the_run(capsys, here):
    facts = json.loads(output_of(capsys, "run", "--json", *SMALL))
    layers = Result.open(here / facts["saved"]).layers
    final = pl.col("layer").is_in(["users", "enterprises", "advertisers"])
    spent = int(layers.filter(final)["bought_from_chain"].sum())
    assert [row["layer"] for row in facts["layers"]] == list(CHAIN)
    for row in facts["layers"]:
        own = layers.filter(pl.col("layer") == row["layer"])
        revenue, profit, cash = (int(own[key].sum()) for key in ("revenue", "operating_profit", "free_cash_flow"))
        assert (row["revenue"], row["operating_profit"], row["free_cash_flow"]) == (revenue, profit, cash)
        assert row["operating_margin"] == (profit / revenue if revenue else None)
        assert row["profit_over_final_spending"] == profit / spent


def test_only_the_last_twelve_months_are_added_up(capsys, here):
    facts = json.loads(output_of(capsys, "run", "plain", "--json", "--months", "14", "--users", "50"))
    chips = Result.open(here / facts["saved"]).layers.filter(pl.col("layer") == "chips")
    assert facts["layers"][0]["months"] == 12
    assert facts["layers"][0]["revenue"] == chips["revenue"].tail(12).sum() != chips["revenue"].sum()


def test_what_is_set_on_the_command_line_is_what_a_script_sets(capsys, here):
    paths = ["--set", "chips.lock_in=0.2", "--set", "aws.pricing=cost_plus", "--set", "cloud.azure.chips=['nvidia']"]
    facts = json.loads(output_of(capsys, "run", "--json", *SMALL, *paths))
    given = {"chips.lock_in": 0.2, "aws.pricing": "cost_plus", "cloud.azure.chips": ["nvidia"]}
    assert facts["digest"] == run(months=2, users=100, set=given).manifest["digest"]
    assert Result.open(here / facts["saved"]).manifest["set"] == given


def test_backend_and_threads_change_no_number_and_are_recorded(here):
    digests = []
    for number, (backend, threads) in enumerate([("numpy", 1), ("auto", 2), ("numba", 2)]):
        options = ["--out", str(number), "--backend", backend, "--threads", str(threads)]
        process = alone("run", "--json", *options, *SMALL, cwd=here)
        digests.append(json.loads(process.communicate(timeout=60)[0])["digest"])
        said_of = Result.open(here / str(number)).manifest
        assert (said_of["backend"], said_of["threads"]) == ("numba" if backend == "numba" else "numpy", threads)
    assert len(set(digests)) == 1


def test_a_run_prints_its_backend_first(capsys, here):
    assert output_of(capsys, "run", "--threads", "2", *SMALL).startswith("computing with numpy, threads: 2\n")


def test_a_backend_that_is_not_installed_is_refused_with_the_cure(capsys, here, monkeypatch):
    monkeypatch.setattr("watersellers.experiments.loading.limits.find_spec", lambda name: None)
    sentence = (
        "backend: found 'numba', which is not installed, expected auto or numpy; pip install 'watersellers[fast]'"
    )
    assert sentence in refusal_of(capsys, here, "run", "--backend", "numba")


def test_quiet_prints_nothing_and_saves_all_the_same(capsys, here):
    assert output_of(capsys, "run", "--quiet", "--out", "one", *SMALL) == ""
    assert Result.open(here / "one").manifest["status"] == "done"


def test_a_shown_scenario_is_a_file_that_runs_the_same(capsys, here):
    (here / "mine.toml").write_text(output_of(capsys, "scenarios", "show", "baseline"))
    digests = [
        json.loads(output_of(capsys, "run", name, "--json", *SMALL))["digest"] for name in ("baseline", "mine.toml")
    ]
    assert digests[0] == digests[1]
    assert (here / "runs/mine-seed1").is_dir()


def test_a_run_is_replaced_only_by_force(capsys, here):
    output_of(capsys, "run", *SMALL)
    there = "runs/baseline-seed1: holds a run already; --force replaces it, --out chooses another path"
    assert refusal_of(capsys, here, "run", *SMALL) == there
    output_of(capsys, "run", "--force", "--months", "1", "--users", "100")
    assert Result.open(here / "runs/baseline-seed1").manifest["months"] == 1


def test_force_replaces_nothing_but_runs(capsys, here):
    (here / "thesis").mkdir()
    (here / "thesis/chapter.txt").write_text("precious")
    assert "is not a run folder" in refusal_of(capsys, here, "run", "--force", "--out", "thesis", *SMALL)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["baselin"], "unknown scenario 'baselin'. Did you mean 'baseline'? (a file's name ends in .toml)"),
        (["no/such.toml"], "no/such.toml: there is no such file"),
        (["--set", "chips.lok_in=1"], "set, chips.lok_in: unknown key 'lok_in'. Did you mean 'lock_in'?"),
        (["--set", "chips.nvida.lock_in=1"], "set, chips.nvida.lock_in: unknown member 'nvida'. Did you mean 'nvidia'?"),
        (["--set", "aws.pricing=cost_plsu"], "set, cloud.aws.pricing: unknown strategy 'cost_plsu'. Did you mean 'cost_plus'?"),
        (["--set", "chips.lock_in"], "--set: found 'chips.lock_in', expected PATH=VALUE, as in chips.lock_in=0.5"),
        (["--set", "=3"], "--set: found '=3', expected PATH=VALUE, as in chips.lock_in=0.5"),
        (["--months", "0"], "months: found 0, expected a whole number from 1 to 600"),
        (["--months", "-1"], "months: found -1, expected a whole number from 1 to 600"),
        (["--months", "1000000000"], "months: found 1000000000, expected a whole number from 1 to 600"),
        (["--users", "0"], "users: found 0, expected a whole number from 10 to "),
        (["--users", "-1"], "users: found -1, expected a whole number from 10 to "),
        (["--users", "1000000000"], "users: found 1000000000, expected a whole number from 10 to "),
        (["--seed", "-1"], "seed: found -1, expected a whole number from 0 to 2^64 - 1"),
        (["--out", "file/deep"], "file/deep: can't be written: Not a directory; choose another path with --out"),
        (["--backend", "nunpy"], "backend: unknown backend 'nunpy'. Did you mean 'numpy'?"),
        (["--threads", "0"], "threads: found 0, expected a whole number from 1 to 1024"),
        (["--threads", "-2"], "threads: found -2, expected a whole number from 1 to 1024"),
        (["--months", "x"], "Invalid value for '--months': found 'x', expected a whole number, as in 10"),
        (["--colour"], "No such option: --colour"),
    ],
)  # fmt: skip
def test_bad_input_is_refused_and_nothing_is_written(capsys, here, arguments, sentence):
    (here / "file").write_text("")
    assert sentence in refusal_of(capsys, here, "run", *arguments)


def test_all_errors_in_a_file_are_reported_line_by_line(capsys, here):
    (here / "bad.toml").write_text('# Bad?\nextends = "baseline"\nmonths = 0\n[cloud]\npricing = "x"\n')
    lines = refusal_of(capsys, here, "run", "bad.toml").splitlines()
    assert [line.split(":")[0] for line in lines] == ["bad.toml, months", "bad.toml, cloud.pricing"]


def test_a_cent_from_nowhere_stops_the_run_with_status_1(capsys, here, monkeypatch):
    def forge(ledger, order):
        ledger.totals[0, 0] += ledger.clock.month

    monkeypatch.setattr(Ledger, "pay_arrears", forge)
    assert main(["run", *SMALL]) == 1
    out, err = capsys.readouterr()
    assert re.fullmatch(r"computing with numpy, threads: \d+\n", out)
    assert re.match(r"the run failed, nothing was saved: I\d+", err)
    assert list(here.iterdir()) == []


def test_both_failures_of_the_books_are_arithmetic_errors():
    assert issubclass(InvariantBroken, ArithmeticError)
    assert issubclass(LedgerError, ArithmeticError)


# The other commands

COMMANDS = [[], ["run"], ["scenarios"], ["scenarios", "show"], ["parameters"], ["columns"], ["facts"], ["report"]]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_has_help_with_an_example(capsys, command):
    out = output_of(capsys, *command, "--help")
    assert f"Example: watersellers {' '.join(command)}" in " ".join(out.split())


def test_help_comes_without_the_heavy_packages(here):
    asked = "import sys; from watersellers.__main__ import main; main(['--help']); print(sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", asked], cwd=here, capture_output=True, text=True, check=True)
    loaded = done.stdout.splitlines()[-1]
    assert [name for name in ("mesa", "numpy", "pandas", "polars", "pydantic") if f"'{name}'" in loaded] == []


def test_scenarios_are_listed_with_their_questions(capsys):
    listed = json.loads(output_of(capsys, "scenarios", "--json"))
    names = sorted(path.stem for path in Path(__file__).parents[2].glob("experiments/scenarios/*.toml"))
    assert [each["name"] for each in listed] == names
    assert all(each["question"].endswith("?") for each in listed)
    table = output_of(capsys, "scenarios")
    assert all(name in table for name in names)


def test_an_unknown_scenario_to_show_is_refused(capsys, here):
    assert "Did you mean 'baseline'?" in refusal_of(capsys, here, "scenarios", "show", "basline")


def test_parameters_are_listed_with_unit_range_and_source(capsys):
    rows = json.loads(output_of(capsys, "parameters", "--json"))
    lines = (Path(__file__).parents[2] / "experiments/parameters.csv").read_text().splitlines()
    assert len(rows) == len(lines) - 1
    assert all(row["unit"] and row["source"] and row["low"] <= row["value"] <= row["high"] for row in rows)
    table = output_of(capsys, "parameters", "chips.lock_in")
    assert "chips.lock_in" in table
    assert "cloud." not in table


def test_a_search_without_a_match_is_refused(capsys, here):
    sentence = "parameters: no row has {!r} in its name, unit, source or note. {}"
    meant, listed = "Did you mean 'lock_in'?", "A group's name finds its rows: chips, cloud, labs, apps, users, "
    assert refusal_of(capsys, here, "parameters", "lokc_in") == sentence.format("lokc_in", meant)
    assert refusal_of(capsys, here, "parameters", "zzz").startswith(sentence.format("zzz", listed))


def test_a_damaged_run_is_refused_with_a_cure_for_the_command_line(capsys, here):
    output_of(capsys, "run", "--quiet", "--out", "one", *SMALL)
    (here / "one/firms.parquet").unlink()
    missing = "one/firms.parquet: is missing, so the run folder is not whole"
    assert (
        refusal_of(capsys, here, "report", "one")
        == f"{missing}; watersellers run --force makes a run again in its folder"
    )
    with pytest.raises(BadInput) as error:
        Result.open("one")
    assert str(error.value) == str(pickle.loads(pickle.dumps(error.value))) == f"{missing}; run it again"


def test_facts_are_printed_with_their_verdicts(capsys):
    found = json.loads(output_of(capsys, "facts", "--json"))
    table = output_of(capsys, "facts")
    counts = {verdict: sum(each["verdict"] == verdict for each in found) for verdict in ("agrees", "disagrees")}
    assert f"{len(found)} claims: {counts['agrees']} agree, {counts['disagrees']} disagree, " in table
    assert all(each["claim"].split()[0] in table for each in found)


def test_a_report_is_one_file_beside_the_run_or_at_the_given_path(capsys, here):
    output_of(capsys, "run", "--quiet", "--out", "one", *SMALL)
    assert output_of(capsys, "report", "one") == "report: one/report.html\n"
    assert output_of(capsys, "report", "one", "--out", "other.html") == "report: other.html\n"
    assert (here / "other.html").read_text().lstrip().lower().startswith("<!doctype html>")
    assert Result.open(here / "one").manifest["status"] == "done"


def test_a_report_of_no_run_or_into_no_folder_is_refused(capsys, here):
    assert "there is no such folder" in refusal_of(capsys, here, "report", "none")
    output_of(capsys, "run", "--quiet", "--out", "one", *SMALL)
    assert "can't be written" in refusal_of(capsys, here, "report", "one", "--out", "none/report.html")


def test_a_report_of_a_file_instead_of_a_folder_is_refused(capsys, here):
    (here / "typo.toml").write_text("")
    sentence = "typo.toml: found a file, expected a run folder; `watersellers run` makes one"
    assert refusal_of(capsys, here, "report", "typo.toml") == sentence
