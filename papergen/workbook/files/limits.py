"""How large a workbook or a CSV file may be. A list of actions is far smaller."""

from __future__ import annotations

from papergen.errors import PapergenError
from papergen.workbook.cell_faults import refused

MOST_ROWS = 100_000
MOST_COLUMNS = 200
MOST_CHARACTERS = 64 * 1024 * 1024
"""Of a CSV file, and of each part of a workbook."""
MOST_PARTS = 10_000

_TOO_LARGE = "file-too-large"


def too_large(source: str, what: str) -> PapergenError:
    """The error for a file that is too large as a whole. `what` says what it is."""
    hint = "Check that this is the file you meant. A list of actions is far smaller."
    return refused(source, f"the {what} is larger than papergen reads", hint, _TOO_LARGE)


def too_many_cells(source: str, where: str) -> PapergenError:
    """The error for a sheet or a CSV file with too many rows or columns."""
    message = f"{where} has more than {MOST_ROWS:,} rows or {MOST_COLUMNS} columns"
    hint = (
        "Delete what does not belong to the list; Ctrl+End shows where Excel thinks that it ends."
    )
    return refused(source, message, hint, _TOO_LARGE)
