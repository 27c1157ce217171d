"""Words of files with a meaning of their own, in a module that does not load pydantic."""

AUTO = "auto"
"""In the place of a text: it is drafted from the plan's data."""

UNRATED = "unrated"
"""The rating that every scheme has: nothing can be said yet, and the reason says why."""

AS_WRITTEN = "as-written"
"""In the place of an id or a date: what the list of actions has is printed as it stands."""
