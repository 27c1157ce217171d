"""Markdown with Jinja tags, compiled to pieces."""
