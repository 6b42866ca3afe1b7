"""Research: parameters, scenarios, runs, studies, and the command line."""
