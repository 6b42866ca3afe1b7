"""The stories of the article: their files, their simulation against controls, and their verdicts."""
