"""The process of the command `papergen`, and of `python -m papergen`."""

from __future__ import annotations

import gc
import os
import sys
from typing import NoReturn

from papergen.late import SELDOM_USED, load_late

_VALUES_BETWEEN_COLLECTIONS = 500_000
_STOPPED = 130
"""As a shell reports a program that Ctrl+C ended."""


def run() -> NoReturn:
    """Run the command line that the process was started with, and end the process with its exit code."""
    try:
        _end(_run())
    except KeyboardInterrupt:  # before the command itself was there to see to it
        _end(_STOPPED)


def _run() -> int:
    # Nobody's pydantic plugins are to change what papergen reads; the search for them takes time as well.
    os.environ["PYDANTIC_DISABLE_PLUGINS"] = "__all__"
    # A run makes many values that last until its end. Looking for rubbish among them again and again takes a tenth of its time.
    gc.set_threshold(_VALUES_BETWEEN_COLLECTIONS)
    load_late(SELDOM_USED)
    from papergen.cli import main

    return main()


def _end(exit_code: int) -> NoReturn:
    """End at once: everything is written and closed, and to take thousands of values apart one by one helps nobody."""
    try:
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:  # a process without a terminal may have neither
                stream.flush()
    except (OSError, ValueError):  # who read the output has gone; Python's own end knows what to do
        sys.exit(exit_code)
    os._exit(exit_code)


if __name__ == "__main__":
    run()
