"""Charts: each a pure function of tables, giving an SVG with its title, summary and data."""
