"""The English words of the validation page."""

ENGLISH_FIT_WORDS = {
    "fit.title": "Water Sellers: published figures beside the model's",
    "fit.question": "How well does the reference world match the figures published up to February 2025?",
    "fit.score": "The score",
    "fit.picture": "Distances",
    "fit.figures": "Every figure",
    "fit.company": "Figures of whole companies",
    "fit.lead": "{fit} of {targets} published figures are inside or near, over {seeds} seeds.",
    "fit.rules": "Inside: off by at most a quarter (flows), five points (margins) or a factor of two (firms below"
    " 100 million dollars, and what is published no more closely); near: off by at most twice that. These tolerances"
    " were fixed before anything was fitted.",
    "fit.figures.note": "Published figures of the AI business, each with the median over seeds, the band"
    " ({band}), and the reason where it does not fit.",
    "fit.company.note": "Shown but not scored: the model's books cover the AI business only.",
    "fit.of": "Of",
    "fit.targets": "Targets",
    "fit.inside": "inside",
    "fit.near": "near",
    "fit.outside": "outside",
    "fit.fits": "Inside or near",
    "fit.target": "Figure",
    "fit.period": "Months",
    "fit.published": "Published",
    "fit.simulated": "Simulated",
    "fit.band": "Band: {band}",
    "fit.verdict": "Verdict",
    "fit.confidence": "Confidence",
    "fit.source": "Source",
    "fit.why": "Notes and reasons",
    "fit.between": "{low} to {high}",
    "fit.high": "high",
    "fit.medium": "medium",
    "fit.low": "low",
    "standing.title": "Distance of each simulated figure from the published one, in tolerances",
    "standing.summary": "{inside} figures are inside their tolerance, {near} near, {outside} outside. A mark is the"
    " median over seeds, a line the band; the darker area is inside, the lighter near.",
    "standing.published": "as published",
    "standing.less": "the model has less",
    "standing.more": "the model has more",
}
