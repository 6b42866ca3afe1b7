"""Failures of firms: bills that stay unpaid, reorganisation, and winding up."""
