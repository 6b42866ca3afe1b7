"""Charts: pure functions of tables that return an SVG with its title, summary and data."""
