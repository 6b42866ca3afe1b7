"""Charts as pure functions of tables, and the reports and the live lab made of them."""
