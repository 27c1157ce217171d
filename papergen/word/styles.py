"""What a paper needs to know of a template's styles and lists, as plain data (ISO/IEC 29500-1 §17.7 and §17.9)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from papergen.word.tree import Element

LEVELS = range(9)


@dataclass(frozen=True, slots=True)
class Level:
    """A level of a list. `text` is its pattern, as “%1.%2”; `restart` is `w:lvlRestart` (None: after any higher level).

    `legal`: all numbers as Arabic ones (`w:isLgl`). `style`: the id of the paragraph style that is linked to the level.
    """

    format: str = "decimal"
    text: str = ""
    start: int = 1
    restart: int | None = None
    legal: bool = False
    style: str = ""
    suffix: str = "tab"


@dataclass(frozen=True, slots=True)
class NumberedList:
    """A `w:num`: its abstract list, its levels with replacements made, and by level the start it overrides."""

    abstract: int
    levels: tuple[Level, ...]
    starts: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Style:
    """A style. `number` is the list and level it gives its paragraphs; `outline` the heading level (0 is the highest)."""

    id: str
    name: str
    kind: str
    based_on: str = ""
    number: tuple[int, int] | None = None
    outline: int | None = None


@dataclass(frozen=True, slots=True)
class Styles:
    """All styles by id, the default paragraph style's id, and all lists by numId."""

    by_id: Mapping[str, Style] = field(default_factory=dict)
    default: str = ""
    lists: Mapping[int, NumberedList] = field(default_factory=dict)
    next_abstract: int = 0

    def find(self, name: str, kind: str = "paragraph") -> Style | None:
        """The style of that name, as Word shows it; upper and lower case are the same, and so are aliases."""
        wanted = name.lower()
        return next((s for s in self.by_id.values() if s.kind == kind and wanted in _names(s.name)), None)

    def number(self, style: str, num: int | None = None, level: int | None = None) -> tuple[int, int] | None:
        """(numId, level) of a paragraph of this style with this `w:numPr` of its own; None when it takes no number."""
        inherited = self.by_id[style].number if style in self.by_id else None
        if num is None:
            if inherited is None:
                return None
            return inherited if level is None else (inherited[0], level)
        return (num, level or 0) if num in self.lists else None

    def counts(self, number: tuple[int, int]) -> bool:
        """Whether any level of that list shows a number: lists of bullets alone need no counting."""
        return any(level.format not in ("bullet", "none") for level in self.lists[number[0]].levels)

    def is_heading(self, style: str) -> bool:
        """Whether paragraphs of this style are headings, titles or captions: these neither expand nor introduce a name."""
        found = self.by_id.get(style)
        seen: set[str] = set()
        while found is not None and found.id not in seen:
            if found.outline is not None or found.name.lower() in ("title", "subtitle", "caption"):
                return True
            seen.add(found.id)
            found = self.by_id.get(found.based_on)
        return False


def _names(name: str) -> list[str]:
    return [part.strip().lower() for part in name.split(",")]


def read_styles(styles_xml: bytes | None, numbering_xml: bytes | None, source: str = "") -> Styles:
    """Styles and lists of a document. Either part may be absent. Raises TemplateError for malformed XML."""
    from papergen.word.tree import parse, w

    lists: dict[int, NumberedList] = {}
    abstracts: dict[int, _Abstract] = {}
    if numbering_xml is not None:
        root = parse(numbering_xml, source, "word/numbering.xml")
        abstracts = {number: abstract for node in root.iter(w("abstractNum")) if (number := _int(node, "abstractNumId")) is not None
                     for abstract in [_abstract(node)]}  # fmt: skip
        lists = _lists(root, abstracts)
    found: dict[str, Style] = {}
    numbering: dict[str, tuple[int | None, int | None]] = {}
    default = ""
    if styles_xml is not None:
        for node in parse(styles_xml, source, "word/styles.xml").iter(w("style")):
            style = _style(node)
            found[style.id] = style
            numbering[style.id] = own_number(node.find(w("pPr")))
            if style.kind == "paragraph" and node.get(w("default")) in ("1", "true", "on"):
                default = style.id
    lists = _follow_links(lists, abstracts, found, numbering)
    resolved = {id: replace(style, number=_style_number(style, found, numbering, lists)) for id, style in found.items()}
    return Styles(resolved, default, lists, max(abstracts, default=-1) + 1)


