"""Numbers as the formats of a workbook show them: 1.10, 007, A7, 60%, £1,200, 31/07/2024.

What a code says that is not known here shows as in the format General: nothing false is shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache

from papergen.workbook.files.date_formats import moment_cell, shown_without_day
from papergen.workbook.files.format_codes import FormatPart, FormatSection, Piece, sections_of
from papergen.workbook.sheets import Moment, Number

GENERAL = "General"
_DAY = "dd/mm/yyyy"

BUILT_IN = {
    0: GENERAL,
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    5: "£#,##0;-£#,##0",
    6: "£#,##0;-£#,##0",
    7: "£#,##0.00;-£#,##0.00",
    8: "£#,##0.00;-£#,##0.00",
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    12: "# ?/?",
    13: "# ??/??",
    14: _DAY,
    15: "d-mmm-yy",
    16: "d-mmm",
    17: "mmm-yy",
    18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM",
    20: "h:mm",
    21: "h:mm:ss",
    22: "dd/mm/yyyy hh:mm",
    # Dates and times of East Asia; Excel in the UK shows each as a day.
    **dict.fromkeys((*range(27, 37), *range(50, 59)), _DAY),
    37: "#,##0;-#,##0",
    38: "#,##0;-#,##0",
    39: "#,##0.00;-#,##0.00",
    40: "#,##0.00;-#,##0.00",
    41: '#,##0;-#,##0;"-"',
    42: '£#,##0;-£#,##0;£"-"',
    43: '#,##0.00;-#,##0.00;"-"',
    44: '£#,##0.00;-£#,##0.00;£"-"',
    45: "mm:ss",
    46: "[h]:mm:ss",
    47: "mm:ss.0",
    48: "##0.0E+0",
    49: "@",
}
"""The codes that a workbook names by their number alone, as Excel shows them in the UK.

