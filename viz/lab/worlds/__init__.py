"""The worlds behind the pages of the lab: sources of months, and the thread that runs a world."""
