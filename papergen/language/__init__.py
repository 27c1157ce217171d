"""What a language brings: dates, numbers and lists in words, and the phrases of drafted
sections.
"""
