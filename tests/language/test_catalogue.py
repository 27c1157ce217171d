"""The words of papers: all in the catalogue of their language, and nowhere else."""

from __future__ import annotations

import pickle
import re
import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from papergen.dates import PartialDate
from papergen.language import catalogue, cldr
from papergen.model.paper import Relation

FOLDER = Path(catalogue.__file__).parent
ENGLISH = FOLDER / "locales" / "en" / "LC_MESSAGES" / "papergen.po"


def messages(path: Path = ENGLISH) -> list[Message]:
    with path.open("rb") as file:
        found: Catalog = read_po(file, abort_invalid=True)
    return [message for message in found if message.id]


def test_every_message_has_its_words_once() -> None:
    keys = [(message.context, message.id) for message in messages()]
    assert len(set(keys)) == len(keys)
    assert ENGLISH.read_text("utf-8").count("\nmsgid ") == len(keys) + 1
    assert all(message.string and not message.fuzzy for message in messages())


def test_every_relation_of_a_paper_has_a_label() -> None:
    kinds = get_args(Relation.model_fields["relation"].annotation)
    assert set(kinds) <= set(catalogue.read_catalogue("en").words.labels)


def test_every_language_has_phrases_and_a_catalogue() -> None:
    languages = {folder.name for folder in (FOLDER / "locales").iterdir()}
    assert languages == {folder.name for folder in (FOLDER / "phrases").iterdir()} == {"en"}


def test_a_catalogue_without_a_cldr_locale_is_refused(cymraeg: Path) -> None:
    text = cymraeg.read_text("utf-8")
    cymraeg.write_text(re.sub(r'"Language: .*\n', "", text), "utf-8")
    with pytest.raises(ValueError, match="names no CLDR locale"):
        catalogue.read_catalogue("cy")


@pytest.fixture
def cymraeg(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A catalogue of another language: the English one with another header and some words."""
    path = tmp_path / "cy" / "LC_MESSAGES" / "papergen.po"
    path.parent.mkdir(parents=True)
    text = ENGLISH.read_text("utf-8").replace("Language: en_GB", "Language: cy_GB")
    for context in ("zero", "many"):
        text += f'\nmsgctxt "ordinal in figures"\nmsgid "{context}"\nmsgstr "{{number}}ed"\n'
    path.write_text(text.replace('msgstr "two"', 'msgstr "dau"'), "utf-8")
    monkeypatch.setattr(catalogue, "_CATALOGUES", tmp_path)
    monkeypatch.setattr(catalogue, "read_catalogue", catalogue.read_catalogue.__wrapped__)
    monkeypatch.setattr(cldr, "read_catalogue", catalogue.read_catalogue)
    return path


def test_another_language_needs_a_catalogue_and_no_code(cymraeg: Path) -> None:
    welsh = cldr.make_locale.__wrapped__("cy", "EEEE d MMMM yyyy")
    assert welsh.format(PartialDate(2012, 11, 8)) == "Dydd Iau 8\xa0Tachwedd 2012"
    assert welsh.number(2) == "dau"
    assert [welsh.plural_form(number) for number in (0, 1, 2, 3, 6, 4)] == [0, 1, 2, 3, 4, 5]
    assert pickle.loads(pickle.dumps(welsh)) == welsh
    assert catalogue.read_catalogue("cy").tag == "cy-GB"


def test_what_a_compiled_program_holds_loads_no_babel() -> None:
    data = pickle.dumps(cldr.make_locale())
    script = (
        "import pickle, sys\n"
        "locale = pickle.loads(sys.stdin.buffer.read())\n"
        "print(locale.ordinal(21), locale.join(['a', 'b', 'c']), 'babel' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], input=data, capture_output=True, check=True
    )
    assert done.stdout.decode().strip() == "21st a, b and c False"
