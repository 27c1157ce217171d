"""Drafts committee papers in a council's own Word template from structured plan data."""

__version__ = "0.1.0"
