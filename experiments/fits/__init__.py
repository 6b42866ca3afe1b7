"""How the numbers of the reference world were fitted to published figures, as a procedure that can be run again."""
