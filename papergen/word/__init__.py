"""The engine: Word templates compiled to code, and documents written from it."""

from papergen.word.engine import Template

__all__ = ["Template"]
