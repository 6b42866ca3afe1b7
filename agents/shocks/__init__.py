"""What happens to all of them alike, and nobody can foresee: sentiment, and breakthroughs of efficiency."""
