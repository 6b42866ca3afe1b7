"""Chip vendors: the record of a vendor, and the month of their layer."""
