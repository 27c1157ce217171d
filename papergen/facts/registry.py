"""What records can do, in one place.

- A computed field: a function in `computed.py`, or in `deadlines.py` or `parties.py` for what is
  due and who is named, and its line in the table `COMPUTED` of the first.
- How a kind of thing is named in text: a function in `naming.py`, and its line in `NAMERS` there.
- A filter: a function in `filters.py`, or in `name_filters.py`, and its line in the table `FILTERS`
  of the first.

Each is then described in `docs/template-tags.md`; a test compares the page with the tables.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from papergen.dates import PartialDate
from papergen.engine.values import DECODERS, Decoders
from papergen.facts.computed import COMPUTED
from papergen.facts.naming import INTRODUCED_KINDS, NAMERS
from papergen.facts.parties import PARTY_DECODERS
from papergen.facts.records import RecordRules
from papergen.facts.store import Store
from papergen.facts.view import MeetingView
from papergen.language.locale import Locale

RULES = RecordRules(computed=COMPUTED, namers=NAMERS, introduced_kinds=INTRODUCED_KINDS)
TOKEN_DECODERS: Decoders = {**DECODERS, **PARTY_DECODERS}
"""How tokens are read in papers: those of the engine's values, of records, parties and texts."""


def meeting_view(
    store: Store,
    locale: Locale,
    meeting: PartialDate,
    as_at: PartialDate,
    texts: Sequence[Any] = (),
) -> MeetingView:
    """The data of a paper as the meeting of a board on the day `meeting` sees them.

    `as_at`: the day up to which the paper reports. `texts`: the compiled scripts of the store, by
    index.
    """
    return MeetingView(
        store=store,
        locale=locale,
        meeting=meeting,
        as_at=as_at,
        texts=texts,
        rules=RULES,
    )
