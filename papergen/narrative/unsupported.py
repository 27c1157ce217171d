"""What Markdown knows and a committee paper has no place for: for each, what is wrong and what to
do.
"""

from __future__ import annotations

import re
from typing import Final

Words = tuple[str, str]
"""A problem's message and its hint."""

SETEXT: Final = (
    "a line of dashes or equals signs underlines a heading",
    "Write ## before a subheading instead, and ### before one below it.",
)
TABLE_RULE: Final = (
    "a table’s line of dashes does not fit the line above it",
    (
        "Above it must stand the header row with as many cells, and no blank line or tag between "
        "the two."
    ),
)
LONE_ROW: Final = (
    "a row stands outside a table",
    (
        "A table begins with a header row and a line of dashes (|---|---|), and has no blank line "
        "within it."
    ),
)
REFERENCE: Final = (
    "link addresses kept apart from their links, and footnotes, are not supported",
    (
        "Write the address with the link, [words](https://…); put what a footnote would say into "
        "the text."
    ),
)
TYPED_BULLET: Final = (
    "the line starts with a typed bullet",
    (
        "Put a hyphen and a blank (- ) in its place, and a blank line before the list. A "
        "backslash before it keeps it."
    ),
)
BLOCKS: Final = {
    "code_block": (
        "an indented line would be printed as computer code",
        (
            "Delete the blanks at its start; a further paragraph of a list item stands exactly "
            "under the item’s text."
        ),
    ),
    "fence": (
        "a block of computer code (``` or ~~~) has no place in a paper",
        "Delete the lines of ``` or ~~~.",
    ),
    "html_block": (
        "HTML is not supported",
        "Delete it; for a comment that is not printed write {# … #}; for a plain < write \\<.",
    ),
    "blockquote_open": (
        "block quotes (lines that start with >) are not supported",
        "Quote within a paragraph, in quotation marks.",
    ),
    "hr": (
        "a rule (---, *** or ___) has no place in a paper",
        "Delete the line; to divide the text use a subheading (##).",
    ),
}
INLINE: Final = {
    "code_inline": (
        "computer code in backticks has no place in a paper",
        "Delete the backticks (`).",
    ),
    "html_inline": (
        "HTML is not supported",
        "Delete the tag; end a line with a backslash for a line break; for a plain < write \\<.",
    ),
    "image": (
        "pictures are not supported",
        "Delete the picture, or give it as an appendix; for a plain ! write \\!.",
    ),
    "autolink": (
        "an address between < and > is not supported",
        "Write it as a link, [words](https://…), or delete the < and >.",
    ),
}
TEXT: Final[tuple[tuple[re.Pattern[str], Words], ...]] = (
    (re.compile(r"(?<!\\)\[[^\[\]]+\]\[[^\[\]]*\]|(?<!\\)\[\^[^\[\]\s]+\]"), REFERENCE),
    (
        re.compile(r"(?<![\\~])~~(?=\S).+?~~", re.DOTALL),
        ("struck-out text (~~) is not supported", "Delete the text, or the ~~ about it."),
    ),
)
"""What Markdown leaves as it is, and a reader would see as signs in the text."""
DEFINITION: Final = re.compile(r"\[[^\[\]^][^\[\]]*\]:\s*\S")
