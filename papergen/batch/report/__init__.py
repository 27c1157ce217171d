"""What a run told to whom: gathered from a manifest, and shown as a page, as tables or as text."""
