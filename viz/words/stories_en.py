"""The English words of stories and of their atlas."""

ENGLISH_STORY_WORDS = {
    "story.title": "Water Sellers: {title}",
    "story.claim": "The claim and the outcome",
    "story.pictures": "Charts",
    "story.conditions": "Conditions that reverse it",
    "story.accounts": "The day to the dollar",
    "story.gap": "Why a token costs another host so much more",
    "story.class": "For a class",
    "story.mind": "Limits",
    "story.says": "The article says: {claim}",
    "story.right": "It would be right if: {right}",
    "story.wrong": "It would be wrong if: {wrong}",
    "story.how": (
        "Seeds: {seeds}, with {users} simulated users each, from {since} to {until}. Control: {control}. With one "
        "seed the story and its control draw the same chance, so they differ only by the story's changes. A claim "
        "holds if it held in at least nine of ten seeds, does not hold if it held in at most one of ten, and is "
        "undecided otherwise; fewer than {least} seeds are not enough for a verdict."
    ),
    "story.count.holds": "{count} hold",
    "story.count.does not hold": "{count} do not hold",
    "story.count.undecided": "{count} are undecided",
    "story.count.not enough seeds": "{count} have not enough seeds for a verdict",
    "story.counted": "Of the article's {all} claims here {parts}.",
    "story.none": "This story has no other condition.",
    "story.said": "Claim",
    "story.of": "Whose claim",
    "story.article": "the article's",
    "story.rival": "a rival's",
    "story.condition": "a precondition",
    "story.months": "Months",
    "story.read": "Figure",
    "story.held": "Held in",
    "story.held_in": "{held} of {seeds} seeds",
    "story.without": "; {left_out} of {seeds} seeds have no value",
    "story.band": "Median, and {band}",
    "story.banded": "{middle} ({low} to {high})",
    "story.verdict": "Verdict",
    "verdict.holds": "holds ({seeds} seeds)",
    "verdict.does not hold": "does not hold ({seeds} seeds)",
    "verdict.undecided": "undecided ({seeds} seeds)",
    "verdict.not enough seeds": "not enough seeds: {seeds}, and a verdict takes {least}",
    "band.nine_in_ten": "nine seeds in ten",
    "band.all": "the range of all {seeds} seeds",
    "story.shaded": "Lines and marks are medians over seeds; shaded around them is {band}.",
    "story.condition_head": "Condition",
    "story.turns": "{verdict}; reversed under: {conditions}",
    "story.tests": "The claims that were tested",
    "story.elsewhere": "The same claims under other conditions",
    "story.over_time": "{layer}: operating profit by quarter, the story (filled) and {control} (dashed)",
    "story.moved": "The story's effect: operating profit from {since} to {until}, story less control",
    "story.dots": "A dot for each seed: {says} ({what})",
    "story.dots_of": "{title}, {words}",
    "story.this": "the story",
    "story.control_short": "the control",
    "story.rows": "Published figures that the story uses: {rows}. 'watersellers facts' recomputes them.",
    "story.file": "The scenario is 'watersellers scenarios show {name}', the story a file of the same name.",
    "story.not": (
        "What this page does not claim: a claim that holds here follows from the model's rules and numbers, which does "
        "not make it true. The firms are stylised; many numbers are assumptions, each with a range that "
        "can be swept. Nothing here is a forecast or investment advice."
    ),
    "bands.summary": "In {month}: {ends}.",
    "bands.of": "Of",
    "bands.middle": "Median",
    "bands.low": "From",
    "bands.high": "To",
    "day.case": "Case",
    "day.revenue": "Revenue",
    "day.profit": "Revenue less machines",
    "day.over_cost": "Margin over cost",
    "day.note": "Source",
    "day.bill": "That day's machines cost {bill}.",
    "day.break_even": "Billing {share} of the tokens at R1's list price is enough to pay for the machines.",
    "day.factor": "Factor",
    "day.times": "Times",
    "day.gap": (
        "A million output tokens cost DeepSeek {mine} and the other host {theirs}, {gap} times as much. "
        "The product of the factors below is this ratio."
    ),
    "day.table": "One day, in US dollars",
    "day.gap_table": "The gap as a product",
    "atlas.title": "Water Sellers: the atlas of stories",
    "atlas.question": (
        "Which of the article's claims hold in the model, under which conditions, and which conditions reverse them?"
    ),
    "atlas.answer": "The answer",
    "atlas.stories": "Story by story",
    "atlas.how": "How to read it",
    "atlas.counted": (
        "Of the article's {all} claims {parts}; {turned} are reversed under at least one of the conditions examined."
    ),
    "atlas.story": "Story",
    "atlas.caption": "Seeds: {seeds}; simulated users: {users}",
    "atlas.teach": "For a class: {teach}",
    "atlas.rows": "The article, figure by figure",
    "atlas.rows_how": (
        "What the article says, who stands for it in the model, and what came out of the article's claims in the "
        "stories that rest on it: recorded with {seeds} seeds of {users} simulated users, under Mansfield's law. "
        "'watersellers entities' shows each of these firms at work."
    ),
    "atlas.row": "Row",
    "atlas.found.holds": "holds: {count}",
    "atlas.found.does not hold": "does not hold: {count}",
    "atlas.found.undecided": "undecided: {count}",
    "atlas.figure": "What the article says",
    "atlas.entities": "Who stands for it",
    "atlas.outcomes": "What came out",
    "atlas.turned": "What turned, and why",
    "atlas.recorded": (
        "Recorded with {seeds} seeds of {users} simulated users: claims that hold in half of the seeds more, or "
        "fewer, under another law of adoption than Mansfield's, or in the bare chain, on which the stories stood "
        "until November 2026, with the rules of then and ten seeds. 'watersellers stories --recorded' prints them all."
    ),
    "atlas.none_turned": "No claim of these stories turned.",
    "atlas.turned_caption": "Seeds in which a claim held, by world",
    "atlas.elsewhere": "Elsewhere",
    "atlas.why": "Why",
    "atlas.not_sought": "not sought",
    "atlas.world.bare chain": "The bare chain",
    "atlas.world.mansfield": "Mansfield's law",
    "atlas.world.epidemic": "The epidemic law",
    "atlas.world.probit": "The probit law",
}
