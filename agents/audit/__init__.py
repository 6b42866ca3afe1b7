"""Audit of the month: checks that need to know the kinds of firms, of machines, hours, tokens and people."""
