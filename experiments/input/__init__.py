"""Input from outside: files and plain values are checked here, and refused with a sentence."""
