"""What a cell of a column of dates says: a date, a period, words in place of one."""
