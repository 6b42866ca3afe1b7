"""Rent decomposition: causes, the worlds without them, orders in which they are switched on, and shares of profit."""
