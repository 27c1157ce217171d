"""Files: reading and writing them, brands, the cache, papers put into folders."""
