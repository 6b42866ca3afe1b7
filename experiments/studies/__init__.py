"""Studies that were carried out: each module defines its parameters and prints its result."""
