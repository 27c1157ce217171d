"""What a language brings to papers.

- `locales/<language>/`: the gettext catalogue of the words that papergen itself prints
- `phrases/<language>/`: the texts of drafted sections
- everything else is CLDR's, by way of Babel: dates, lists, plurals, ordinals

`cldr` and `catalogue` load Babel. What they make, `Locale` and `Words`, is plain data.
"""
