"""What a user of docxtpl has: a script that makes one paper. Template, values and the paper's path
are its arguments.
"""

import json
import sys

from docxtpl import DocxTemplate

template, values, paper = sys.argv[1:]
document = DocxTemplate(template)
with open(values, encoding="utf-8") as stream:
    document.render(json.load(stream), autoescape=True)
document.save(paper)
