"""The benchmark: its contenders compute the same month of users, each in its own way and in a separate process."""
