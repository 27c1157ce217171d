"""Work that makes very many small objects at once, and no cycles among them."""

from __future__ import annotations

import gc
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


def without_collection(work: Callable[P, R]) -> Callable[P, R]:
    """The function, during which Python does not look for cycles to collect.

    Looking for them again and again takes a fifth of the time that a list of 5,000 rows takes.
    """

    @wraps(work)
    def wrapper(*arguments: P.args, **named: P.kwargs) -> R:
        was_on = gc.isenabled()
        gc.disable()
        try:
            return work(*arguments, **named)
        finally:
            if was_on:
                gc.enable()

    return wrapper
