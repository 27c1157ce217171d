"""Words in files that stand for something. They need no model, so that a compiled program can do
without pydantic.
"""

AUTO = "auto"
"""In place of a text: it is drafted from the plan's data."""

UNRATED = "unrated"
"""The rating that every scheme has: nothing can be said yet, and the reason says why."""
