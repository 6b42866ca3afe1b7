"""Files on the disk: run folders, checkpoints, and their provenance."""
