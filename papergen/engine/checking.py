"""What only a faulty text or template needs: its other faults found. Loaded when there is one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, NoReturn

from papergen.engine.blocks import CLOSERS
from papergen.engine.expressions import NOT_NAMES
from papergen.engine.faults import TagSite
from papergen.engine.pieces import Context, Expression, Piece, Statement
from papergen.engine.render import FAULTS, note_fault
from papergen.engine.state import RenderState
from papergen.engine.tag_sites import site_of_traceback
from papergen.engine.undefined import MissingName, Recorded
from papergen.errors import Location


def tags_alone(pieces: Iterable[Expression | Statement]) -> list[Piece]:
    """The tags of a text whose controls are not whole, as pieces in which each tag's own faults,
    and no others, can be found. None of it is run.

    Each control ends where it begins; the variables of its loop are known from there on. So are all
    names in an `unread` statement, whose own fault is reported where it is found. What has no
    opener is left out.
    """
    # Nothing is matched here: in a text whose controls are not whole, any match would be a guess.
    pieces = list(pieces)
    if not pieces:
        return []
    found: list[Piece] = [Statement("if false", pieces[0].where)]
    for piece in pieces:
        if isinstance(piece, Expression):
            found.append(Expression(piece.source, piece.where, Context.PLAIN))
        else:
            found += _alone(piece)
    return [*found, Statement(CLOSERS["if"], pieces[0].where)]


def _alone(statement: Statement) -> list[Piece]:
    word, _, rest = statement.source.partition(" ")
    if word in ("if", "elif"):
        if not rest:
            return []  # reported where controls are read
        ended = Statement(CLOSERS["if"], statement.where)
        return [Statement(f"if {rest}", statement.where), ended]
    if word == "for":
        targets = rest.partition(" in ")[0]
        ended = Statement(CLOSERS["for"], statement.where)
        return [statement, ended, *_known_from_here(targets, statement)]
    if word == "set" and "=" in rest:
        return [statement]
    # `unread`, or a macro, say, which is refused where controls are read.
    return _known_from_here(rest, statement)


def unread(text: str, where: Location) -> Statement:
    """A statement in the place of one that cannot be read."""
    return Statement(f"unread {text}", where)


def _known_from_here(text: str, statement: Statement) -> list[Piece]:
    """Statements that make all names in `text` known."""
    return [
        Statement(f"set {name} = 0", statement.where)
        for name in _NAME.findall(text)
        if name not in NOT_NAMES
    ]


_NAME = re.compile(r"[a-zA-Z]\w*", re.ASCII)


class Silent(MissingName):
    """The value of what could not be worked out: a tag that uses it is left out, without a
    fault.
    """

    __slots__ = ()

    def _record(self, *, cuts: bool = False) -> NoReturn:
        raise Recorded


def checking_values(run: RenderState, unsure: Iterable[str]) -> Mapping[str, Any]:
    """What the code of a `CheckingGenerator` takes from the values of its run. `unsure`: names that
    faulty statements may have been meant to make.
    """
    silent = Silent()
    noted: set[tuple[int, int]] = set()

    def failed(fault: Exception) -> None:
        if not isinstance(fault, FAULTS):
            raise fault
        index = site_of_traceback(fault.__traceback__)
        place = index, run.faults.inner_site
        if place not in noted:  # a tag in a loop of thousands is one fault
            note_fault(run, fault)
            noted.add(place)
        run.faults.inner_site = -1
        run.faults.cut_short |= _can_be_missed(run.faults.site(index))

    return {**dict.fromkeys(unsure, silent), "_silent": silent, "_failed": failed}


def _can_be_missed(site: TagSite | None) -> bool:
    """Whether something else may miss what a tag has not written: a control, a section or a
    label.
    """
    if site is None or not site.source.startswith("{{"):
        return True
    return "label" in site.source or "body" in site.source
