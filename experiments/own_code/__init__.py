"""Code of the user's own: modules beside a study or script, and the rules that a scenario names in them."""
