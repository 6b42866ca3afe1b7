"""Warnings: what a scenario holds that can be run, but never does what it is there for."""
