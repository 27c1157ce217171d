"""The readers as their callers see them: bytes in; values with places, or located faults, out."""

from __future__ import annotations

import json
import pickle
import time

import places
import pytest
import yaml as pyyaml
from reader_cases import Case, cases, check, shown_problems, shown_values

from papergen.errors import DataError, PapergenError, SourceError
from papergen.readers import MAX_BYTES, read
from papergen.readers import yaml as yaml_reader

CASES = places.CASES / "readers"


def outcome(data: bytes, source: str) -> str:
    try:
        document = read(data, source)
    except PapergenError as fault:
        return shown_problems(fault.problems)

    def place(path: tuple[str | int, ...]) -> str:
        where = document.location(path)
        return f"{where.line}:{where.column}"

    return shown_values(document.value, place)


@pytest.mark.parametrize(
    "case",
    cases(*sorted(CASES.glob("read-*.txt"))),
    ids=lambda case: f"{case.file.stem}: {case.name}",
)
def test_a_source_is_read_as_its_case_says(case: Case, update: bool) -> None:
    check(case, outcome(case.data, case.source), update)


@pytest.mark.parametrize(
    "case",
    cases(*sorted(CASES.glob("read-*.txt"))),
    ids=lambda case: f"{case.file.stem}: {case.name}",
)
def test_without_libyaml_the_same_kinds_of_faults_are_found(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(yaml_reader, "_LOADER", pyyaml.SafeLoader)
    assert codes(outcome(case.data, case.source), case) == codes(case.expected, case)


def codes(text: str, case: Case) -> set[str]:
    return {line.split(":")[3] for line in text.splitlines() if line.startswith(f"{case.source}:")}


def test_every_case_has_a_name_of_its_own() -> None:
    names = [(case.file, case.name) for case in cases(*CASES.glob("*.txt"))]
    assert len(names) == len(set(names)) > 100


@pytest.mark.parametrize(
    ("data", "place", "word"),
    [
        (b"title: Caf\xe9\n", "1:11", "0xE9"),
        (b"\xef\xbb\xbfa: b\r\nc: \xff\n", "2:4", "0xFF"),
        ("a: ä\n".encode("utf-16"), "1:1", "UTF-16"),
        ("a: ä\n".encode("utf-32"), "1:1", "UTF-32"),
        (b"\xfe\xff\x00a", "1:1", "UTF-16"),
        (b"PK\x03\x04\x14\x00", "1:1", "Word"),
    ],
)
def test_what_is_not_utf_8_is_a_fault_at_its_first_bad_byte(
    data: bytes, place: str, word: str
) -> None:
    with pytest.raises(SourceError) as fault:
        read(data, "plan.yaml")
    (problem,) = fault.value.problems
    assert str(problem).startswith(f"plan.yaml:{place}: encoding: ")
    assert word in problem.message
    assert problem.hint


def test_a_file_that_is_too_large_is_not_read() -> None:
    with pytest.raises(
        SourceError, match=r"plan\.yaml: file-too-large: the file is larger than 20 MB"
    ):
        read(b"a" * (MAX_BYTES + 1), "plan.yaml")


def test_a_byte_order_mark_changes_no_place() -> None:
    assert outcome(b"\xef\xbb\xbfa: b\n", "p.yaml") == outcome(b"a: b\n", "p.yaml") == '1:4 a = "b"'
    assert outcome(b'\xef\xbb\xbf{"a": "b"}', "p.json") == '1:7 a = "b"'


def test_a_name_in_capitals_is_json_too() -> None:
    assert outcome(b'{"a": 1.10}', "P.JSON") == '1:7 a = "1.10"'


@pytest.mark.parametrize("source", ["p.yaml", "p.json"])
def test_a_deep_nest_is_a_fault_and_no_crash(source: str) -> None:
    with pytest.raises(SourceError) as fault:
        read(b"[" * 100_000, source)
    place, message = str(fault.value.problems[0]).split(": ", 1)
    # libyaml from 0.2.6 on gives up by itself at the thousandth bracket, before the hundred and
    # first is handed over.
    assert place in (f"{source}:1:101", f"{source}:1:1001")
    assert message == "syntax: values are nested more than 100 levels deep"


def test_a_bomb_of_aliases_is_a_fault_and_soon() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    start = time.perf_counter()
    with pytest.raises(SourceError) as fault:
        read("\n".join(lines).encode(), "plan.yaml")
    assert [problem.code for problem in fault.value.problems] == ["yaml-aliases"]
    assert time.perf_counter() - start < 5


def test_a_long_line_of_forbidden_characters_is_told_of_once() -> None:
    with pytest.raises(DataError) as fault:
        read(b"a: " + b"\x01" * 5000, "plan.yaml")
    assert len(fault.value.problems) == 21
    assert "4980 more characters" in fault.value.problems[-1].message


def test_half_a_surrogate_pair_in_a_text_is_a_fault() -> None:
    _, problems = yaml_reader.read_yaml("a: \ud800\n", "p")
    assert [str(problem).split(" (")[0] for problem in problems] == [
        "p:1:4: bad-character: half of a surrogate pair"
    ]


def test_a_document_is_a_plain_value_that_can_be_pickled() -> None:
    document = read(b"a: &x >\n  one\n  two\nb: [*x]\n", "plan.yaml")
    document.location_in(("a",), 4)
    again = pickle.loads(pickle.dumps(document))
    assert again == document
    assert str(again.location_in(("b", 0), 4)) == "plan.yaml:3:3"


def test_a_place_that_is_not_there_is_that_of_what_would_hold_it() -> None:
    document = read(b"a:\n  - b: c\n", "plan.yaml")
    assert str(document.location(("a", 0, "x", "y"))) == "plan.yaml:2:5"
    assert str(document.location(("z",))) == "plan.yaml:1:1"
    assert str(document.key_location(("a", 0, "b"))) == "plan.yaml:2:5"
    assert str(document.key_location(("a", 0))) == "plan.yaml:2:5"
    assert str(document.location_in(("a", 0, "x"), 3)) == "plan.yaml:2:5"
    assert str(document.location_in(("a", 0), 3)) == "plan.yaml:2:5"


def test_a_plan_of_5000_actions_is_read_faster_than_pyyaml_reads_it_alone() -> None:
    action = "\n".join(f"    field{n}: some words of number {n}" for n in range(10))
    text = "actions:\n" + "".join(f"  - id: a-{n}\n{action}\n" for n in range(5000))
    ours, theirs = [], []
    for _ in range(3):
        start = time.process_time()
        document = read(text.encode(), "plan.yaml")
        ours.append(time.process_time() - start)
        start = time.process_time()
        pyyaml.load(text, getattr(pyyaml, "CSafeLoader", pyyaml.SafeLoader))
        theirs.append(time.process_time() - start)
    assert len(document.value["actions"]) == 5000
    assert min(ours) < min(theirs)


def test_json_is_read_as_the_same_values_by_both_readers() -> None:
    text = json.dumps({"a": ["x", {"b": "y\u2028\n\t\"'"}], "c": "😀"}, ensure_ascii=True).replace(
        "\\ud83d\\ude00", "😀"
    )
    assert read(text.encode(), "p.json").value == read(text.encode(), "p.yaml").value
