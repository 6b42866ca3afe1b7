"""Work: the tasks that people are paid for, what models do of them, and how firms adopt models."""
