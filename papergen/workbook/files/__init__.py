"""Excel workbooks and CSV files as grids of cells, with what Excel shows."""
