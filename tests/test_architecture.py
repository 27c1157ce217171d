"""`docs/architecture.md` is made from the import contract, and the layout keeps what it promises."""

from __future__ import annotations

import ast
import re
import tomllib

from places import ROOT

PAGE = ROOT / "docs" / "architecture.md"
TABLE = re.compile(r"(?<=<!-- layers -->\n).*?(?=<!-- end of layers -->)", re.DOTALL)
MOST_ROOMS = 20


def layers() -> list[list[str]]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = project["tool"]["importlinter"]["contracts"]
    (layered,) = (contract for contract in contracts if contract["type"] == "layers")
    return [layer.split(" | ") for layer in layered["layers"]]


def summary(name: str) -> str:
    """The first sentence of a module's docstring."""
    source = ROOT / "papergen" / f"{name}.py"
    if not source.exists():
        source = ROOT / "papergen" / name / "__init__.py"
    docstring = ast.get_docstring(ast.parse(source.read_text(encoding="utf-8")))
    assert docstring, f"{name} has no docstring"
    text = " ".join(docstring.split())
    return re.split(r"(?<=[a-z`)’”])[.] ", text + " ")[0].rstrip(". ")


def rows() -> str:
    found = ["| layer | folder or module | what it does |", "|---|---|---|"]
    for number, layer in enumerate(layers(), 1):
        for name in layer:
            is_folder = (ROOT / "papergen" / name).is_dir()
            shown = f"`{name}/`" if is_folder else f"`{name}.py`"
            found.append(f"| {number} | {shown} | {summary(name)} |")
    return "\n".join(["", *found, "", ""])


def test_the_table_of_folders_is_the_import_contract(update: bool):
    page = PAGE.read_text(encoding="utf-8")
    made = TABLE.sub(lambda _: rows(), page)
    if update:
        PAGE.write_text(made, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == made


def test_there_are_few_rooms_at_the_top():
    names = {path.stem for path in (ROOT / "papergen").iterdir() if not path.name.startswith("_")}
    assert len(names) <= MOST_ROOMS
    assert {name for layer in layers() for name in layer} == {*names, "__main__"}


def test_every_file_that_the_page_names_exists():
    pages = [PAGE, *(ROOT / "docs" / "notes").glob("*.md")]
    for page in pages:
        for name in re.findall(r"`([a-z_]+(?:/[a-z_]+)*\.py)`", page.read_text(encoding="utf-8")):
            found = list((ROOT / "papergen").rglob(name))
            assert found, f"{page.name} names {name}"


def test_class_names_have_one_meaning():
    where: dict[str, list[str]] = {}
    for path in (ROOT / "papergen").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                where.setdefault(node.name, []).append(path.name)
    assert {name: paths for name, paths in where.items() if len(paths) > 1} == {}


# What opens a file: a function's or a method's name.
OPENERS = {"open", "read_bytes", "read_text", "write_bytes", "write_text"}
OPENS_FILES = {
    "storage/files.py",
    "storage/cache.py",
    "word/engine.py",
    "word/docxtpl_values.py",
    "kit/make.py",
    "language/catalogue.py",
    "batch/report/page.py",
    "cli/output.py",  # the null device, once the reader of the output has gone
}
OPENS_SOMETHING_ELSE = {
    "batch/run.py",  # the manifest
    "batch/report/files.py",
    "word/reader.py",  # members of a zip file in memory
    "workbook/files/xlsx_package.py",
    "engine/codegen.py",  # blocks: if and for
    "narrative/controls.py",
    "word/controls.py",
}


def test_only_the_modules_that_the_page_names_open_files():
    found = set()
    for path in (ROOT / "papergen").rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        from_storage = {
            alias.asname or alias.name
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("papergen")
            for alias in node.names
        }
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call):
                continue
            if isinstance(node.func, ast.Name) and node.func.id not in from_storage:
                name = node.func.id
            elif isinstance(node.func, ast.Attribute):
                name = node.func.attr
            else:
                continue
            if name in OPENERS:
                found.add(path.relative_to(ROOT / "papergen").as_posix())
    assert found == OPENS_FILES | OPENS_SOMETHING_ELSE
    page = PAGE.read_text(encoding="utf-8")
    row = next(line for line in page.splitlines() if "Which modules open files?" in line)
    outside = [name for name in OPENS_FILES if not name.startswith(("storage/", "cli/"))]
    assert all(f"`{name}`" in row for name in outside)
