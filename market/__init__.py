"""How goods and money move: orders, clearing rules, contracts, the ledger, the month."""
