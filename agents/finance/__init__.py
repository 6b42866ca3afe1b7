"""Funding and exit of firms: investors, owners, customer stakes, boards, insolvency."""
