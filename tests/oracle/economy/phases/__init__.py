"""The month of the second implementation, a file per phase."""
