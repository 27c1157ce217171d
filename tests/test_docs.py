"""The documents cannot drift: what they list is what the code has, and their examples are read,
checked and run.
"""

from __future__ import annotations

import io
import re
import shlex
import shutil
from pathlib import Path
from typing import Any

import click
import docx
import pytest
import yaml
from doc_pages import FENCE, PAGES, ROOT, Block, anchors, blocks, listed, rows, text_of
from docxtpl_values import picture
from template_cases import build

import papergen
from papergen.cli.app import commands
from papergen.engine.allowed_filters import REFUSED_FILTERS
from papergen.engine.bounded_operations import METHODS
from papergen.engine.render import make_environment
from papergen.errors import REGISTRY, Kind, PapergenError
from papergen.facts.computed import COMPUTED
from papergen.facts.filters import FILTERS
from papergen.facts.names import GROUPS, NARRATIVE_NAMES, TEMPLATE_NAMES
from papergen.model.base import Model
from papergen.model.bodies import Body, Person, Post
from papergen.model.brand import Styles
from papergen.model.paper import Paper
from papergen.model.plan import Plan
from papergen.model.rating import RagScheme
from papergen.model.schema import json_schemas
from papergen.readers import read
from papergen.readers.annotations import fields_of
from papergen.word.statements import COMMANDS

SAMPLE = ROOT / "samples" / "post-inspection"
ENVIRONMENT = make_environment(FILTERS)


# -- template-tags.md

TAGS = "docs/template-tags.md"


def test_every_name_of_a_text_or_template_is_listed_and_no_other():
    names = listed(TAGS, "## Names")
    assert sorted(names) == sorted({*GROUPS, *NARRATIVE_NAMES, *TEMPLATE_NAMES, "label", "ref"})


def test_every_filter_is_listed_and_no_other():
    assert sorted(listed(TAGS, "## Filters")) == sorted(
        name for name in ENVIRONMENT.filters if not name.startswith("_")
    )


def test_every_refused_filter_is_named():
    section = text_of(TAGS).split("## Filters", 1)[1].split("## Tests", 1)[0]
    refused = re.findall(r"`(\w+)`", section.rsplit("Jinja's", 1)[1])
    assert sorted(refused) == sorted(REFUSED_FILTERS)


def test_every_test_is_listed_and_no_other():
    assert sorted(listed(TAGS, "## Tests")) == sorted(ENVIRONMENT.tests)


def test_every_method_is_listed_and_no_other():
    assert sorted(listed(TAGS, "## Methods")) == sorted(frozenset().union(*METHODS.values()))


def test_every_function_is_listed_and_no_other():
    assert sorted(listed(TAGS, "## Functions")) == sorted(ENVIRONMENT.globals)


def models_under(*roots: type[Model]) -> dict[str, type[Model]]:
    found: dict[str, type[Model]] = {}
    for root in roots:
        found[root.KIND] = root
        for field in fields_of(root).values():
            if not field.is_excluded:
                found |= models_under(*field.shape.nested_models())
    return found


NOT_SEEN = {"party", "written date"}
"""Kinds that no tag sees: it gets the post, body, person or name, and the text that is printed."""
MODELS = {
    kind: model
    for kind, model in models_under(Plan, Body, Post, Person, RagScheme, Paper).items()
    if kind not in NOT_SEEN
}


@pytest.mark.parametrize("kind", MODELS)
def test_every_field_of_a_kind_is_listed_and_no_other(kind: str):
    heading = {
        "plan": "## Fields of the plan",
        "body": "## Fields of the register",
        "paper": "## Fields of the paper",
    }
    assert all(text_of(TAGS).count(f"\n{line}\n") == 1 for line in heading.values())
    fields = [
        info.alias or name for name, info in MODELS[kind].model_fields.items() if not info.exclude
    ]
    computed = [name for of, name in COMPUTED if of == kind and name not in fields]
    assert listed(TAGS, f"### {kind}") == [*fields, *computed]


