"""What runs only when something is wrong: it finds every fault of all files in one run."""
