"""Load scenarios: from files to a resolved scenario, or to sentences about mistakes in them."""
