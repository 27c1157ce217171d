"""Dataclasses that cost little to define.

A process that drafts one paper defines a hundred classes of values. The standard decorator writes and compiles up to seven
methods for each, and finds out a signature for its documentation: a sixth of a first run went into that. Here `__init__`
alone is compiled. That nothing is assigned to a frozen class is left to the type checker, which sees the standard decorator.
What callers of papergen copy with changes (`Sources`) uses the standard one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dataclasses import dataclass, replace
else:
    from dataclasses import MISSING, Field
    from inspect import get_annotations

    def dataclass(*, frozen=False, slots=False, eq=False):
        """As the standard decorator; but instances equal only themselves unless `eq` is given."""

        def make(cls):
            own = {
                name: cls.__dict__.get(name, MISSING)
                for name, kind in get_annotations(cls).items()
                if not str(kind).startswith("ClassVar")
            }
            inherited = [base.__dict__["_defaults"] for base in reversed(cls.__mro__) if "_defaults" in base.__dict__]
            defaults = {name: default for fields in (*inherited, own) for name, default in fields.items()}
            methods = {"__init__": _init(defaults, hasattr(cls, "__post_init__")), "_defaults": defaults, "__repr__": _show}
            if eq:
                compared = (name for name, default in defaults.items() if getattr(default, "compare", True))
                methods |= _comparison(tuple(compared), frozen)
            if slots:
                rest = {name: value for name, value in cls.__dict__.items() if name not in (*own, "__dict__", "__weakref__")}
                return type(cls)(cls.__name__, cls.__bases__, {**rest, **methods, "__slots__": tuple(own)})
            for name, method in methods.items():
                setattr(cls, name, method)
            return cls

        return make

    def replace(instance, /, **changes):
        """A copy of a dataclass's instance with other values in some fields."""
        taken = [name for name, default in instance._defaults.items() if getattr(default, "init", True)]
        return type(instance)(**{name: getattr(instance, name) for name in taken} | changes)

    def _show(self):
        shown = (
            f"{name}={getattr(self, name)!r}" for name, default in self._defaults.items() if getattr(default, "repr", True)
        )
        return f"{type(self).__name__}({', '.join(shown)})"

    def _init(defaults, checked):
        """`__init__` for fields with these defaults: each a value, a `dataclasses.field`, or MISSING.

        `checked`: it ends with a call of `__post_init__`.
        """
        taken, lines, names = ["self"], [], {"MISSING": MISSING}
        for name, default in defaults.items():
            factory, asked_for = MISSING, True
            if isinstance(default, Field):
                default, factory, asked_for = default.default, default.default_factory, default.init
            names[f"default_{name}"] = default
            if factory is not MISSING:
                names[f"make_{name}"] = factory
                given = f" if {name} is MISSING else {name}" if asked_for else ""
                lines.append(f"self.{name} = make_{name}(){given}")
                taken += [f"{name}=MISSING"] if asked_for else []
            elif not asked_for:
                lines += [f"self.{name} = default_{name}"] if default is not MISSING else []
            else:
                lines.append(f"self.{name} = {name}")
                taken.append(name if default is MISSING else f"{name}=default_{name}")
        lines += ["self.__post_init__()"] if checked else []
        exec(f"def __init__({', '.join(taken)}):\n " + "\n ".join(lines or ["pass"]), names)  # noqa: S102 (names of fields alone)
        return names["__init__"]

    def _comparison(fields, hashable):
        def __eq__(self, other):  # noqa: N807 (a method)
            if type(other) is not type(self):
                return NotImplemented
            return all(getattr(self, name) == getattr(other, name) for name in fields)

        def __hash__(self):  # noqa: N807 (a method)
            return hash(tuple(getattr(self, name) for name in fields))

        return {"__eq__": __eq__, "__hash__": __hash__ if hashable else None}


__all__ = ["dataclass", "replace"]
