"""BAM Engine, a macroeconomic model in numpy; a step is a period.

``python -m watersellers.experiments.benchmark.bam HOUSEHOLDS``

In a period, firms plan, hire, produce and pay, banks lend, and households look for work, consume and save.
"""

import logging
import sys
import time

import bamengine

from watersellers.experiments.benchmark.timed_process import send

PER_FIRM = 5  # households per firm, as in its defaults
PER_BANK = 50  # households per bank


def main() -> None:
    """Build an economy, and simulate a period for each line of input."""
    logging.disable(logging.CRITICAL)  # it logs every event of every period otherwise, which is slower
    households = int(sys.argv[1])
    firms, banks = households // PER_FIRM, households // PER_BANK
    economy = bamengine.Simulation.init(n_firms=firms, n_households=households, n_banks=banks, seed=1)
    send({"users": households, "firms": firms + banks})
    for _ in sys.stdin:
        start, used = time.perf_counter(), time.process_time()
        economy.step()
        send({"seconds": time.perf_counter() - start, "used": time.process_time() - used})


if __name__ == "__main__":
    main()
