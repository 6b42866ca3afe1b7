"""Checks of a whole scenario: what can never take effect, and what does not fit together."""