def test_the_page_has_no_kind_that_the_models_lack():
    before = text_of(TAGS).split("## Fields of names for templates")[0]
    assert re.findall(r"^### (.+)$", before, re.MULTILINE) == list(dict.fromkeys(_in_order(before)))


def _in_order(page: str) -> list[str]:
    return sorted(MODELS, key=lambda kind: page.find(f"### {kind}\n"))


@pytest.fixture(scope="session")
def names_of_a_template() -> dict[str, Any]:
    from papergen.facts.names import template_names
    from papergen.facts.registry import meeting_view

    program = papergen.compile(papergen.load(SAMPLE / "paper.yaml", "plain"), "plain")
    paper = program.store.roots["paper"]
    first = paper.fields["considerations"][0]
    view = meeting_view(
        program.store,
        program.locale,
        first.fields["meeting"],
        paper.fields["as_at"],
        program.scripts,
    )
    return template_names(view, view.record(first), program.words)


@pytest.mark.parametrize(
    "kind", ["section", "implication", "classification", "relation", "meeting"]
)
def test_every_field_of_a_name_for_templates_is_listed_and_no_other(
    kind: str, names_of_a_template: dict[str, Any]
):
    name = {"section": "sections", "implication": "implications", "relation": "relations"}.get(
        kind, kind
    )
    value = names_of_a_template[name]
    value = value[0] if isinstance(value, list) else value
    part = (
        text_of(TAGS)
        .split("## Fields of names for templates")[1]
        .split(f"\n### {kind}\n")[1]
        .split("\n#", 1)[0]
    )
    assert sorted(re.findall(r"^\| `(\w+)`", part, re.MULTILINE)) == sorted(value.field_names())


def tag_examples() -> list[list[str]]:
    found = [
        row
        for heading in ("## Names", "## Filters", "## Tests", "## Methods", "## Functions")
        for row in rows(TAGS, heading)
    ]
    assert all(len(row) == 4 for row in found)
    return found


def test_every_example_prints_what_the_page_says(tmp_path: Path):
    examples = tag_examples()
    paper = yaml.load((SAMPLE / "paper.yaml").read_text(encoding="utf-8"), yaml.BaseLoader)
    register = yaml.load((SAMPLE / "bodies.yaml").read_text(encoding="utf-8"), yaml.BaseLoader)
    mentions = [f"{{{{ body.{body['id'].replace('-', '_')} }}}}" for body in register["bodies"]]
    mentions += [f"{{{{ post.{post['id'].replace('-', '_')} }}}}" for post in register["posts"]]
    lines = [
        f"{' '.join(mentions)}{{{{ label('looked-after') }}}}",
        *(f"§{n}: {row[2].strip('`')}" for n, row in enumerate(examples)),
    ]
    paper["sections"] = {"purpose": "\n\n".join(lines) + "\n", "conclusion": "End.\n"}
    for name in ("plan.yaml", "bodies.yaml"):
        shutil.copy(SAMPLE / name, tmp_path)
    (tmp_path / "paper.yaml").write_text(
        yaml.safe_dump(paper, allow_unicode=True, sort_keys=False), encoding="utf-8"
    )
    draft = papergen.compile(papergen.load(tmp_path / "paper.yaml")).draft("hwb")
    printed = {}
    for paragraph in docx.Document(io.BytesIO(draft.docx)).paragraphs:
        found = re.match(r"§(\d+):(.*)", paragraph.text.replace("\u00a0", " "), re.DOTALL)
        if found:
            printed[int(found[1])] = found[2].strip()
    assert [printed.get(n) for n in range(len(examples))] == [row[3] for row in examples]


# -- templates.md


def test_every_style_a_brand_can_name_is_listed_with_its_usual_name():
    told = {row[2].strip("`"): row[1] for row in rows("docs/templates.md", "## Styles")}
    assert told == {info.alias or name: info.default for name, info in Styles.model_fields.items()}


def test_every_statement_about_cells_is_listed():
    assert [
        name.split()[1] for name in listed("docs/templates.md", "### Cells of a table")
    ] == list(COMMANDS)