def own_number(properties: Element | None) -> tuple[int | None, int | None]:
    """numId and level that these paragraph properties state themselves."""
    from papergen.word.tree import w

    node = properties.find(w("numPr")) if properties is not None else None
    if node is None:
        return None, None
    return _child(node, "numId"), _child(node, "ilvl")


@dataclass(frozen=True, slots=True)
class _Abstract:
    levels: tuple[Level, ...]
    link: str = ""


def _abstract(node: Element) -> _Abstract:
    from papergen.word.tree import w

    levels = {_int(level, "ilvl"): _level(level) for level in node.iter(w("lvl"))}
    link = node.find(w("numStyleLink"))
    return _Abstract(tuple(levels.get(i, Level("none")) for i in LEVELS), link.get(w("val"), "") if link is not None else "")


def _lists(root: Element, abstracts: Mapping[int, _Abstract]) -> dict[int, NumberedList]:
    from papergen.word.tree import w

    lists = {}
    for node in root.iter(w("num")):
        number, abstract = _int(node, "numId"), _child(node, "abstractNumId")
        if not number or abstract not in abstracts:  # 0 means “no list”
            continue
        levels, starts = list(abstracts[abstract].levels), {}
        for override in node.iter(w("lvlOverride")):
            index = _int(override, "ilvl")
            if index is None or index not in LEVELS:
                continue
            own = override.find(w("lvl"))
            if own is not None:
                levels[index] = _level(own)
            start = _child(override, "startOverride")
            if start is not None:
                starts[index] = start
        lists[number] = NumberedList(abstract, tuple(levels), starts)
    return lists


def _follow_links(
    lists: Mapping[int, NumberedList],
    abstracts: Mapping[int, _Abstract],
    styles: Mapping[str, Style],
    numbering: Mapping[str, tuple[int | None, int | None]],
) -> dict[int, NumberedList]:
    """Lists whose abstract list is only a link to a list style take the levels of that style's list."""
    followed = {}
    for number, entry in lists.items():
        style = abstracts[entry.abstract].link
        target = lists.get(numbering.get(style, (None, None))[0] or 0) if style in styles else None
        if target is not None and target.abstract != entry.abstract:
            entry = NumberedList(target.abstract, target.levels, entry.starts)
        followed[number] = entry
    return followed


def _style_number(
    style: Style,
    styles: Mapping[str, Style],
    numbering: Mapping[str, tuple[int | None, int | None]],
    lists: Mapping[int, NumberedList],
) -> tuple[int, int] | None:
    num: int | None = None
    level: int | None = None
    at: Style | None = style
    seen: set[str] = set()
    while at is not None and at.id not in seen:
        seen.add(at.id)
        own_num, own_level = numbering[at.id]
        num = own_num if num is None else num
        level = own_level if level is None else level
        if num is not None:
            break
        at = styles.get(at.based_on)
    if not num or num not in lists:
        return None
    if level is None:
        linked = [i for i, entry in enumerate(lists[num].levels) if entry.style and entry.style in seen]
        level = linked[0] if linked else 0
    return num, level


def _style(node: Element) -> Style:
    from papergen.word.tree import w

    properties = node.find(w("pPr"))
    outline = _child(properties, "outlineLvl") if properties is not None else None
    name, based_on = node.find(w("name")), node.find(w("basedOn"))
    return Style(
        node.get(w("styleId")) or "",
        name.get(w("val"), "") if name is not None else "",
        node.get(w("type")) or "paragraph",
        based_on.get(w("val"), "") if based_on is not None else "",
        None,
        outline if outline is not None and outline < 9 else None,
    )


def _level(node: Element) -> Level:
    from papergen.word.tree import w

    def value(name: str, default: str = "") -> str:
        child = node.find(w(name))
        return default if child is None else child.get(w("val"), default)

    legal = node.find(w("isLgl"))
    start = _child(node, "start")
    return Level(
        value("numFmt", "decimal"),
        value("lvlText"),
        0 if start is None else start,
        _child(node, "lvlRestart"),
        legal is not None and legal.get(w("val"), "1") not in ("0", "false", "off"),
        value("pStyle"),
        value("suff", "tab"),
    )


def _child(node: Element, name: str) -> int | None:
    from papergen.word.tree import w

    child = node.find(w(name))
    return None if child is None else _int(child, "val")


def _int(node: Element, name: str) -> int | None:
    from papergen.word.tree import w

    try:
        return int(node.get(w(name)) or "")
    except ValueError:
        return None
