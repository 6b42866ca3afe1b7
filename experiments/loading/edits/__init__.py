"""Edits of what a scenario extends: lists of partners, firms that are removed, events that are changed."""
