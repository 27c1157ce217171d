"""What a run told to whom: gathered from a manifest, and told as a page, as tables, or on the
terminal.
"""
