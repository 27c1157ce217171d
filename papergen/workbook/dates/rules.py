"""What decides how the dates of a column are read: the as-at date and the order of figures."""

from __future__ import annotations

from dataclasses import dataclass

from papergen.dates import PartialDate
from papergen.workbook.dates.ranges import DatePoint, nearest_year, one_day

_NEAR = 2
"""Years from that of the as-at date within which two figures behind a month are a year."""


@dataclass(frozen=True, slots=True)
class DateRules:
    """The as-at date, the officer's answer on the order of figures, and what the column shows.

    `order` is `day-first`, `month-first` or None; `month_first_seen` is whether another cell of the
    column can only be read month first.
    """

    as_at: PartialDate
    order: str | None = None
    month_first_seen: bool = False

    def is_near(self, year: int) -> bool:
        """Whether two figures can be this year, by the as-at date."""
        return abs(year - self.as_at.year) <= _NEAR

    @property
    def is_unsettled(self) -> bool:
        """Whether figures that can be read in both orders are not sure."""
        return self.order is None and self.month_first_seen

    def nearest_day(self, month: int, day: int) -> str:
        """The nearest such day as ISO 8601 has it; empty where there is none."""
        point = DatePoint(0, 0, one_day(month, day), precision=3)
        nearest = nearest_year([point], self.as_at)
        if nearest is None:
            return ""
        (dated,) = nearest.points
        assert dated.year is not None
        return dated.exact(dated.year).isoformat()
