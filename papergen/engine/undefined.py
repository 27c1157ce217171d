"""Undefined names: each use is recorded with its place, and then stays silent, so that one run
reports them all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NoReturn

from jinja2 import Undefined

from papergen.engine.current_run import CURRENT_RUN

_NOT_FIELDS = {"unsafe_callable", "alters_data", "jinja_pass_arg", "contextfunction"}
"""What Jinja looks for on functions."""


class MissingName(Undefined):
    """A name or field that does not exist. `is defined` and `default` accept it; any other use is
    recorded.
    """

    __slots__ = ()

    def _record(self, *, cuts: bool = False) -> None:
        """`cuts`: what is left out because of it may be more than the value."""
        run = CURRENT_RUN.get()
        if run is None:
            raise self._undefined_exception(self._undefined_message)
        run.faults.undefined(self._undefined_obj, self._undefined_name)
        run.faults.cut_short |= cuts

    def _fail_with_undefined_error(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Jinja's own refusal, for the uses that cannot stay silent: arithmetic and the like."""
        self._record()
        raise Recorded

    # Undefined binds its operators to its own refusal, not to the one above.
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = _fail_with_undefined_error
    __truediv__ = __rtruediv__ = __floordiv__ = __rfloordiv__ = _fail_with_undefined_error
    __mod__ = __rmod__ = __pow__ = __rpow__ = __pos__ = __neg__ = _fail_with_undefined_error
    __int__ = __float__ = __complex__ = _fail_with_undefined_error
    __lt__ = __le__ = __gt__ = __ge__ = _fail_with_undefined_error

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or name in _NOT_FIELDS:
            raise AttributeError(name)
        return self

    def __getitem__(self, key: object) -> MissingName:  # type: ignore[override]
        return self

    def __call__(self, *args: object, **kwargs: object) -> MissingName:  # type: ignore[override]
        self._record()
        return self

    def __str__(self) -> str:
        self._record()
        return ""

    def __iter__(self) -> Iterator[Any]:
        self._record(cuts=True)
        return iter(())

    def __len__(self) -> int:
        self._record()
        return 0

    def __bool__(self) -> bool:
        self._record(cuts=True)
        return False

    def __eq__(self, other: object) -> bool:
        self._record()
        return self is other

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return id(type(self))


def refuse_missing(values: Iterable[Any]) -> None:
    """Record the first name among `values` that is not defined. Raises Recorded if there is one."""
    for value in values:
        if isinstance(value, MissingName):
            value._fail_with_undefined_error()


class Recorded(Exception):  # noqa: N818 (not an error: a way out)
    """Rendering stops here; the run already has the problem."""
