"""Many papers for many boards in one run, which may be stopped at any moment and resumed."""
