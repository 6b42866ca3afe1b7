"""Contestants of the benchmark: the same users' month, each in its own way and in a process of its own."""
