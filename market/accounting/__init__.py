"""The books: accounts, the ledger, and every table and statement that is read from the journal."""
