"""BAM Engine, a macroeconomic model in numpy; a step is a period.

``python -m watersellers.experiments.benchmark.bam HOUSEHOLDS``

In a period its firms plan, hire, produce and pay, banks lend, and households look for work, consume and save.
"""

import logging
import sys
import time

import bamengine

from watersellers.experiments.benchmark.timed_process import send

A_FIRM = 5  # households for each firm, as in its defaults
A_BANK = 50  # households for each bank


def main() -> None:
    """Build an economy and live a period for each line."""
    logging.disable(logging.CRITICAL)  # it would else tell every event of every period, and be slower
    households = int(sys.argv[1])
    firms, banks = households // A_FIRM, households // A_BANK
    economy = bamengine.Simulation.init(n_firms=firms, n_households=households, n_banks=banks, seed=1)
    send({"users": households, "firms": firms + banks})
    for _ in sys.stdin:
        start, used = time.perf_counter(), time.process_time()
        economy.step()
        send({"seconds": time.perf_counter() - start, "used": time.process_time() - used})


if __name__ == "__main__":
    main()
