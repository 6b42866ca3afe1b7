"""Contenders of the benchmark: each computes the same month of users in its own way, in a process of its own."""
