"""Ten years of a world: whether they stay plausible, as it is and with mechanisms taken away."""
