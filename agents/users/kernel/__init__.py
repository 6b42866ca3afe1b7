"""The kernel of the users' month: a narrow contract of arrays, and two backends that agree to the bit."""
