"""The study: its parameters, its design, and the plan of its runs."""