# -- message-codes.md, schemas

CODES = "docs/message-codes.md"


def test_every_message_code_is_explained_under_its_exit_code_and_no_other():
    told: dict[str, tuple[Kind, str]] = {}
    for part in re.split(r"^## ", text_of(CODES), flags=re.MULTILINE)[1:]:
        exit_code = re.search(r"exit code (\d)", part.split("\n", 1)[0])
        for code, meaning in re.findall(
            r"^### ([\w-]+)\n\n(.+?)\n\n", part, re.MULTILINE | re.DOTALL
        ):
            assert exit_code
            assert code not in told
            told[code] = (Kind(int(exit_code[1])), " ".join(meaning.split()))
    assert told == REGISTRY


def test_every_message_code_has_an_example_and_says_what_to_do():
    for part in re.split(r"^### ", text_of(CODES), flags=re.MULTILINE)[1:]:
        code = part.split("\n", 1)[0]
        example = re.search(r"^```text\n(.*?)\n```$", part, re.MULTILINE | re.DOTALL)
        assert example, code
        assert re.match(rf"(?:\S.*: )?{code}: \S", example[1]), code
        assert len(example[1].split("\n    ")) >= 2, f"{code}: the example shows no hint"
        assert re.search(r"^\*\*What to do\.\*\* \S", part, re.MULTILINE), code


def test_the_example_of_a_message_is_one_that_a_case_pins():
    """Places apart. An example that no case file has is of a fault that takes a full disk, a huge
    file or several runs.
    """
    cases = (ROOT / "tests" / "cases").rglob("*.*")
    texts = [path for path in cases if path.is_file() and path.suffix not in (".docx", ".xlsx")]
    pinned = {_without_places(path.read_text(encoding="utf-8")) for path in texts}
    unpinned = set()
    for code, example in re.findall(
        r"^### ([\w-]+)\n.*?^```text\n(.*?)\n```$", text_of(CODES), re.MULTILINE | re.DOTALL
    ):
        if not any(_without_places(example) in text for text in pinned):
            unpinned.add(code)
    assert unpinned <= {
        "file-too-large",
        "gap",
        "brand-wrong",
        "template-value",
        "output-full",
        "output-name",
    }


def _without_places(text: str) -> str:
    return re.sub(r"\s+|\d+", "", text)


def test_the_glossary_is_in_order_and_has_every_kind_of_thing():
    terms = [row[0] for row in rows("docs/glossary.md", "# Glossary")]
    assert terms == sorted(terms, key=str.casefold)
    assert {
        *GROUPS.values(),
        "brand",
        "gap",
        "label",
        "paper",
        "plan",
        "recommendation",
        "section",
        "tag",
        "template",
    } <= set(terms)


