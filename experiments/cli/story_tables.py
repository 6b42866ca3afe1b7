"""Stories on the terminal: a progress bar, then tables of the claim, what would count against it, and the outcome."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from watersellers.experiments.analysis.bands_over_runs import band_in_words
from watersellers.experiments.cli.progress import Progress
from watersellers.experiments.cli.run_tables import console, dollars, plain, print_json, print_table, share
from watersellers.experiments.input.errors import BadInput
from watersellers.experiments.loading.catalogue import builtin_catalogue
from watersellers.experiments.loading.limits import check_runs
from watersellers.experiments.loading.writer import settings_text
from watersellers.experiments.stories.adoption_laws import USUAL_LAW, adoption_law
from watersellers.experiments.stories.deepseek_day import Day, deepseek_day
from watersellers.experiments.stories.record import (
    Recorded,
    recorded_claims,
    recorded_size,
    recorded_worlds,
)
from watersellers.experiments.stories.simulation import Size, StoryOutcome, TestOutcome, run_stories
from watersellers.experiments.stories.story import Story, story_text
from watersellers.experiments.stories.verdicts import FAILS, HOLDS, LEAST_SEEDS, TOO_FEW, UNDECIDED, SeedVerdicts

WHOSE = {"article": "the article", "rival": "a rival", "condition": "what it rests on"}


def play_with_progress(stories: Sequence[Story], size: Size, out: Path, shown: bool) -> list[StoryOutcome]:
    """Play stories with a progress bar, and make the folder for their pages afterwards.

    Raises
    ------
    BadInput
        If a number is wrong or the path is not a folder; nothing was run then.
    """
    check_runs(size.seeds, size.users, size.workers)
    if out.exists() and not out.is_dir():
        raise BadInput(f"{out}: found a file, expected a folder or nothing; choose another path with --out")
    with Progress("runs", shown=shown) as progress:
        played = list(run_stories(stories, size, progress.done))
    out.mkdir(parents=True, exist_ok=True)
    return played


def figure(value: float | None, unit: str) -> str:
    """Write a figure in its unit."""
    if value is None:
        return "-"
    if unit == "cents":
        return f"{dollars(value)}{'' if abs(value) >= 100_000 else ' dollars'}"
    if unit == "share":
        return share(value)
    return dollars(100 * value) if abs(value) >= 1000 else f"{value:.3g}"


def band(found: SeedVerdicts, unit: str) -> str:
    """Write the median and the band over seeds, and how many seeds have no value."""
    middle, low, high = (figure(value, unit) for value in (found.middle, found.low, found.high))
    without = f"; {found.left_out} of {found.seeds} seeds have no value" if found.left_out else ""
    return (f"{middle} ({low} to {high})" if found.middle is not None else "-") + without


def came_out(tested: TestOutcome) -> str:
    """Write a verdict with the seeds that it rests on, and the conditions under which it turns around."""
    verdict = on_seeds(tested.main)
    return f"{verdict}; turns around under: {', '.join(tested.turns)}" if tested.turns else verdict


def on_seeds(found: SeedVerdicts) -> str:
    """Write a verdict with the number of seeds that it rests on."""
    if found.verdict == TOO_FEW:
        return f"{TOO_FEW}: {found.seeds}, and a verdict takes {LEAST_SEEDS}"
    return f"{found.verdict} ({found.seeds} seeds)"


def print_story(played: StoryOutcome, page: str) -> None:
    """Print a played story."""
    story, out = played.story, console()
    control, size = story.arm("control").title, f"{played.size.seeds} seeds, {played.size.users} users"
    for head, text in (
        ("question", story.question),
        ("the article says", story.claim),
        ("rests on", " ".join(story.rows)),
        ("right if", story.right),
        ("wrong if", story.wrong),
        ("firms adopt by", story.law),
        *([("with", settings_text(story.set))] if story.set else []),
        ("control", f"{control}; {story.since:%Y-%m} to {story.until:%Y-%m}, {size}"),
    ):
        out.print(f"{head}: {plain(text)}", soft_wrap=True)
    heads = (*HEAD, f"median, {band_in_words(played.size.seeds)}", "verdict")
    print_table("\nwhat came out", heads, [_row(each) for each in played.outcomes], lines=True)
    rows = [row for each in played.outcomes for row in _conditions(each)]
    if rows:
        print_table("under other conditions", ("claim", "condition", "held in", *heads[-2:]), rows)
    if story.accounts:
        print_day(deepseek_day())
    for text in story.lacks:
        out.print(f"note: {plain(text)}", soft_wrap=True)
    out.print(f"for a class: {plain(story.teach)}", soft_wrap=True)
    out.print(f"page: {page}", soft_wrap=True)


HEAD = ("claim", "of", "what is read", "held in")


def _row(each: TestOutcome) -> list[str]:
    test, found = each.test, each.main
    read = f"{test.title}, {test.rule.words}, {test.period}"
    return [test.says, WHOSE[test.of], read, f"{found.held} of {found.seeds}", band(found, test.unit), came_out(each)]


def _conditions(each: TestOutcome) -> list[list[str]]:
    return [
        [each.test.says, title, f"{found.held} of {found.seeds}", band(found, each.test.unit), on_seeds(found)]
        for title, found in each.under.items()
    ]


def print_day(day: Day) -> None:
    """Print the accounts of DeepSeek's day."""
    rows = [[line.says, f"{line.revenue:,.0f}", f"{line.profit:,.0f}", f"{line.over_cost:.3f}"] for line in day.lines]
    title = f"DeepSeek's day, in US dollars; the machines cost {day.bill:,.0f}"
    print_table(title, ("case", "revenue", "profit", "over cost"), rows, figures=(1, 2, 3))
    out = console()
    out.print(f"share of the tokens that must be billed at list price to pay for the machines: {day.break_even:.3f}")
    mine, theirs = day.costs
    title = f"a million output tokens: {mine:.2f} dollars against {theirs:.2f}, {day.gap:.1f} times as much"
    rows = [[factor.says, f"{factor.times:.3f}", factor.note] for factor in day.factors]
    print_table(title, ("factor", "times", "from"), rows, figures=(1,))


