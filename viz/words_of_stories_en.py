"""The English words of stories and of their atlas."""

ENGLISH_STORY_WORDS = {
    "story.title": "Water Sellers: {title}",
    "story.claim": "The claim, and what came out",
    "story.pictures": "Pictures",
    "story.conditions": "Where it turns around",
    "story.accounts": "The day to the dollar",
    "story.gap": "Why a token costs another host so much more",
    "story.class": "For a class",
    "story.mind": "What to mind",
    "story.says": "The article says: {claim}",
    "story.right": "It would be right if: {right}",
    "story.wrong": "It would be wrong if: {wrong}",
    "story.how": (
        "Seeds: {seeds}, with {users} simulated users each, from {since} to {until}. Control: {control}. With one seed "
        "the story and its control have the same chance, so that they differ by what the story changes. A claim holds "
        "where it held in nine seeds of ten, does not where it held in one of ten or fewer, and is undecided between."
    ),
    "story.count.holds": "{count} hold",
    "story.count.does not hold": "{count} do not hold",
    "story.count.undecided": "{count} are undecided",
    "story.counted": "Of the article's {all} claims here {parts}.",
    "story.none": "There is no other condition that this story looks at.",
    "story.said": "Claim",
    "story.of": "Whose",
    "story.article": "the article's",
    "story.rival": "a rival's",
    "story.condition": "what it rests on",
    "story.read": "What is read",
    "story.held": "Held in",
    "story.held_in": "{held} of {seeds} seeds",
    "story.band": "Middle, and nine seeds in ten",
    "story.banded": "{middle} ({low} to {high})",
    "story.verdict": "Verdict",
    "verdict.holds": "holds",
    "verdict.does not hold": "does not hold",
    "verdict.undecided": "undecided",
    "story.condition_head": "Condition",
    "story.turns": "{verdict}; turns around under: {conditions}",
    "story.tests": "What was put to the test",
    "story.elsewhere": "The same claims under other conditions",
    "story.over_time": "{layer}: operating profit by quarter, the story (filled) and {control} (dashed)",
    "story.moved": "What the story moves: operating profit from {since} to {until}, story less control",
    "story.dots": "A dot for each seed: {says} ({what})",
    "story.dots_of": "{title}, {words}",
    "story.this": "the story",
    "story.control_short": "the control",
    "story.rows": "Published rows that it rests on: {rows}. 'watersellers facts' recomputes them.",
    "story.file": "The scenario is 'watersellers scenarios show {name}', the story a file of the same name.",
    "story.not": (
        "What this page does not claim: that a claim holds here means that it follows from the model's rules and "
        "numbers, and not that it is so. The firms are stylised; many numbers are assumptions, each with a range that "
        "can be swept. Nothing here is a forecast or investment advice."
    ),
    "bands.summary": "In {month}: {ends}.",
    "bands.of": "Of",
    "bands.middle": "Middle",
    "bands.low": "From",
    "bands.high": "To",
    "day.case": "Case",
    "day.revenue": "Revenue",
    "day.profit": "Over the machines",
    "day.over_cost": "Over cost",
    "day.note": "From",
    "day.bill": "The machines of the day cost {bill}.",
    "day.break_even": "It is enough to bill {share} of the tokens at R1's list price to pay for the machines.",
    "day.factor": "Factor",
    "day.times": "Times",
    "day.gap": (
        "A million output tokens cost DeepSeek {mine} and the other host {theirs}, {gap} times as much. "
        "The factors below multiply to it."
    ),
    "day.table": "One day, in US dollars",
    "day.gap_table": "The gap as a product",
    "atlas.title": "Water Sellers: the atlas of stories",
    "atlas.question": (
        "Which of the article's claims hold in the model, under which conditions, and where do they turn around?"
    ),
    "atlas.answer": "The answer",
    "atlas.stories": "Story by story",
    "atlas.how": "How to read it",
    "atlas.counted": (
        "Of the article's {all} claims {parts}; {turned} turn around under some condition that is looked at."
    ),
    "atlas.story": "Story",
    "atlas.caption": "Seeds: {seeds}; simulated users: {users}",
    "atlas.teach": "For a class: {teach}",
}
