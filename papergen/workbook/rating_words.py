"""What the words of a rating say: a code of the scheme, and what the scheme says of the action."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from papergen.model.base import in_language
from papergen.model.rating import RagScheme, RagValue, meaning_of
from papergen.model.words import UNRATED
from papergen.workbook.reading import Answer, Certainty, FindingKind, Remark
from papergen.workbook.settings import plain
from papergen.workbook.status_words import (
    CLOSED,
    COMPLETE,
    IN_PROGRESS,
    NOT_DUE,
    NOT_KNOWN,
    NOT_STARTED,
    OPEN,
    STATUSES,
    is_status,
)
from papergen.workbook.words import LONGEST, is_not_known, is_qualified, word_set, words_of

_USUAL = {
    "r": "red",
    "red": "red",
    "a": "amber",
    "amber": "amber",
    "g": "green",
    "green": "green",
    "b": "blue",
    "blue": "blue",
}
_UNRATED = frozenset(
    ["grey", "gray", "unrated", "not rated", "no rating", "not yet rated", "white", "clear"]
)
_COLOURS_OF_OPEN = ("red", "amber", "green")
"""Never words for complete."""
_COLOURS = word_set("red amber green blue yellow orange purple grey")

UNKNOWN_RATING = FindingKind(
    "unknown-rating",
    Certainty.QUESTION,
    "a rating that papergen does not know, or that the plan's scheme does not have, is not printed",
)
TWO_RATINGS = FindingKind(
    "two-ratings", Certainty.QUESTION, "a rating of two colours is not printed"
)
QUALIFIED_RATING = FindingKind(
    "qualified-rating", Certainty.QUESTION, "a rating with words that may change it is not printed"
)
KEY_DIFFERS = FindingKind(
    "key-differs",
    Certainty.QUESTION,
    "the key beside the list and the rating scheme do not agree on a rating: it is not "
    "printed, and does not settle the status",
)
RATING_TAIL = FindingKind(
    "rating-tail",
    Certainty.NOTE,
    "the words after a rating are not read",
)
STATUS_AS_RATING = FindingKind(
    "status-as-rating", Certainty.NOTE, "a status in the column of ratings is read as a status"
)
NO_SCHEME = FindingKind(
    "no-rating-scheme",
    Certainty.QUESTION,
    "the plan has no rating scheme: ratings are printed as colours, and none counts as complete",
)
RATING_WITHOUT_MEANING = FindingKind(
    "rating-without-meaning",
    Certainty.QUESTION,
    "neither the rating scheme (`means:`) nor anything else says what an action rated so "
    "is: it counts neither as complete nor as overdue",
)
NO_RATING = FindingKind("rating-not-known", Certainty.NOTE, "a rating given as not known is a gap")


@dataclass(frozen=True, slots=True)
class RatingReading:
    """What a cell of a column of ratings says.

    `code`: of the scheme, or `unrated`; empty for none. `says`: what that means for the action
    (`complete`, `not-due`, or another status where the cell holds one); empty for nothing.
    """

    code: str = ""
    says: str = ""
    is_status: bool = False
    """Whether the cell holds a status in place of a rating."""
    is_asked: bool = False
    """Whether it is not settled what the cell says of the action."""
    is_open: bool = False
    """Whether no complete action is rated so: red or amber."""
    in_words: str = ""
    """What the scheme says of actions rated so in words alone (`complete` or `not-due`)."""
    question: Remark | None = None
    """What to ask where nothing but this rating speaks of the status."""
    remarks: tuple[Remark, ...] = ()


class RatingWords:
    """The words of a column of ratings, by the plan's scheme and the officer's answers.

    `key`: what a key in the sheet says of each word, in small letters. `scheme_id`: that of the
    scheme that the plan may name, where it names none.
    """

    def __init__(
        self,
        scheme: RagScheme | None,
        answers: Mapping[str, str],
        key: Mapping[str, str],
        scheme_id: str = "rag",
    ) -> None:
        self._scheme_id = scheme_id
        self._answers = {plain(word): meaning for word, meaning in answers.items()}
        self._codes: dict[str, str] = {}
        self._meanings: dict[str, str] = {}
        self._values: dict[str, RagValue] = {}
        self._key: dict[str, str] = {}
        self._known: dict[str, RatingReading] = {}
        self._add_words(scheme)
        self._says_means = any(value.means is not None for value in self._values.values())
        for word, meaning in key.items():
            code = self._codes.get(words_of(word))
            if code is not None:
                self._key[code] = meaning

    def _add_words(self, scheme: RagScheme | None) -> None:
        """By each word for a rating its code. Words for colours that the scheme lacks are none."""
        if scheme is None:
            self._codes.update(_USUAL)
            return
        letters: dict[str, list[str]] = {}
        for value in scheme.values:
            self._values[value.code] = value
            label = words_of(in_language(value.label))
            self._codes[words_of(value.code)] = value.code
            self._codes[label] = value.code
            letters.setdefault(label[:1], []).append(value.code)
        for letter, codes in letters.items():
            if letter and len(codes) == 1:
                self._codes.setdefault(letter, codes[0])
        for value in scheme.values:
            if value.meaning is not None:
                meaning = words_of(in_language(value.meaning))
                self._meanings.setdefault(meaning, value.code)

    def read(self, text: str) -> RatingReading:
        """What a text of the column says."""
        reading = self._known.get(text)
        if reading is None:
            reading = self._known[text] = self._read(text)
        return reading

    def _read(self, text: str) -> RatingReading:
        answered = self._answers.get(plain(text))
        if answered is not None:
            return self._as_answered(answered)
        if is_not_known(text):
            return RatingReading(remarks=(Remark(NO_RATING, text),))
        words = words_of(text)
        if len(text) <= LONGEST:
            code = self._codes.get(words) or self._meanings.get(words)
            if code is not None and "?" not in text:
                return self._rated(code, text)
            if words in _UNRATED:
                return RatingReading(UNRATED)
            if is_status(text):
                says = COMPLETE if words in CLOSED else STATUSES[words]
                remark = Remark(STATUS_AS_RATING, text, says.replace("-", " "))
                return RatingReading(says=says, is_status=True, remarks=(remark,))
            tailed = self._by_its_first_word(text)
            if tailed is not None:
                return tailed
        return _asked_about(UNKNOWN_RATING, text)

    def _by_its_first_word(self, text: str) -> RatingReading | None:
        """A rating with more behind it: “Green ↑”, “Amber – staffing”; None where it is none."""
        words = words_of(text).split()
        colours = [word for word in words if word in _COLOURS or self._is_code(word)]
        if len(set(colours)) > 1:
            return _asked_about(TWO_RATINGS, text)
        if not words or not self._is_code(words[0]):
            return None
        rest = " ".join(words[1:])
        # A single letter may be a word of a sentence: “A further delay”.
        is_taken_back = is_qualified(rest) or "?" in text or len(words[0]) == 1
        if is_taken_back or any(word in STATUSES or word in CLOSED for word in words[1:]):
            return _asked_about(QUALIFIED_RATING, text)
        reading = self._rated(self._codes[words[0]], text)
        tail = Remark(RATING_TAIL, text, reading.code)
        return replace(reading, remarks=(*reading.remarks, tail))

    def _is_code(self, word: str) -> bool:
        return word in self._codes

    def _rated(self, code: str, text: str) -> RatingReading:
        value = self._values.get(code)
        in_words = _in_words(value)
        differs = code in self._key and key_means(self._key[code]) != in_words
        if differs and value is not None:
            return _asked_about(KEY_DIFFERS, text)
        if value is None:
            is_asked = code not in _COLOURS_OF_OPEN
            is_open = code in ("red", "amber")
            answer = Answer("rag_scheme", self._scheme_id)
            remark = Remark(NO_SCHEME, text, code, answer)
            return RatingReading(code, is_asked=is_asked, is_open=is_open, remarks=(remark,))
        if value.means is not None:
            return RatingReading(code, value.means)
        if code in _COLOURS_OF_OPEN and not in_words:
            return RatingReading(code, is_open=code != "green")
        answer = Answer("ratings", in_words or NOT_KNOWN, key=text)
        question = Remark(RATING_WITHOUT_MEANING, text, answer=answer)
        is_open = _words_of_open(value)
        # A scheme that says it of one of its values says it of all.
        if in_words or is_open or self._says_means or value.meaning is not None:
            return RatingReading(code, is_open=is_open, in_words=in_words, question=question)
        return RatingReading(code, is_asked=True, question=question)

    def _as_answered(self, answered: str) -> RatingReading:
        if answered == NOT_KNOWN:
            return RatingReading(is_asked=True)
        if answered not in (COMPLETE, NOT_DUE) or answered in self._values:
            value = self._values.get(answered)
            says = value.means if value is not None else None
            return RatingReading(answered, says or "")
        for code, value in self._values.items():
            if meaning_of(value) == answered:
                return RatingReading(code, answered)
        return RatingReading(says=answered)


def _in_words(value: RagValue | None) -> str:
    """What a value of a scheme says in its words: `complete`, `not-due`, or empty for neither."""
    if value is None:
        return ""
    return meaning_of(value) or key_means(in_language(value.label))


def _words_of_open(value: RagValue) -> bool:
    """Whether the words of a value are those of an action that is not done: “Off track”."""
    words = in_language(value.meaning or value.label)
    return STATUSES.get(words_of(words)) in (OPEN, IN_PROGRESS, NOT_STARTED)


def key_means(meaning: str) -> str:
    """What a key says of a rating: `complete`, `not-due`, or empty for anything else."""
    says = STATUSES.get(words_of(meaning), "")
    if words_of(meaning) in CLOSED:
        return COMPLETE
    return says if says in (COMPLETE, NOT_DUE) else ""


def only_ratings(texts: Iterable[str]) -> bool:
    """Whether a column headed “Status” is one of ratings: colours, and statuses among them."""
    words = {words_of(text) for text in texts if not is_not_known(text)}
    rated = {word for word in words if word in _USUAL or _is_two_colours(word)}
    known = rated | _UNRATED | CLOSED
    return bool(rated) and all(word in known or word in STATUSES for word in words)


def _is_two_colours(words: str) -> bool:
    return all(word in _COLOURS for word in words.split())


def _asked_about(kind: FindingKind, text: str) -> RatingReading:
    remark = Remark(kind, text, answer=Answer("ratings", NOT_KNOWN, key=text))
    return RatingReading(is_asked=True, remarks=(remark,))
