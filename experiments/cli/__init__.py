"""The command line: its commands, and the tables that they print."""
