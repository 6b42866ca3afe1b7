"""The agents: firms, users and investors, how they decide, and in which order they act."""
