"""The process of the command `papergen`, and of `python -m papergen`."""

from __future__ import annotations

import gc
import os
import sys
from typing import NoReturn

_VALUES_BETWEEN_COLLECTIONS = 500_000
_STOPPED = 130
"""The exit code of a program that Ctrl+C ended, as a shell reports it."""


def run() -> NoReturn:
    """Run the command line of this process, and end the process with its exit code."""
    try:
        exit_code = _run()
    except KeyboardInterrupt:  # before the command itself could handle it
        exit_code = _STOPPED
    # What is left at the end is not garbage to be searched for: the process is about to end.
    gc.freeze()
    sys.exit(exit_code)


def _run() -> int:
    # Plugins of pydantic's must not change what papergen reads.
    os.environ["PYDANTIC_DISABLE_PLUGINS"] = "__all__"
    # A run makes many values that last until its end: frequent collections take a tenth of it.
    gc.set_threshold(_VALUES_BETWEEN_COLLECTIONS)
    from papergen.cli import main

    return main()


if __name__ == "__main__":
    run()
