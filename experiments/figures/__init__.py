"""Figures of results: by their economic names, as tables of pandas, and as pictures."""
