"""Shadow payments: what outsiders would pay if nothing had happened in the chain since the first month."""
