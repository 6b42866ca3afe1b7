"""Users: the population, how people hear of apps and choose, and the totals of their choices."""
