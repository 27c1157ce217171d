"""How lists of actions were read, as the manifest keeps it: each reading once, however many papers
share it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Select, insert, select

from papergen.batch.manifest.database import as_json
from papergen.batch.manifest.tables import readings
from papergen.workbook.reading import Reading
from papergen.workbook.reading_plain import plain_reading

PlainReading = Mapping[str, Any]
"""A reading as `plain_reading` returns it."""


def keep_readings(connection: Connection, found: Iterable[Reading]) -> list[int]:
    """The ids of readings; new ones are added."""
    return [_keep(connection, reading) for reading in found]


def _keep(connection: Connection, reading: Reading) -> int:
    text = as_json(plain_reading(reading))
    key = hashlib.sha256(text.encode()).hexdigest()
    known = connection.execute(select(readings.c.id).where(readings.c.key == key)).scalar()
    if known is not None:
        return int(known)
    inserted = connection.execute(insert(readings).values(key=key, reading=text))
    assert inserted.inserted_primary_key is not None
    return int(inserted.inserted_primary_key[0])


def kept_readings(
    connection: Connection, papers: Select[Any]
) -> list[tuple[PlainReading, Sequence[str]]]:
    """The readings of papers, each with the papers that it was read for.

    `papers` selects the columns `shown` and `readings` of papers.
    """
    papers_of: dict[int, list[str]] = {}
    for shown, ids in connection.execute(papers):
        for id_ in json.loads(ids):
            papers_of.setdefault(id_, []).append(shown)
    found: list[tuple[PlainReading, Sequence[str]]] = []
    for id_, names in papers_of.items():
        query = select(readings.c.reading).where(readings.c.id == id_)
        text = connection.execute(query).scalar_one()
        found.append((json.loads(text), names))
    return found
