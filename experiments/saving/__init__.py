"""What is kept on the disk: run folders, half-run worlds, and where they came from."""
