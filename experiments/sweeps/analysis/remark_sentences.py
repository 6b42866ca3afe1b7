"""The sentences of remarks on the tables of analyses, in English; the other languages are in viz/words."""

SENTENCES = {
    "bands.left_out": "{rows} of {all} rows leave out runs that have no value: up to {most} of {runs}, {where}.",
    "bands.few": "The outer bands rest on as few as {runs} runs and are the range of all of them: nine in ten can be"
    " told from {enough} runs on.",
    "enough.left_out": "{left_out} of {all} runs have no value and are left out.",
    "enough.few": "The spread is that of {replicates} replicates and may be off by {off} %, and so may what is reckoned"
    " from it.",
    "sensitivity.left_out": "{left_out} of {all} points are left out: they have no value of the measure from each of"
    " their runs, or keep the scenario's own value of a parameter.",
    "sensitivity.unsure": "{count} of {all} rows say next to nothing, as their own error is too large: {names}. There"
    " are {base} {unit}; about {needed} would do.",
    "sensitivity.unsure_open": "{count} of {all} rows say next to nothing, as their own error is too large: {names}.",
    "map.left_out": "{left_out} of {all} runs are left out: they have no value, or keep the scenario's own value of a"
    " parameter.",
    "map.empty": "{cells} of {all} cells have no value.",
    "map.one_run": "No cell has more than one run, so that the share of runs that agree says nothing.",
    "calibrate.left_out": "{left_out} of {all} points are left out: a run of theirs has no value of a target.",
    "points": "points",
    "trajectories": "trajectories",
}
