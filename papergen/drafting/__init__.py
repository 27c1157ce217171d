"""From a paper's files to the bytes of each board's paper: load, compile, draft."""
