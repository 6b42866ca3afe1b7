"""The fit of the reference world to published figures, as a procedure that anyone can repeat."""
