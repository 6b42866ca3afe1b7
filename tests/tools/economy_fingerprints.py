"""Fingerprints of the economy of each scenario: no change of the code may move a cent of it.

Rows are taken as multisets: the numbering of entries and batches follows the order in which firms act within a phase,
where that order moves nothing. ``python -m tests.tools.economy_fingerprints`` writes them anew, which only a
change of the economy may ask for: it is then told in ``CHANGELOG.md``.
"""

import hashlib
import json
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import polars as pl

from watersellers import Result, run, scenario_names

BLOCKS = Path(__file__).parents[1] / "worlds" / "blocks"
WRITTEN = Path(__file__).with_suffix(".json")
NUMBERING = ("entry", "batch")
# What is told of decisions moves no cent: tests/laws/test_overridden_decisions.py and, by what ads earn and cost,
# tests/mechanisms/downstream/test_ads_in_answers.py hold it.
TOLD = ("overridden", "ad_load")
SEEDS, USERS = (1, 2), 150  # each scenario is lived as long as it says


def scenarios() -> dict[str, str | Path]:
    """The reference world, the scenario of each story, and every block that switches mechanisms on, by name."""
    named: dict[str, str | Path] = {name: name for name in scenario_names()}
    return named | {f"blocks/{file.stem}": file for file in sorted(BLOCKS.glob("*.toml"))}


def fingerprint(frame: pl.DataFrame, without: tuple[str, ...] = ()) -> str:
    """Hash the rows of a table, whatever their order and numbering, and without some of its columns."""
    plain = frame.drop(*NUMBERING, *TOLD, *without, strict=False)
    return hashlib.sha256(plain.sort(plain.columns, nulls_last=True).write_csv().encode()).hexdigest()[:16]


def prints_of(result: Result, without: tuple[str, ...] = ()) -> dict[str, str]:
    """Fingerprint every table of a run, without some columns."""
    return {name: fingerprint(frame, without) for name, frame in result.frames().items()}


def fingerprints_of(case: tuple[str, int]) -> dict[str, str]:
    """Run a scenario with a seed, and fingerprint the result."""
    name, seed = case
    return prints_of(run(scenarios()[name], seed=seed, users=USERS))


def cases() -> Iterator[tuple[str, int]]:
    """Every scenario with every seed."""
    return ((name, seed) for name in scenarios() for seed in SEEDS)


def written() -> dict[str, dict[str, str]]:
    """The fingerprints that were written down, by scenario and seed."""
    found: dict[str, dict[str, str]] = json.loads(WRITTEN.read_text(encoding="utf-8"))
    return found


def main() -> None:
    """Write the fingerprints down."""
    with ProcessPoolExecutor(2) as pool:
        listed = list(cases())
        found = {
            f"{name} {seed}": prints
            for (name, seed), prints in zip(listed, pool.map(fingerprints_of, listed), strict=True)
        }
    WRITTEN.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
