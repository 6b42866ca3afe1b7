"""Trade: orders, clearing rules, prices, contracts, machines on order and in service."""
