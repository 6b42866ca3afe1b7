"""Write the recorded atlas, `experiments/stories/record.csv`, from what `watersellers stories --json` printed.

`python -m tests.analysis.stories.story_record mansfield.json epidemic.json probit.json`, each file printed by
`watersellers stories --seeds 20 --users 1000 --law LAW --json`; a core needs half an hour for a law. The rows of the
bare chain stay, as far as their claims are still put in the same words.
"""

import csv
import json
import sys
from pathlib import Path

import polars as pl

from watersellers.experiments.stories.adoption_laws import OF_ALL_LAWS, USUAL_LAW
from watersellers.experiments.stories.record import BARE_CHAIN, RECORD, definition_of
from watersellers.experiments.stories.story import story_text

HEAD = ("story", "claim", "definition", "world", "held", "seeds", "users")


def rows_of(printed: Path) -> list[tuple[str | int, ...]]:
    """Read the rows of a law from the JSON of its stories, each with the definition of its claim as it stands."""
    rows: list[tuple[str | int, ...]] = []
    for story in json.loads(printed.read_text(encoding="utf-8")):
        if story["name"] == OF_ALL_LAWS and story["law"] != USUAL_LAW:
            continue
        text = story_text(story["name"])
        defined = {test.says: definition_of(text, test) for test in text.tests}
        rows += [
            (story["name"], test["says"], defined[test["says"]], *figures)
            for test in story["tests"]
            for figures in [(story["law"], test["held"], test["seeds"], story["users"])]
        ]
    return rows


def write_record(files: list[Path], record: Path = RECORD) -> None:
    """Write the record from the files of all laws."""
    rows = [row for file in files for row in rows_of(file)]
    claims = {row[:2] for row in rows}
    known = pl.read_csv(record, schema_overrides={"definition": pl.String}).filter(world=BARE_CHAIN)
    before = known.select(HEAD).rows()
    with record.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerows([HEAD, *sorted([*(row for row in before if row[:2] in claims), *rows], key=str)])


if __name__ == "__main__":
    write_record([Path(each) for each in sys.argv[1:]])
