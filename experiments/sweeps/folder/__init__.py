"""The sweep folder: records of runs, sealed when written and checked when read."""
