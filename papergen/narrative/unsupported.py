"""What Markdown or an author may write, and a committee paper has no place for.

For each there is what is wrong and what to do.
"""

from __future__ import annotations

import re
from functools import cache
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

# -- numbers and bullets that someone typed, or pasted from an old paper

BULLET_CHARACTERS: Final = (
    "\u2022\u2023\u25aa\u25cf\u25e6\u25cb\u25a0\u25a1\u00b7\u2043\uf0b7\uf0a7"
)
BULLET: Final = re.compile(rf"[{BULLET_CHARACTERS}]\s*\S")
"""A bullet that someone typed or pasted; Word's own are in the private use area."""

HINT: Final = (
    "Delete it: papergen numbers paragraphs itself. Where the text must begin so, put a "
    "backslash before the full stop or bracket."
)
ORPHAN_LIST: Final = "a numbered list starts here with no paragraph above it"
ORPHAN_HINT: Final = (
    "Where “{}” numbers a paragraph, delete it: papergen numbers paragraphs itself. Where a "
    "list is meant, write above it the paragraph that leads in to it."
)

_LIKELY: Final = re.compile(r"\(?(?:\d+|[A-Za-z]{1,6})[.()\t]")
"""What any typed number looks like.

The patterns that distinguish them from prose cost too much to compile for a text that has none.
"""


def typed_number(text: str, start: int, *, heading: bool = False) -> str:
    """The typed number or letter of the paragraph, or subheading, whose words begin at `start`.

    Empty where there is none.

    A number before words may belong to the words: “3.5 per cent of”, “A. Smith, the chair”, “c.
    1900”. So each pattern looks at what follows. Where one is wrong, a backslash lets the paragraph
    begin as it does.
    """
    if not _LIKELY.match(text, start):
        return ""
    of_paragraphs, of_headings = _patterns()
    pattern = of_paragraphs
    if heading:
        pattern = of_headings
    found = pattern.match(text, start)
    if found is None:
        return ""
    return found[0]


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """The numbers of paragraphs, and those of subheadings, which do not begin with an initial."""
    arabic = r"\d{1,3}(?:\.\d{1,3})*"
    roman = "[ivx]{2,6}"
    capital_roman = "[IVX]{2,6}"
    letter = rf"(?:[a-zA-Z]|{roman})"
    starters = _any_of(_SENTENCE_STARTERS)
    tag = "[\U000f0000-\U0010fffd]"  # a tag of the narrative is one character of the private planes
    capital = rf"(?:(?!(?:FTE|WTE)\b)[^\Wa-z\d_]|{tag})"
    # After a capital letter and a full stop: “A. The Board”, but neither “A. A. Milne”, “A. de
    # Souza” nor “E. coli”.
    sentence = rf"(?:(?i:{starters}\b)(?!\.)|(?!{_any_of(_SMALL_NAMES)}\b)[a-z])"
    forms = (
        rf"\d+(?:\.\d+)+[.)]?(?=\s+{capital})",  # 1.1 The
        r"\d{1,3}(?:\.\d{1,3})+(?:[.)](?=\s)|(?=\t|[A-Z][a-z]))",  # 1.1. the
        r"\d{1,3}(?:\.\d{1,2}){2,}(?=\s)",  # 4.2.1 the
        rf"\d+\.\d+(?=\s+(?!{_amount(starters)})[a-z])",  # 2.1 the
        r"\d+[.)](?=\s)",  # 12. the
        r"\d{1,3}(?:(?=\t)|[.)](?=[A-Z][a-z]))",  # 12.The
        rf"(?:{arabic})?(?:\({letter}\)){{2}}(?=\s)",  # (a)(i) the
        rf"{arabic}\({letter}\)(?=\s)",  # 1(a) the
        rf"\((?:{arabic}|{letter}|{capital_roman})\)(?=\s)",  # (a) the
        rf"(?:{letter}|{capital_roman})\)(?=\s)",  # a) the
        rf"(?:[a-z]|{roman})\.(?=\s+(?!\d))",  # i. the
        rf"{capital_roman}\.(?=\s)",  # IV. the
        rf"[A-Z]\.(?=\s+(?:{sentence}|{tag}))",  # A. The
    )
    number = "|".join(forms)
    return re.compile(number), re.compile(rf"{number}|[A-Z]\.(?=\s+[A-Z][a-z])")


_SENTENCE_STARTERS: Final = (
    "a all an and any are as at both by does each following for from has have he his if in is it "
    "its no not of on or our she that the their there these they this those thus to unless us was "
    "we were what when where whereas whether which while who with"
)
"""Words that begin a sentence; none is what an amount is an amount of."""
_SMALL_NAMES: Final = (
    "al ap bin da de den der di du la le ten ter van von aureus coli diff difficile pneumoniae"
)
"""What follows the initial of a name in small letters."""
_UNITS: Final = (
    "am pm per percent percentage pc hundred thousand million billion trillion m bn k km cm mm kg "
    "ha ft sq cubic square metric times"
)


def _any_of(words: str) -> str:
    alternatives = "|".join(words.split())
    return f"(?:{alternatives})"


def _amount(starters: str) -> str:
    """What a number with a point is an amount of: “3.5 per cent”, “3.5 to 4”, “3.5 new posts”."""
    follows = r"(?:[\d£]|every|more|less|the\s+(?:\d|morning|afternoon|evening))"
    range_or_ratio = rf"(?:to|and|or|by|x|in|of|out\s+of)\s+{follows}"
    # What there are several of ends in s, mostly, and at most three words before it say which.
    several = r"(?:[a-z’'-]*[a-rt-z]s|children|people|staff|women|men)\b"
    described = rf"(?:(?!{starters}\b)[a-z’'-]+\s+){{0,3}}(?!{starters}\b){several}"
    return rf"(?:{_any_of(_UNITS)}\b|{range_or_ratio}|{described})"
