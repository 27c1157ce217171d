"""What Word leaves in a document for itself: edit and spelling marks, comments, old formatting."""

from __future__ import annotations

from papergen.word.tree import MC, W14, Element, remove, w

_MARKED = tuple(w(name) for name in ("p", "r", "tr", "tbl", "sectPr"))
_KEPT_NOWHERE = tuple(
    w(name)
    for name in (
        "proofErr",
        "lastRenderedPageBreak",
        "commentRangeStart",
        "commentRangeEnd",
        "commentReference",
        "rPrChange",
        "pPrChange",
        "tblPrChange",
        "tblPrExChange",
        "tblGridChange",
        "tcPrChange",
        "trPrChange",
        "sectPrChange",
        "numberingChange",
    )
)
_IDENTITIES = (f"{{{W14}}}paraId", f"{{{W14}}}textId")
_RSID = w("rsid")


def clean_tree(root: Element) -> None:
    """Take out edit-session ids, paragraph ids, spelling marks, comment anchors, `_GoBack`, records
    of old formatting, and the copies of text boxes for older programs.
    """
    for node in root.iter(*_MARKED):
        for key in list(node.attrib):
            if key in _IDENTITIES or key.startswith(_RSID):
                del node.attrib[key]
    for node in list(root.iter(*_KEPT_NOWHERE)):
        _remove_with_run(node)
    for node in list(root.iter(w("bookmarkStart"))):
        if node.get(w("name")) == "_GoBack":
            _remove_bookmark(node, root)
    for node in list(root.iter(f"{{{MC}}}Fallback")):
        # Word keeps each text box twice: tags and numbers in its copy would count twice.
        if next(node.iter(w("txbxContent")), None) is not None:
            remove(node)


def _remove_with_run(node: Element) -> None:
    """Remove a node; also its run, where that held nothing but a comment's reference."""
    run = node.getparent()
    remove(node)
    if node.tag != w("commentReference") or run is None:
        return
    if all(child.tag == w("rPr") for child in run):
        remove(run)


def _remove_bookmark(start: Element, root: Element) -> None:
    for end in list(root.iter(w("bookmarkEnd"))):
        if end.get(w("id")) == start.get(w("id")):
            remove(end)
    remove(start)
