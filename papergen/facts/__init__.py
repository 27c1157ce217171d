"""What templates see: records, names, computed values and filters, as of one board's meeting."""
