"""Late years as distributions over what no figure up to February 2025 can tell."""
