"""The manifest of a folder of papers: which jobs each run had, and what became of them."""
