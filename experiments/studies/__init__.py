"""Studies that were carried out: each a module that says what is varied, and what it shows."""
