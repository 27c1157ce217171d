"""Files on disk: reading and atomic writing, brands, the cache, drafts beside officers' edits."""
