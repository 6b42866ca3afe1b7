"""Enterprises and states: their budgets, and the ways in which they buy from the chain."""
