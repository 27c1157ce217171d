"""Reading a template's styles and lists (`styles.xml`, `numbering.xml`) into plain data."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from papergen.word.styles import Level, NumberedList, Style, TemplateStyles
from papergen.word.tree import Element, attribute_of, child_of, val_of, w

LEVELS = range(9)

_Indent = tuple[int | None, int | None]


def read_styles(styles_root: Element | None, numbering_root: Element | None) -> TemplateStyles:
    """Styles and lists of a document, from the roots of the two parts, which may be absent."""
    abstracts = _abstract_lists(numbering_root)
    lists = _lists(numbering_root, abstracts)
    styles: dict[str, Style] = {}
    stated: dict[str, _Stated] = {}
    default = ""
    if styles_root is not None:
        for node in styles_root.iter(w("style")):
            style = _style(node)
            styles[style.id] = style
            properties = node.find(w("pPr"))
            stated[style.id] = _stated(properties)
            is_default = attribute_of(node, "default") in ("1", "true", "on")
            if style.kind == "paragraph" and is_default:
                default = style.id
    lists = _follow_links(lists, abstracts, stated)
    inheritance = _Inheritance(styles, stated, lists)
    for style in list(styles.values()):
        number = inheritance.number(style)
        styles[style.id] = replace(style, number=number)
    for style in list(styles.values()):
        indent = inheritance.indent(style)
        styles[style.id] = replace(style, indent=indent)
    return TemplateStyles(styles, default, lists)


def own_number(properties: Element | None) -> tuple[int | None, int | None]:
    """The numId and level that these paragraph properties state themselves."""
    node = child_of(properties, "numPr")
    list_id = _number_in(node, "numId")
    level = _number_in(node, "ilvl")
    return list_id, level


@dataclass(frozen=True, slots=True)
class _Stated:
    """What a style itself states of its list and its indents; None is inherited."""

    list_id: int | None
    level: int | None
    left: int | None
    hanging: int | None


def _stated(properties: Element | None) -> _Stated:
    list_id, level = own_number(properties)
    left, hanging = _indent(properties)
    return _Stated(list_id, level, left, hanging)


@dataclass(frozen=True, slots=True)
class _Abstract:
    """An abstract list. `link`: the list style whose list it stands for."""

    levels: tuple[Level, ...]
    link: str = ""


def _abstract_lists(root: Element | None) -> dict[int | None, _Abstract]:
    found: dict[int | None, _Abstract] = {}
    if root is None:
        return found
    for node in root.iter(w("abstractNum")):
        levels = [Level("none") for _ in LEVELS]
        for level in node.iter(w("lvl")):
            index = _int(level, "ilvl")
            if index is not None and index in LEVELS:
                levels[index] = _level(level)
        link = val_of(node.find(w("numStyleLink")))
        number = _int(node, "abstractNumId")
        found[number] = _Abstract(tuple(levels), link)
    return found


def _lists(
    root: Element | None, abstracts: Mapping[int | None, _Abstract]
) -> dict[int, NumberedList]:
    lists: dict[int, NumberedList] = {}
    if root is None:
        return lists
    for node in root.iter(w("num")):
        number = _int(node, "numId")
        abstract = _number_in(node, "abstractNumId")
        if not number or abstract is None or abstract not in abstracts:  # 0 means “no list”
            continue
        levels = list(abstracts[abstract].levels)
        starts: dict[int, int] = {}
        for override in node.iter(w("lvlOverride")):
            _override_level(override, levels, starts)
        lists[number] = NumberedList(abstract, tuple(levels), starts)
    return lists


def _override_level(override: Element, levels: list[Level], starts: dict[int, int]) -> None:
    index = _int(override, "ilvl")
    if index is None or index not in LEVELS:
        return
    own = override.find(w("lvl"))
    if own is not None:
        levels[index] = _level(own)
    start = _number_in(override, "startOverride")
    if start is not None:
        starts[index] = start


def _follow_links(
    lists: Mapping[int, NumberedList],
    abstracts: Mapping[int | None, _Abstract],
    stated: Mapping[str, _Stated],
) -> dict[int, NumberedList]:
    """Give lists whose abstract list only links to a list style the levels of that style's."""
    followed: dict[int, NumberedList] = {}
    for number, entry in lists.items():
        followed[number] = entry
        style = stated.get(abstracts[entry.abstract].link)
        target = None
        if style is not None and style.list_id is not None:
            target = lists.get(style.list_id)
        if target is not None and target.abstract != entry.abstract:
            followed[number] = NumberedList(target.abstract, target.levels, entry.starts)
    return followed


