"""All words that users see, a table for each language."""
