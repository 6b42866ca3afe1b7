"""Analysis of finished runs: comparisons, causes, verdicts, published figures, and the origin of money."""
