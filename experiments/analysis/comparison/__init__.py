"""Comparison of worlds over the same seeds: two of them, or all that lie between two, step by step."""