@pytest.mark.parametrize("name", json_schemas())
def test_the_schemas_are_those_of_the_models(name: str, update: bool):
    """To write them anew: `papergen schema --out docs/schemas`, or this test with `--update`."""
    import json

    path = ROOT / "docs" / "schemas" / f"{name}.json"
    wanted = json.dumps(json_schemas()[name], indent=2, ensure_ascii=False) + "\n"
    if update:
        path.write_text(wanted, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == wanted


def test_the_folder_of_schemas_holds_nothing_else():
    assert {path.name for path in (ROOT / "docs" / "schemas").iterdir()} == {
        f"{name}.json" for name in json_schemas()
    }


# -- examples

FILES = ("plan.yaml", "bodies.yaml", "paper.yaml")
ABOUT_YAML = re.compile(
    r"(?P<whole>[\w-]+\.yaml)|part of (?P<part>[\w-]+\.yaml)|wrong: (?P<wrong>[\w-]+)"
)


def test_every_yaml_example_says_what_it_is():
    assert [str(block) for block in blocks("yaml") if not ABOUT_YAML.fullmatch(block.about)] == []


def small_paper() -> dict[str, Any]:
    """The whole files of the page on writing papers, as values."""
    whole = {
        block.about: block.text
        for block in blocks("yaml")
        if block.page.name == "authoring.md" and block.about in FILES
    }
    assert set(whole) == set(FILES)
    return {name: yaml.load(text, yaml.BaseLoader) for name, text in whole.items()}


def write(values: dict[str, Any], folder: Path) -> Path:
    for name, value in values.items():
        (folder / name).write_text(
            yaml.safe_dump(value, allow_unicode=True, sort_keys=False), encoding="utf-8"
        )
    return folder / "paper.yaml"


def with_part(values: dict[str, Any], file: str, part: Any) -> dict[str, Any]:
    """The files with the fields of an example: lists of things with ids are added to, all else is
    replaced.
    """
    whole = dict(values[file])
    for name, value in part.items():
        old = whole.get(name)
        adds = (
            isinstance(old, list)
            and isinstance(value, list)
            and all(isinstance(one, dict) and "id" in one for one in value)
        )
        whole[name] = [*old, *value] if adds else value
    return {**values, file: whole}


def draft_all(paper: Path, brand: str | None = None) -> list[papergen.Draft]:
    sources = papergen.load(paper, brand)
    program = papergen.compile(sources, brand)
    return [program.draft(board) for board in program.boards]


def test_the_paper_of_the_commands_page_can_be_drafted_from_the_samples_plan(tmp_path: Path):
    (block,) = [block for block in blocks("yaml") if block.page.name == "commands.md"]
    assert block.about == "paper.yaml"
    for name in ("plan.yaml", "bodies.yaml"):
        shutil.copy(SAMPLE / name, tmp_path)
    (tmp_path / "paper.yaml").write_text(block.text, encoding="utf-8")
    (draft,) = draft_all(tmp_path / "paper.yaml")
    text = "\n".join(
        paragraph.text for paragraph in docx.Document(io.BytesIO(draft.docx)).paragraphs
    )
    assert "Ofsted published its report on 10\u00a0April 2012." in text


@pytest.mark.parametrize("brand", ["plain", "central-bedfordshire"])
def test_the_small_paper_can_be_drafted_in_both_brands(brand: str, tmp_path: Path):
    (draft,) = draft_all(write(small_paper(), tmp_path), brand)
    text = "\n".join(
        paragraph.text for paragraph in docx.Document(io.BytesIO(draft.docx)).paragraphs
    )
    assert "Of the five actions, two are complete." in text
    assert "owner of action 2.2" in " ".join(gap.message for gap in draft.gaps)
    assert "What is overdue is listed in paragraph\u00a0" in text


def other_files(values: dict[str, Any]) -> dict[str, Any]:
    """Bodies that examples of `paper.yaml` and of `bodies.yaml` share."""
    for part in (
        b
        for b in blocks("yaml")
        if b.page.name == "authoring.md" and b.about == "part of bodies.yaml"
    ):
        values = with_part(values, "bodies.yaml", yaml.load(part.text, yaml.BaseLoader))
    return values


@pytest.mark.parametrize(
    "block",
    [b for b in blocks("yaml") if b.about.startswith("part of ") and "brand" not in b.about],
    ids=str,
)
def test_a_part_of_a_file_is_right_and_prints(block: Block, tmp_path: Path):
    file = block.about.removeprefix("part of ")
    values = small_paper() if file == "bodies.yaml" else other_files(small_paper())
    part = read(block.text.encode(), file).value
    drafts = draft_all(write(with_part(values, file, part), tmp_path))
    assert drafts


@pytest.mark.parametrize(
    "block", [b for b in blocks("yaml") if b.about.startswith("wrong: ")], ids=str
)
def test_a_wrong_example_gives_its_message(block: Block):
    with pytest.raises(PapergenError) as caught:
        read(block.text.encode(), "paper.yaml")
    assert {problem.code for problem in caught.value.problems} == {
        block.about.removeprefix("wrong: ")
    }


@pytest.mark.parametrize("block", [b for b in blocks("yaml") if "brand.yaml" in b.about], ids=str)
def test_an_example_of_a_brand_is_right_and_drafts_a_paper(block: Block, tmp_path: Path):
    folder = tmp_path / "templates" / "midshire"
    shutil.copytree(ROOT / "templates" / "plain", folder)
    old = yaml.load((folder / "brand.yaml").read_text(encoding="utf-8"), yaml.BaseLoader)
    new = read(block.text.encode(), "brand.yaml").value
    (folder / "brand.yaml").write_text(
        yaml.safe_dump({**old, **new}, allow_unicode=True, sort_keys=False), encoding="utf-8"
    )
    assert draft_all(write(small_paper(), tmp_path), "midshire")


# The styles of python-docx's own template, which examples of templates are made with.
STYLES = {
    "paragraph": "List Number",
    "subheading": "Heading 2",
    "subsubheading": "Heading 3",
    "letter": "List Number 2",
}
STYLES |= {"roman": "List Number 3", "cell": "Normal", "cell-heading": "Normal", "link": "Strong"}
ALL_SECTIONS = "{%p for s in sections %}\n{{p s.body }}\n{%p endfor %}"


@pytest.mark.parametrize("block", blocks("jinja"), ids=str)
def test_an_example_of_a_template_drafts_a_paper(block: Block, tmp_path: Path):
    folder = tmp_path / "templates" / "midshire"
    folder.mkdir(parents=True)
    brand = yaml.load(
        (ROOT / "templates/plain/brand.yaml").read_text(encoding="utf-8"), yaml.BaseLoader
    )
    (folder / "brand.yaml").write_text(
        yaml.safe_dump({**brand, "styles": STYLES}), encoding="utf-8"
    )
    text = block.text.rstrip("\n")
    (folder / "paper.docx").write_bytes(
        build(text if ".body" in text else f"{text}\n{ALL_SECTIONS}")
    )
    values = small_paper()
    values["paper.yaml"]["sections"].pop("progress")
    values["paper.yaml"]["sections"]["conclusion"] = "End."
    paper = write(values, tmp_path)
    wrong = block.about.removeprefix("wrong: ")
    if not wrong:
        assert draft_all(paper, "midshire")
        return
    with pytest.raises(PapergenError) as caught:
        draft_all(paper, "midshire")
    assert {problem.code for problem in caught.value.problems} == {wrong}


def test_the_python_examples_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    (tmp_path / "samples").symlink_to(ROOT / "samples")
    (tmp_path / "letter.docx").write_bytes(build("{{r link }} {{ crest }}\n{{p annex }}"))
    (tmp_path / "annex.docx").write_bytes(build("Annex"))
    (tmp_path / "crest.png").write_bytes(picture())
    monkeypatch.chdir(tmp_path)
    for block in blocks("python"):
        exec(compile(block.text, str(block), "exec"), {})
    assert {path.name for path in tmp_path.glob("*.docx")} > {"letter.docx", "annex.docx"}


PROGRAMS = {"papergen", "pip", "python", "python3", "bash", "git", "cd", "cp"}


@pytest.mark.parametrize("block", blocks("sh"), ids=str)
def test_a_command_of_the_pages_is_one_that_papergen_takes(block: Block):
    for line in re.split(r"\n|&&", block.text.replace("\\\n", " ")):
        words = shlex.split(line, comments=True)
        if not words:
            continue
        program = Path(words[0]).name
        assert program in PROGRAMS, line
        if words[1:3] == ["-m", "papergen"]:
            program, words = "papergen", words[2:]
        if program != "papergen":
            continue
        name, command, rest = commands.resolve_command(click.Context(commands), words[1:])
        assert name is not None
        assert command is not None
        with command.make_context(name, rest, parent=click.Context(commands)):
            pass


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_the_links_of_a_page_lead_somewhere(page: Path):
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    text = re.sub(r"`[^`\n]*`", "", text)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"https?:|mailto:", target):
            continue
        path, _, anchor = target.partition("#")
        found = (page.parent / path).resolve() if path else page
        assert found.exists(), target
        if anchor:
            assert anchor in anchors(found.read_text(encoding="utf-8")), target
