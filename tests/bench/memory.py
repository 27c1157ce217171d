"""Prints by how many bytes a process grows from its 50th paper to its 1,000th. It reads /proc, and
so runs on Linux alone.
"""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path

from workloads import sample


def resident() -> int:
    """Bytes of memory that the process holds."""
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def growth(first: int = 50, last: int = 1000) -> int:
    """Bytes gained from the paper `first` to the paper `last`."""
    program = sample()
    boards = program.boards
    before = 0
    for number in range(1, last + 1):
        program.draft(boards[number % len(boards)])
        if number == first:
            before = resident()
    return resident() - before


if __name__ == "__main__":
    sys.stdout.write(f"{growth()}\n")
