"""Finished studies: each module says what it varies and what the result shows."""
