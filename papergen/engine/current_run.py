"""The run that this thread is in, for Python's own operations on values.

Compiled code passes its context to all that it calls. Python does not: `str(value)`, `bool(value)`
and iteration take the value alone, and there the run is found here.
"""

from __future__ import annotations

from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from papergen.engine.state import RenderState

CURRENT_RUN: ContextVar[RenderState | None] = ContextVar("CURRENT_RUN", default=None)
"""Set while a compiled function runs; None outside."""