def print_atlas(played: Sequence[StoryOutcome], page: str) -> None:
    """Print which claims hold, in how many seeds, and where they turn around."""
    rows = []
    for each in played:
        for tested in each.outcomes:
            held = f"{tested.main.held} of {tested.main.seeds}"
            whose = WHOSE[tested.test.of]
            rows.append([each.story.name, tested.test.says, whose, str(tested.test.period), held, came_out(tested)])
    seeds, users = played[0].size.seeds, played[0].size.users
    head = ("story", "claim", "of", "months", "held in", "verdict")
    print_table(
        f"the atlas: {seeds} seeds, {users} users; firms adopt by {played[0].story.law}", head, rows, lines=True
    )
    out = console()
    out.print(", ".join(f"{count} {verdict}" for verdict, count in counts(played).items()))
    out.print(f"page: {page}", soft_wrap=True)


def counts(played: Sequence[StoryOutcome]) -> dict[str, int]:
    """Count the verdicts on the article's claims, and the claims that turn around under some condition."""
    mine = [tested for each in played for tested in each.outcomes if tested.test.of == "article"]
    verdicts = {f"of the article's claims: {each}": 0 for each in (HOLDS, FAILS, UNDECIDED, TOO_FEW)}
    for tested in mine:
        verdicts[f"of the article's claims: {tested.main.verdict}"] += 1
    return verdicts | {"turns around somewhere": sum(bool(tested.turns) for tested in mine)}


