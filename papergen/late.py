"""Modules that libraries import and a draft seldom uses: they are loaded when something is first taken from them.

A first run is mostly imports. Pydantic imports `importlib.metadata` to look for plugins, which `__main__` has told it not to
do; with it come a parser of e-mail and readers of CSV and zip files. That was the thirtieth part of a first run.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import LazyLoader
from types import ModuleType

SELDOM_USED = frozenset(
    {"csv", "email", "importlib.metadata._adapters", "linecache", "secrets", "tokenize", "traceback", "zipfile"}
)


def load_late(names: Iterable[str]) -> None:
    """From now on, an import of one of these modules runs it only when something of it is used. What is loaded stays."""
    sys.meta_path.insert(0, _Late(frozenset(names)))


class _Late:
    """A finder (`importlib.abc.MetaPathFinder`) for some modules, which leaves all others to those after it."""

    def __init__(self, names: frozenset[str]) -> None:
        self.names = names

    def find_spec(self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None) -> ModuleSpec | None:
        if name not in self.names:
            return None
        spec = PathFinder.find_spec(name, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader = LazyLoader(spec.loader)
        return spec
