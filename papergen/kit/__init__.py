"""How a brand's Word template is made, with python-docx: its look, styles, lists, page and form.

`python -m papergen.kit.make templates` makes the shipped brands anew.
"""
