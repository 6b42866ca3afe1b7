"""The users' month, computed: one narrow contract of arrays, and two backends side by side that keep it to the bit."""