@dataclass(frozen=True, slots=True)
class _Inheritance:
    """Number and indent of a style's paragraphs, from what it and those it is based on state.

    Indents need the numbers of all styles.
    """

    styles: Mapping[str, Style]
    stated: Mapping[str, _Stated]
    lists: Mapping[int, NumberedList]

    def number(self, style: Style) -> tuple[int, int] | None:
        """List and level; None where the paragraphs are in no list."""
        list_id: int | None = None
        level: int | None = None
        seen: set[str] = set()
        for at in self._ancestry(style):
            seen.add(at.id)
            own = self.stated[at.id]
            if level is None:
                level = own.level
            if own.list_id is not None:
                list_id = own.list_id
                break
        if not list_id or list_id not in self.lists:
            return None
        if level is None:
            level = _linked_level(self.lists[list_id], seen)
        return list_id, level

    def indent(self, style: Style) -> tuple[int, int]:
        """Left and hanging: the style's own, else those of the list it names, else those of the
        style that it is based on.
        """
        left: int | None = None
        hanging: int | None = None
        for at in self._ancestry(style):
            for layer_left, layer_hanging in self._layers(at):
                if left is None:
                    left = layer_left
                if hanging is None:
                    hanging = layer_hanging
        return left or 0, hanging or 0

    def _layers(self, style: Style) -> Iterator[_Indent]:
        own = self.stated[style.id]
        yield own.left, own.hanging
        if own.list_id is None or style.number is None:
            return
        list_id, level = style.number
        if level in LEVELS:
            yield self.lists[list_id].levels[level].indent

    def _ancestry(self, style: Style) -> Iterator[Style]:
        """The style and those that it is based on, nearest first, each once."""
        seen: set[str] = set()
        at: Style | None = style
        while at is not None and at.id not in seen:
            yield at
            seen.add(at.id)
            at = self.styles.get(at.based_on)


def _linked_level(entry: NumberedList, styles: Collection[str]) -> int:
    """The first level that is linked to one of these styles, else the highest."""
    for index, level in enumerate(entry.levels):
        if level.style and level.style in styles:
            return index
    return 0


def _indent(properties: Element | None) -> _Indent:
    """Left and hanging, as far as these paragraph properties state them.

    An indented first line has a hanging of none.
    """
    node = child_of(properties, "ind")
    if node is None:
        return None, None
    side = "left" if node.get(w("left")) is not None else "start"
    left = _int(node, side)
    hanging = _int(node, "hanging")
    if hanging is None and node.get(w("firstLine")) is not None:
        hanging = 0
    return left, hanging


def _style(node: Element) -> Style:
    """A style without its number and indent, which may be those of another style."""
    outline = _number_in(node.find(w("pPr")), "outlineLvl")
    if outline is not None and outline >= len(LEVELS):
        outline = None
    return Style(
        id=attribute_of(node, "styleId"),
        name=val_of(node.find(w("name"))),
        kind=attribute_of(node, "type") or "paragraph",
        based_on=val_of(node.find(w("basedOn"))),
        outline=outline,
    )


def _level(node: Element) -> Level:
    legal = node.find(w("isLgl"))
    is_legal = legal is not None and val_of(legal) not in ("0", "false", "off")
    return Level(
        format=_text_in(node, "numFmt", "decimal"),
        text=_text_in(node, "lvlText", ""),
        start=_number_in(node, "start") or 0,
        restart=_number_in(node, "lvlRestart"),
        legal=is_legal,
        style=_text_in(node, "pStyle", ""),
        suffix=_text_in(node, "suff", "tab"),
        indent=_indent(node.find(w("pPr"))),
    )


def _text_in(node: Element, name: str, default: str) -> str:
    child = node.find(w(name))
    return default if child is None else child.get(w("val"), default)


def _number_in(node: Element | None, name: str) -> int | None:
    child = child_of(node, name)
    return None if child is None else _int(child, "val")


def _int(node: Element, name: str) -> int | None:
    try:
        return int(attribute_of(node, name))
    except ValueError:
        return None
