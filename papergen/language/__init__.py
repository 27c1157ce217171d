"""What a language brings: dates, numbers and lists in words, printed words, section phrases."""
