"""Templates in docxtpl's dialect: what comes out, compared with docxtpl itself, and every fault
with its place.
"""

from __future__ import annotations

import pytest
from template_cases import Case, build, cases, docxtpl_text, read

from papergen.errors import PapergenError
from papergen.word import Template

TEXTS = cases("text.txt")
FAULTS = cases("faults.txt")


@pytest.mark.parametrize("case", TEXTS, ids=lambda case: case.name)
def test_a_template_gives_this_text(case: Case) -> None:
    assert read(Template(build(case.parts["template"])).render(case.values)) == case.parts["text"]


@pytest.mark.parametrize(
    "case", [case for case in TEXTS if "docxtpl" not in case.parts], ids=lambda case: case.name
)
def test_docxtpl_gives_the_same_text(case: Case) -> None:
    assert docxtpl_text(build(case.parts["template"]), case.values) == case.parts["text"]


@pytest.mark.parametrize("case", FAULTS, ids=lambda case: case.name)
def test_a_faulty_template_is_reported(case: Case) -> None:
    with pytest.raises(PapergenError) as caught:
        Template(build(case.parts["template"]))
    shown = "\n".join(f"{problem}\n  {problem.hint}" for problem in caught.value.problems)
    assert shown == case.parts["problems"]
    assert caught.value.exit_code == 5
