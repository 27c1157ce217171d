"""Word: templates compiled to pieces, documents written from them, papers read back."""

from papergen.word.engine import Template

__all__ = ["Template"]
