"""Reading a template's styles and lists (`styles.xml`, `numbering.xml`) into plain data. lxml: for
compiling only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from papergen.word.styles import Level, NumberedList, Style, TemplateStyles
from papergen.word.tree import Element, w

LEVELS = range(9)

_Indent = tuple[int | None, int | None]


def read_styles(styles_root: Element | None, numbering_root: Element | None) -> TemplateStyles:
    """Styles and lists of a document, from the roots of the two parts. Either part may be
    absent.
    """
    lists: dict[int, NumberedList] = {}
    abstracts: dict[int | None, _Abstract] = {}
    if numbering_root is not None:
        abstracts = {
            _int(node, "abstractNumId"): _abstract(node)
            for node in numbering_root.iter(w("abstractNum"))
        }
        lists = _lists(numbering_root, abstracts)
    found: dict[str, Style] = {}
    numbering: dict[str, tuple[int | None, int | None]] = {}
    indents: dict[str, _Indent] = {}
    default = ""
    if styles_root is not None:
        for node in styles_root.iter(w("style")):
            style = _style(node)
            found[style.id] = style
            numbering[style.id] = own_number(node.find(w("pPr")))
            indents[style.id] = _indent(node.find(w("pPr")))
            if style.kind == "paragraph" and node.get(w("default")) in ("1", "true", "on"):
                default = style.id
    lists = _follow_links(lists, abstracts, found, numbering)
    resolved = {
        key: replace(style, number=_style_number(style, found, numbering, lists))
        for key, style in found.items()
    }
    placed = {
        key: replace(style, indent=_style_indent(style, resolved, numbering, indents, lists))
        for key, style in resolved.items()
    }
    return TemplateStyles(placed, default, lists)


def own_number(properties: Element | None) -> tuple[int | None, int | None]:
    """The numId and level that these paragraph properties state themselves."""
    node = properties.find(w("numPr")) if properties is not None else None
    if node is None:
        return None, None
    return _child(node, "numId"), _child(node, "ilvl")


@dataclass(frozen=True, slots=True)
class _Abstract:
    levels: tuple[Level, ...]
    link: str = ""


def _abstract(node: Element) -> _Abstract:
    levels = {_int(level, "ilvl"): _level(level) for level in node.iter(w("lvl"))}
    link = node.find(w("numStyleLink"))
    return _Abstract(
        tuple(levels.get(i, Level("none")) for i in LEVELS),
        link.get(w("val"), "") if link is not None else "",
    )


def _lists(root: Element, abstracts: Mapping[int | None, _Abstract]) -> dict[int, NumberedList]:
    lists = {}
    for node in root.iter(w("num")):
        number, abstract = _int(node, "numId"), _child(node, "abstractNumId")
        if not number or abstract is None or abstract not in abstracts:  # 0 means “no list”
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
    abstracts: Mapping[int | None, _Abstract],
    styles: Mapping[str, Style],
    numbering: Mapping[str, tuple[int | None, int | None]],
) -> dict[int, NumberedList]:
    """Lists whose abstract list is only a link to a list style take the levels of that style's
    list.
    """
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
        linked = [
            i for i, entry in enumerate(lists[num].levels) if entry.style and entry.style in seen
        ]
        level = linked[0] if linked else 0
    return num, level


def _style_indent(
    style: Style,
    styles: Mapping[str, Style],
    numbering: Mapping[str, tuple[int | None, int | None]],
    indents: Mapping[str, _Indent],
    lists: Mapping[int, NumberedList],
) -> tuple[int, int]:
    """Left and hanging: the style's own, else those of the list it names, else those of the style
    that it is based on.
    """
    left: int | None = None
    hanging: int | None = None
    at: Style | None = style
    seen: set[str] = set()
    while at is not None and at.id not in seen:
        seen.add(at.id)
        layers = [indents[at.id]]
        if numbering[at.id][0] is not None and at.number is not None and at.number[1] in LEVELS:
            layers.append(lists[at.number[0]].levels[at.number[1]].indent)
        for own_left, own_hanging in layers:
            left = own_left if left is None else left
            hanging = own_hanging if hanging is None else hanging
        at = styles.get(at.based_on)
    return left or 0, hanging or 0


def _indent(properties: Element | None) -> _Indent:
    """Left and hanging, as far as these paragraph properties state them; a first line set in has a
    hanging of none.
    """
    node = properties.find(w("ind")) if properties is not None else None
    if node is None:
        return None, None
    left = _int(node, "left") if node.get(w("left")) is not None else _int(node, "start")
    hanging = _int(node, "hanging")
    return left, 0 if hanging is None and node.get(w("firstLine")) is not None else hanging


def _style(node: Element) -> Style:
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
        _indent(node.find(w("pPr"))),
    )


def _child(node: Element, name: str) -> int | None:
    child = node.find(w(name))
    return None if child is None else _int(child, "val")


def _int(node: Element, name: str) -> int | None:
    try:
        return int(node.get(w(name)) or "")
    except ValueError:
        return None
