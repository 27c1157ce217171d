"""What there is to say of how the columns of a list were read: the kinds of remark."""

from __future__ import annotations

from papergen.workbook.reading import Certainty, FindingKind

NOT_KNOWN = FindingKind(
    "column-not-known",
    Certainty.NOTE,
    "a column is not used, because papergen does not know its heading",
)
LESS_CLOSE = FindingKind(
    "column-less-close",
    Certainty.NOTE,
    "a column is not used, because the heading of another is closer",
)
EARLIER = FindingKind(
    "column-earlier",
    Certainty.NOTE,
    "a column is not used, because another is for a later period",
)
PRIVATE = FindingKind(
    "column-private",
    Certainty.NOTE,
    "a column is not used, because its heading says that it is not for publication",
)
FIGURES = FindingKind(
    "column-figures",
    Certainty.NOTE,
    "a column is not used, because its cells do not fit its heading",
)
BY_CELLS = FindingKind(
    "column-by-cells",
    Certainty.NOTE,
    "a heading with several meanings is read by the cells below it",
)
DECLINED = FindingKind(
    "column-declined",
    Certainty.NOTE,
    "a column is not used, as plan.yaml says",
)
BESIDE = FindingKind(
    "column-beside",
    Certainty.NOTE,
    "a table beside the list is not read",
)
HIDDEN = FindingKind(
    "column-hidden",
    Certainty.QUESTION,
    "a hidden column is not read",
)
HIDDEN_UNUSED = FindingKind(
    "column-hidden-unused",
    Certainty.NOTE,
    "a hidden column is not used",
)
HIDDEN_READ = FindingKind(
    "column-hidden-read",
    Certainty.NOTE,
    "a hidden column is read, as plan.yaml says",
)
NO_HEADING = FindingKind(
    "column-no-heading",
    Certainty.QUESTION,
    "cells in a column without a heading are not read",
)
STRAY = FindingKind(
    "cell-no-heading",
    Certainty.NOTE,
    "a single cell in a column without a heading is not read",
)
MERGED = FindingKind(
    "heading-merged",
    Certainty.QUESTION,
    "a heading is merged over several columns, and none of them is read",
)
MERGED_SETTLED = FindingKind(
    "heading-merged-settled",
    Certainty.NOTE,
    "of columns below one merged heading each is read as what its cells are",
)
ALIKE = FindingKind(
    "columns-alike",
    Certainty.QUESTION,
    "several columns can be for the same thing, and none is closer",
)
SAME_CELLS = FindingKind(
    "columns-same",
    Certainty.NOTE,
    "of several columns with the same cells one is read",
)
DATE_UNCLEAR = FindingKind(
    "column-date-unclear",
    Certainty.QUESTION,
    "a column of dates is not read, because its heading does not say what they are the dates of",
)
DATE_SETTLED = FindingKind(
    "column-date-settled",
    Certainty.NOTE,
    "a date column that can be the target date or the date of completion is settled by "
    "the rest of the list",
)
DUE_HOLDS = FindingKind(
    "column-due-holds",
    Certainty.NOTE,
    "beside an original due date, the other due date is read as the one that holds now",
)
DUE_UNREAD = FindingKind(
    "column-due-unread",
    Certainty.NOTE,
    "the due date is not read, because it is not clear which revised date holds in its place",
)
KINDS_MIXED = FindingKind(
    "rows-mixed",
    Certainty.QUESTION,
    "a column calls some rows something other than actions; all rows are read as actions",
)
LIST_BESIDE = FindingKind(
    "list-beside",
    Certainty.QUESTION,
    "a second list beside the first one is not read",
)
TWO_ROWS = FindingKind(
    "headings-two-rows",
    Certainty.NOTE,
    "several rows of headings are read as one",
)
SHEETS = FindingKind(
    "sheets-several",
    Certainty.QUESTION,
    "several sheets have a list of actions",
)
SHEET_HIDDEN = FindingKind(
    "sheet-hidden",
    Certainty.QUESTION,
    "a hidden sheet has a list of actions that is not read",
)
SHEET_HIDDEN_READ = FindingKind(
    "sheet-hidden-read",
    Certainty.NOTE,
    "a hidden sheet is read, as plan.yaml says",
)
SHEET_PRIVATE = FindingKind(
    "sheet-private",
    Certainty.QUESTION,
    "a sheet whose name says that it is not for publication is not read",
)
SHEET_NOT_READ = FindingKind(
    "sheet-not-read",
    Certainty.NOTE,
    "a sheet is not read, because no list of actions is found in it",
)
