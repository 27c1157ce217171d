"""The command line. Only here does papergen print, read the clock or choose an exit code."""

from papergen.cli.app import main

__all__ = ["main"]