def print_without_a_run(names: Sequence[str], listed: bool, recorded: bool, law: str, as_json: bool) -> None:
    """Print stories with their questions, or what is recorded of them.

    Raises
    ------
    BadInput
        If there is no story of one of the names, no such law, or the options do not go together.
    """
    adoption_law(law)
    if not recorded:
        print_stories(names, as_json)
        return
    if listed or law != USUAL_LAW:
        option = "--list" if listed else f"--law {law}"
        raise BadInput(f"--recorded: found {option} too, expected neither; it shows each law that is recorded")
    found = recorded_claims(names)
    if as_json:
        print_json(facts_of_recorded(found))
    else:
        print_recorded(found)


def print_stories(names: Sequence[str], as_json: bool) -> None:
    """Print stories by their names, with their questions; none of their worlds is loaded."""
    titles = {name: story_text(name).title for name in names}
    questions = {name: builtin_catalogue().read(name).question for name in names}
    if as_json:
        print_json([{"name": name, "title": titles[name], "question": questions[name]} for name in names])
    else:
        print_table("stories", ("name", "question"), [(name, plain(questions[name])) for name in names])


def print_recorded(found: Sequence[Recorded]) -> None:
    """Print in how many seeds each claim held in each world of the record, what turned between them, and why."""
    worlds, (seeds, users) = recorded_worlds(), recorded_size()
    title = f"the recorded atlas: in how many seeds each claim held, {seeds} seeds of {users} users"
    rows = [
        [each.story, each.test.says, WHOSE[each.test.of], *(str(each.counts.get(world, "-")) for world in worlds)]
        for each in found
    ]
    print_table(title, ("story", "claim", "of", *worlds), rows, lines=True)
    for world in worlds:
        counted = Counter(each.verdicts.get(world) for each in found if each.test.of == "article")
        parts = ", ".join(f"{counted[verdict]} {verdict}" for verdict in (HOLDS, FAILS, UNDECIDED))
        console().print(f"of the article's {counted.total() - counted[None]} claims, {world}: {parts}")
    turned = [
        (each.story, each.test.says, str(each.counts[USUAL_LAW]), f"{each.counts[world]}: {world}", why)
        for each in found
        for world in each.turns
        for why in [plain(each.test.turned.get(world, "not sought"))]
    ]
    if turned:
        heads = ("story", "claim", USUAL_LAW, "elsewhere", "why")
        print_table("what turned, and why: it held in half of the seeds more, or fewer", heads, turned, lines=True)


def facts_of_recorded(found: Sequence[Recorded]) -> list[dict[str, Any]]:
    """Give the content of ``print_recorded`` as JSON."""
    return [
        {"story": each.story, "says": each.test.says, "of": each.test.of}
        | {"held": {world: count.held for world, count in each.counts.items()}}
        | {"seeds": recorded_size()[0], "users": recorded_size()[1], "verdicts": each.verdicts}
        | {"turned": {world: each.test.turned.get(world) for world in each.turns}}
        for each in found
    ]


def story_facts(played: StoryOutcome) -> dict[str, Any]:
    """Give the content of ``print_story`` as JSON."""
    story = played.story
    named = {
        key: getattr(story, key) for key in ("name", "question", "claim", "rows", "right", "wrong", "lacks", "teach")
    }
    span: dict[str, Any] = {
        "since": f"{story.since:%Y-%m}",
        "until": f"{story.until:%Y-%m}",
        "control": story.arm("control").title,
    }
    span |= {"law": story.law, "set": dict(story.set), "seeds": played.size.seeds, "users": played.size.users}
    return named | span | {"tests": [_test_facts(each) for each in played.outcomes]}


def _test_facts(each: TestOutcome) -> dict[str, Any]:
    """Give the outcome of a test as JSON."""
    test = each.test
    named = {"says": test.says, "of": test.of, "measure": test.title, "unit": test.unit}
    named |= test.period.facts
    under = {title: _judged_facts(found) for title, found in each.under.items()}
    return named | _judged_facts(each.main) | {"under": under, "turns_around_under": each.turns}


def _judged_facts(found: SeedVerdicts) -> dict[str, Any]:
    keys = ("held", "seeds", "left_out", "low", "middle", "high", "band", "verdict", "figures")
    return {key: getattr(found, key) for key in keys}
