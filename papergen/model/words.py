"""Words of files with a meaning of their own, in a module that does not load pydantic."""

AUTO = "auto"
"""In the place of a text: it is drafted from the plan's data."""

UNRATED = "unrated"
"""The rating that every scheme has: nothing can be said yet, and the reason says why."""
