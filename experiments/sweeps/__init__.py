"""Sweeps: designed experiments that lose no run, and their results."""
