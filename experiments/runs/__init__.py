"""Run scenarios: one run, many at once, month by month, and the result."""
