"""``python -m watersellers``: the command line."""

import os
import sys

if not sys.flags.safe_path and os.path.realpath(sys.path[0]) == os.path.realpath(""):
    del sys.path[0]  # a random.py in the folder where somebody stands is theirs, and not Python's

from watersellers.experiments.__main__ import main

if __name__ == "__main__":
    sys.exit(main())
