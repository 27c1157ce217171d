"""What Word leaves in a document for itself: edit marks, spelling marks, comments, records of
changed formatting.
"""

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


def clean_tree(root: Element) -> None:
    """Take out edit-session ids, paragraph ids, spelling marks, comment anchors, `_GoBack`, records
    of old formatting, and the copies of text boxes for older programs: Word keeps each box twice,
    and tags and numbers in it would count twice.
    """
    for node in root.iter(*_MARKED):
        for key in list(node.attrib):
            if key in _IDENTITIES or key.startswith(_RSID):
                del node.attrib[key]
    for node in list(root.iter(*_KEPT_NOWHERE)):
        run = node.getparent()
        remove(node)
        if (
            node.tag == w("commentReference")
            and run is not None
            and all(child.tag == w("rPr") for child in run)
        ):
            remove(run)
    for node in list(root.iter(w("bookmarkStart"))):
        if node.get(w("name")) == "_GoBack":
            for end in list(root.iter(w("bookmarkEnd"))):
                if end.get(w("id")) == node.get(w("id")):
                    remove(end)
            remove(node)
    for node in list(root.iter(f"{{{MC}}}Fallback")):
        if next(node.iter(w("txbxContent")), None) is not None:
            remove(node)


_RSID = w("rsid")
