"""Where the lists of a file are, and which column is for which field."""
