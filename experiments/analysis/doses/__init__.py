"""Causes in doses: files of them, the worlds of their doses, and verdicts on what they do to upstream profit."""
