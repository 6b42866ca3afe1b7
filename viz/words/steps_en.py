"""The English words of the page of the steps between two worlds."""

ENGLISH_STEP_WORDS = {
    "steps.title": "Water Sellers: from {first} to {second}, step by step",
    "steps.question": "What does each scenario between {first} and {second} change in the profit of each layer?",
    "steps.answer": "What each step changes",
    "steps.pictures": "Layer by layer",
    "steps.path": "What each step puts in",
    "steps.others": "Revenue and free cash flow",
    "steps.lead": "From {first} to {second} in {steps} steps: operating profit over {period}, means over {seeds} seeds"
    " with {users} simulated users each.",
    "steps.order": "The steps add up to the whole difference. Their order matters: the effect of a step is given what"
    " was put in before it, and in another order it may be another one. The order is that in which Water Sellers lays"
    " the files that the second scenario extends.",
    "steps.chance": "{mark} within chance: the band of the differences between seeds ({band}) holds zero, so that one"
    " seed can't tell its sign. The mean over seeds is surer: the data below each picture say how many agree.",
    "steps.one_seed": "One seed tells nothing of chance: any of these differences may be luck.",
    "steps.few": "With so few seeds, one in {odds} differences without a cause would bear no {mark}.",
    "steps.no_layer": "Within chance in every layer: {steps}.",
    "steps.some_layer": "Each step moves the profit of one layer at least beyond chance.",
    "steps.table": "{measure}: what each step adds, in US dollars, over {period}",
    "steps.step": "World and steps",
    "steps.all": "All steps",
    "steps.before": "Before",
    "steps.after": "After",
    "steps.difference": "Difference",
    "steps.band": "Band: {band}",
    "steps.agree": "Seeds of that sign",
    "steps.pictures.note": "A bar leads from the profit before a step to the profit after it. The thin line over its"
    " end is the band of the difference ({band}); pale bars are within chance. The last bar has the band of the whole"
    " difference.",
    "steps.picture": "{layer}: operating profit from {first} to {second}",
    "steps.summary": "{first}: {before}. The largest steps beyond chance: {largest}. {second}: {after}.",
    "steps.none": "none",
    "steps.summary_of_one": "{first}: {before}. The largest steps, with one seed: {largest}. {second}: {after}.",
    "steps.in_chance": "within chance",
    "steps.path.note": "A scenario's file begins with its question. A file of numbers that a fit found may have the"
    " question of the world that it completes.",
    "steps.asks": "Question",
    "steps.values": "Values it sets",
    "steps.events": "Events",
}
