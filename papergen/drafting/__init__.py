"""From a paper's file to the bytes of each board's paper: load, compile, draft."""
