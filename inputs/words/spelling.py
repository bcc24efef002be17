"""How words are compared: case, accents, punctuation and spaces do not tell two names apart."""

import re
import unicodedata

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z][a-z]|[A-Z]{2,}\b|[A-Z]\b)|(?<=[A-Z])(?=[A-Z][a-z])")
_APOSTROPHES = re.compile(r"['’`´ʼ]")
_NOT_WORD = re.compile(r"[\W_]+")


def normalise(text: str) -> str:
    """The words of a name, in lower case, one space between them: `Self-Rating: Übersicht` is `self rating
    ubersicht`, and `managerID` is `manager id`."""
    plain = _APOSTROPHES.sub("", _CAMEL.sub(" ", unicodedata.normalize("NFKC", text)))
    decomposed = unicodedata.normalize("NFKD", plain.casefold().replace("&", " and "))
    without_marks = "".join(c for c in decomposed if not unicodedata.combining(c))
    return _NOT_WORD.sub(" ", without_marks).strip()


def words(text: str) -> tuple[str, ...]:
    """The words of a name, normalised."""
    return tuple(normalise(text).split())


def key(text: str) -> str:
    """What two spellings of one name have in common: `employee_id`, `EmployeeID` and `Employee Id`."""
    return normalise(text).replace(" ", "")


def counted(count: int, noun: str) -> str:
    """`1 row`, `1,204 rows`, for sentences."""
    return f"{count:,} {noun}{'s' * (count != 1)}"