Source: ECMA-376 part 1, 18.8.30. Those with a place for a sign or a currency are as short as that.
"""

_GENERAL_WIDTH = 11
"""Characters that General shows at most."""
_LEAST_FIXED = 1e-4
_MOST_FIXED = 1e9
"""Between them a fraction is cut to that width; others show as 1.23E-05."""
_MOST_EXACT = 1e15
"""Above it a number is not exact, and shows as General has it."""
_MOST_DECIMALS = 30
_CONTEXT = Context(prec=80, rounding=ROUND_HALF_UP)


def number_cell(code: str, value: float, *, is_1904: bool = False) -> Number | Moment | str:
    """The cell for a number in the format `code`.

    A date is a Moment; a time alone, as 10:30 or 37:30, is text. `is_1904`: whether the workbook
    counts days from 1904.
    """
    section, is_signed = _section_for(code, value)
    if section is None:
        return Number(value, general(value))
    if section.is_of_moments:
        return _moment_or_number(section, value, is_1904)
    shown = _shown(section, value, is_signed)
    return Number(value, general(value) if shown is None else shown, _is_share(code))


def text_shown(code: str, text: str) -> str:
    """What a cell with a text shows in the format `code`: all of it, in most formats."""
    section = _text_section(code)
    return text if section is None else _with_text(section, text)


@lru_cache(maxsize=1024)
def shows_nothing(code: str) -> bool:
    """Whether the code, such as `;;;`, hides whatever a cell holds."""
    sections = sections_of(code)
    return len(sections) > 3 and not any(section.pieces for section in sections)


@lru_cache(maxsize=1024)
def changes_text(code: str) -> bool:
    """Whether a text shows otherwise than as it is."""
    section = _text_section(code)
    return section is not None and section.pieces != ((FormatPart.GENERAL, "@"),)


@lru_cache(maxsize=1024)
def _is_share(code: str) -> bool:
    return any(FormatPart.PERCENT in section.parts for section in sections_of(code))


def _text_section(code: str) -> FormatSection | None:
    """The section for texts: the fourth, or the last where it has the place of a text."""
    sections = sections_of(code)
    if len(sections) > 3:
        return sections[3]
    if sections and (FormatPart.GENERAL, "@") in sections[-1].pieces:
        return sections[-1]
    return None


def _section_for(code: str, value: float) -> tuple[FormatSection | None, bool]:
    """The section for a number, and whether a minus sign is to be added. None: as General."""
    sections = sections_of(code)[:3]
    if len(sections) > 1 and sections[-1] is _text_section(code):
        sections = sections[:-1]
    if any(section.condition for section in sections):
        return _first_that_holds(sections, value), True
    if len(sections) < 2:
        return (sections[0] if sections else None), True
    if value < 0:
        return sections[1], False
    return sections[2 if value == 0 and len(sections) > 2 else 0], False


def _first_that_holds(sections: Sequence[FormatSection], value: float) -> FormatSection | None:
    for section in sections:
        if section.condition is None or _holds(section.condition, value):
            return section
    return None


def _holds(condition: tuple[str, float], value: float) -> bool:
    sign, bound = condition
    equal = value == bound
    below = value < bound
    return {
        "<": below,
        "<=": below or equal,
        ">": not below and not equal,
        ">=": not below,
        "=": equal,
        "<>": not equal,
    }[sign]


def _moment_or_number(
    section: FormatSection,
    value: float,
    is_1904: bool,
) -> Number | Moment | str:
    cell = moment_cell(section, value, is_1904)
    if cell is not None:
        return cell
    shown = shown_without_day(section, value) if 0 <= value < 1 else None
    return Number(value, shown or general(value))


# -- numbers


def general(value: float) -> str:
    """A number in the format General: as typed, and a fraction in at most 11 characters.

    Whole numbers are exact, where Excel shows those of more than 11 digits as 1.00023E+11.
    """
    if value == int(value) and abs(value) < _MOST_EXACT:
        return f"{int(value)}"
    # 15 digits are what Excel keeps.
    short = f"{value:.15g}"
    full = f"{Decimal(short):f}"
    if len(full.lstrip("-")) <= _GENERAL_WIDTH:
        return full
    size = abs(value)
    if not _LEAST_FIXED <= size < _MOST_FIXED:
        return short.upper()
    decimals = _GENERAL_WIDTH - len(f"{int(size)}.")
    return f"{value:.{decimals}f}".rstrip("0").rstrip(".")


def _shown(section: FormatSection, value: float, is_signed: bool) -> str | None:
    """What a section shows of a number; None for what is not known here."""
    parts = section.parts
    if FormatPart.UNKNOWN in parts or (FormatPart.SLASH in parts and FormatPart.DIGIT in parts):
        return None
    sign = "-" if is_signed and value < 0 else ""
    if FormatPart.GENERAL in parts:
        return sign + _with_text(section, general(abs(value))).strip()
    if FormatPart.DIGIT not in parts:
        text = "".join(text for _, text in section.pieces).strip()
        return text if section.condition else sign + text
    if abs(value) >= _MOST_EXACT:
        return None
    if FormatPart.EXPONENT in parts:
        return _scientific(section.pieces, value)
    return _decimal(section.pieces, value, sign)


def _with_text(section: FormatSection, text: str) -> str:
    """What the section shows with `text` in the place that it has for it."""
    return "".join(text if part is FormatPart.GENERAL else own for part, own in section.pieces)


def _decimal(pieces: Sequence[Piece], value: float, sign: str) -> str | None:
    """A number with digits before and behind the point, as many as the section has places for."""
    point = _index_of(pieces, FormatPart.POINT)
    whole_pieces, behind = pieces[:point], pieces[point + 1 :]
    decimals = _count(behind, FormatPart.DIGIT)
    if decimals > _MOST_DECIMALS or _count(pieces, FormatPart.POINT) > 1:
        return None
    percents = _count(pieces, FormatPart.PERCENT)
    thousands = _thousands_left_out(pieces)
    # Of the 15 digits that Excel keeps, so that 1.005 has no tail that rounds it down.
    amount = abs(Decimal(f"{value:.15g}")).scaleb(2 * percents - 3 * thousands, _CONTEXT)
    rounded = amount.quantize(Decimal(1).scaleb(-decimals), context=_CONTEXT)
    whole, _, fraction = f"{rounded:f}".partition(".")
    shown = _whole(whole_pieces, whole.lstrip("0"))
    if point < len(pieces):
        shown += "." + _fraction(behind, fraction)
    return (sign if rounded else "") + shown.strip()


def _index_of(pieces: Sequence[Piece], wanted: FormatPart) -> int:
    """The index of the first piece of a kind, or how many pieces there are."""
    for index, (part, _) in enumerate(pieces):
        if part is wanted:
            return index
    return len(pieces)


def _count(pieces: Sequence[Piece], wanted: FormatPart) -> int:
    return sum(part is wanted for part, _ in pieces)


def _thousands_left_out(pieces: Sequence[Piece]) -> int:
    """How many commas follow the digits, or stand before the point: `0.0,,` shows millions."""
    total = count = 0
    for part, _ in pieces:
        if part is FormatPart.COMMA:
            count += 1
        elif part is FormatPart.POINT:
            total += count
        if part in (FormatPart.DIGIT, FormatPart.POINT):
            count = 0
    return total + count


def _has_separators(pieces: Sequence[Piece]) -> bool:
    """Whether a comma has a digit before and behind it."""
    has_digit = has_comma = False
    for part, _ in pieces:
        if part is FormatPart.DIGIT:
            if has_comma:
                return True
            has_digit = True
        elif part is FormatPart.COMMA:
            has_comma = has_digit
    return False


def _whole(pieces: Sequence[Piece], digits: str) -> str:
    """The digits before the point in their places, from the last; the first place has the rest."""
    separated = _has_separators(pieces)
    places = _count(pieces, FormatPart.DIGIT)
    left = list(digits)
    placed = 0
    shown: list[str] = []
    for part, text in reversed(pieces):
        if part is not FormatPart.DIGIT:
            shown.append("" if part is FormatPart.COMMA else text)
            continue
        places -= 1
        here = [left.pop()] if left else [_EMPTY_PLACE[text]]
        if places == 0:
            here += reversed(left)
        for digit in filter(None, here):
            shown.append(f"{digit}," if separated and placed and placed % 3 == 0 else digit)
            placed += 1
    return "".join(reversed(shown))


_EMPTY_PLACE = {"0": "0", "?": " ", "#": ""}
"""What a place shows that has no digit."""


def _fraction(pieces: Sequence[Piece], digits: str) -> str:
    """The digits behind the point in their places; zeros at the end only where places ask."""
    kept = len(digits.rstrip("0"))
    shown = []
    place = 0
    for part, text in pieces:
        if part is FormatPart.DIGIT:
            shown.append(digits[place] if place < kept else _EMPTY_PLACE[text])
            place += 1
        elif part is not FormatPart.COMMA:
            shown.append(text)
    return "".join(shown)


def _scientific(pieces: Sequence[Piece], value: float) -> str | None:
    """A number as 1.23E+05; None for a code that is more than that."""
    exponent = _index_of(pieces, FormatPart.EXPONENT)
    point = _index_of(pieces, FormatPart.POINT)
    before = pieces[: min(point, exponent)]
    behind = pieces[point + 1 : exponent]
    power_places = pieces[exponent + 1 :]
    digits = {FormatPart.DIGIT}
    if len(before) != 1 or {part for part, _ in (*before, *behind, *power_places)} != digits:
        return None
    mantissa, _, power = f"{value:.{len(behind)}E}".partition("E")
    sign = "-" if power[0] == "-" else pieces[exponent][1][1:].replace("-", "")
    return f"{mantissa}E{sign}{int(power[1:]):0{len(power_places)}}"
