"""The state of a page of the lab: its address, its choices, and what is computed for it."""
