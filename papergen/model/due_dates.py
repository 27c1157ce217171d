"""Due dates, of which some are none: “Q3 2025/26”, “w/c 3 November”, “ongoing”."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import Discriminator, Field, Tag, WrapValidator

from papergen.dates import PartialDate, WrittenDate
from papergen.model.base import Line, Model, When, fault, parse_when


class WrittenDue(Model):
    """A due date that is no date: it prints as it is written."""

    KIND: ClassVar[str] = "written date"

    text: Line = Field(title="text", description="What papers print: Q3 2025/26.")
    from_: When | None = Field(
        None,
        alias="from",
        title="first day it can be",
        description="The earliest day, month or year that it can mean.",
    )
    until: When | None = Field(
        None,
        title="last day it can be",
        description=(
            "The latest day, month or year that it can mean, itself included. Once that has "
            "passed, an open action is overdue. Left out: it never is."
        ),
    )

    def as_date(self) -> WrittenDate:
        """The date as plans hold it. One that ends before it starts is a `wrong-value` error."""
        first = self.from_
        last = self.until
        if first is not None and last is not None and last.last < first.first:
            raise fault(
                "wrong-value",
                f"“{last}” is before “{first}”",
                "Put the earlier date at `from:` and the later one at `until:`.",
            )
        return WrittenDate(self.text, first, last)


def _parse_due(value: Any, parse_group: Callable[[Any], Any]) -> PartialDate | WrittenDate:
    """A date, as nearly all are, or a group whose text stands for one."""
    if isinstance(value, str):
        return parse_when(value)
    if isinstance(value, (PartialDate, WrittenDate)):
        return value
    parsed = parse_group(value)
    if isinstance(parsed, WrittenDue):
        return parsed.as_date()
    date: PartialDate = parsed
    return date


def _form_of_due(value: Any) -> str:
    return "written" if isinstance(value, (dict, WrittenDue)) else "date"


if TYPE_CHECKING:
    DueDate = PartialDate | WrittenDate
else:
    _DateOrGroup = Annotated[
        Annotated[When, Tag("date")] | Annotated[WrittenDue, Tag("written")],
        Discriminator(_form_of_due),
    ]
    DueDate = Annotated[_DateOrGroup, WrapValidator(_parse_due)]
    """A date of day, month or year precision, or what is written in its place."""
