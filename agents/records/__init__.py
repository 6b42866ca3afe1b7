"""Monthly rows of result tables that more than one firm stands behind: markets, work done by models, the chain."""
