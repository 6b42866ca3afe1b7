"""Pages of analyses of many runs."""
