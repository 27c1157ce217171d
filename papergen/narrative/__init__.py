"""Markdown with Jinja tags, compiled to pieces of WordprocessingML. See `compile` and `layout`."""
