"""Studies: what is varied, over which runs, carried out so that nothing is lost, and what comes out of them."""
