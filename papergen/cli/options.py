"""Options that several commands have."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])
Option = Callable[[Command], Command]

_DRAFTS = Path("drafts")


def folder_option(*names: str, explanation: str) -> Callable[[Command], Command]:
    """An option for a folder of drafts."""
    return click.option(
        *names,
        type=click.Path(path_type=Path),
        default=_DRAFTS,
        show_default=True,
        metavar="DIR",
        help=explanation,
    )


boards_option = click.option(
    "--board",
    "boards",
    multiple=True,
    metavar="ID",
    help="Only for this board; may be given again for others.",
)
force_option = click.option(
    "--force",
    is_flag=True,
    help="Write over edited drafts; what they held is kept as “… (edited).docx”.",
)
json_option = click.option(
    "--json", "as_object", is_flag=True, help="Print one JSON object instead of text."
)
