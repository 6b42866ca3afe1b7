"""``python -m watersellers``: the command line."""

from watersellers.experiments.__main__ import main

if __name__ == "__main__":
    main()
