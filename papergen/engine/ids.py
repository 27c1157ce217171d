"""The ids and the names of bookmarks that one document gives out, each once."""

from __future__ import annotations


class Ids:
    """`first`: the first number that no bookmark, drawing or shape of the template has."""

    __slots__ = ("_names", "_next", "_template_bookmarks")

    def __init__(self, first: int) -> None:
        self._next = first
        self._names: dict[str, int] = {}
        self._template_bookmarks: dict[str, list[tuple[int, str]]] = {}

    def next(self) -> int:
        """An id that no other bookmark, drawing or shape of the document has."""
        number = self._next
        self._next = number + 1
        return number

    def bookmark(self, stem: str) -> str:
        """A bookmark's name that no other has: `stem`, or `stem` with a number."""
        count = self._names.get(stem)
        if count is None:
            self._names[stem] = 1
            return stem
        self._names[stem] = count = count + 1
        # Word allows 40 characters.
        return self.bookmark(f"{stem[: 39 - len(str(count))]}_{count}")

    # What compiled templates call for their own drawings and bookmarks, which a loop repeats.

    def drawing_id(self) -> str:
        """The id of the template's next drawing or shape."""
        return str(self.next())

    def bookmark_id(self, name: str) -> str:
        """The id of the next bookmark that the template calls `name`."""
        number = self.next()
        self._template_bookmarks.setdefault(name, []).append((number, self.bookmark(name)))
        return str(number)

    def bookmark_name(self, name: str) -> str:
        """The name of the bookmark that `bookmark_id` has numbered last."""
        return self._template_bookmarks[name][-1][1]

    def bookmark_end_id(self, name: str) -> str:
        """The id of the same bookmark, for its end."""
        return str(self._template_bookmarks[name][-1][0])
