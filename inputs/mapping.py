"""The mapping: what the columns, words and scales of a file mean, as a person confirmed it in YAML."""

import re
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from inputs.roster import MappingError


def _or_nothing(value: Any) -> Any:
    return None if value in ("", "null", "~", "nothing") else value


RowThatCounts = Literal["later level_since", "later hire_date", "first", "last", "together", "neither"]
"""Which of several rows of one person that differ: the later one by a date, or by its place in the file, or
all of them as one where they contradict each other nowhere."""

Taken = Annotated[str | None, BeforeValidator(_or_nothing)]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class MappedColumn(_Model):
    """One column: its header, which must still be there, and what it is."""

    header: str
    taken_for: Taken = Field(alias="is")
    """A role such as `employee_id`, `communication:manager`, `comment:communication:self`; None: not
    used."""


class MappedTable(_Model):
    """One table of a file."""

    file: str | None = None
    """The file's name; only needed when there are several files."""
    sheet: str | None = None
    header_rows: tuple[int, ...] = Field(min_length=1, max_length=4)
    columns: dict[str, MappedColumn]
    """By letter."""


class MappedScale(_Model):
    """The scale of one rater: `worst` and `best`, or `words` from worst to best, or `points` per word; with
    `worst` and `best` the points are on that scale, which numbers beside the words are on too."""

    worst: Decimal | None = None
    best: Decimal | None = None
    words: tuple[str, ...] | None = None
    points: dict[str, Decimal] | None = None
    percent: bool = False


class FileMapping(_Model):
    """What a person confirmed about a file."""

    tables: tuple[MappedTable, ...] = ()
    sheets: Literal["all"] | None = None
    """`all`: sheets with the same columns are one list. Tables that are listed above are so anyway."""
    encoding: str | None = None
    """How letters are written in text files that are not in UTF-8, such as `windows-1250`."""
    cycle: str | None = None
    """The cycle to read where the file holds several, as its headers, sheets, files or cells name it."""
    levels: dict[str, str] = {}
    """As written in the file, to a level id or name."""
    specialisations: dict[str, str] = {}
    """As written in the file, to a specialisation id or name."""
    columns: dict[str, Taken] = {}
    """Header to what it is, in whatever table: a short way where `tables` need not be listed."""
    competencies: dict[str, Taken] = {}
    """As written in headers or in a column of competencies, to a competency id or name; None: no rule uses
    it."""
    raters: dict[str, Literal["self", "manager", "other"]] = {}
    """As written in headers or in a column of raters."""
    scales: dict[Literal["self", "manager", "both"], MappedScale] = {}
    not_rated: tuple[str, ...] = ()
    """Texts that mean: not rated."""
    date_order: Literal["day first", "month first"] | None = None
    """For dates that could be read in two ways."""
    row_that_counts: RowThatCounts | None = None
    """Of the rows of a person who has several that differ."""


OPEN = "?"
"""Stands where a person has to decide."""
_STILL_OPEN = re.compile(r"""[:\[,]\s*["']?\?["']?\s*(?:[,}\]#]|$)""")


def _require_plain(text: str, name: str) -> None:
    """Raise MappingError where YAML would let the last of two equal keys count, or refers to other parts."""
    for token in yaml.scan(text, Loader=yaml.BaseLoader):
        if isinstance(token, yaml.AliasToken):
            place = f"{name}, line {token.start_mark.line + 1}"
            raise MappingError(f"{place}: *{token.value} refers to another part; write that part itself")
    nodes = [yaml.compose(text, Loader=yaml.BaseLoader)]
    while nodes:
        node = nodes.pop()
        if isinstance(node, yaml.SequenceNode):
            nodes += node.value
        if isinstance(node, yaml.MappingNode):
            nodes += [value for _, value in node.value]
            keys = [key for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
            earlier: set[str] = set()
            for key in keys:
                if key.value in earlier:
                    place = f"{name}, line {key.start_mark.line + 1}"
                    raise MappingError(f"{place}: '{key.value}' is there twice; keep the one that is right")
                earlier.add(key.value)


def _said_of(problem: ErrorDetails) -> str:
    return "a mapping has no such part" if problem["type"] == "extra_forbidden" else problem["msg"].lower()


def read_mapping(path: Path) -> FileMapping:
    """Reads a mapping. Raises MappingError with the place of the first mistakes."""
    try:
        text = path.read_text(encoding="utf-8")
        for number, line in enumerate(text.splitlines(), start=1):
            if not line.lstrip().startswith("#") and _STILL_OPEN.search(line):
                raise MappingError(
                    f"{path.name}, line {number}: the '?' still has to be answered: {line.strip()[:100]}"
                )
        _require_plain(text, path.name)
        # The base loader leaves headers and words such as `2026`, `007` and `no` the texts that they are.
        found = yaml.load(text, Loader=yaml.BaseLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark is not None else ""
        raise MappingError(
            f"{path.name}{line}: this is not YAML ({getattr(error, 'problem', error)})."
        ) from None
    except UnicodeDecodeError:
        raise MappingError(f"{path.name}: the mapping is not text in UTF-8.") from None
    except RecursionError:
        raise MappingError(f"{path.name}: the mapping has too many parts nested in each other.") from None
    try:
        return FileMapping.model_validate(found or {})
    except ValidationError as error:
        problems = "; ".join(
            f"{'.'.join(str(part) for part in problem['loc']) or 'the file'}: {_said_of(problem)}"
            for problem in error.errors()[:5]
        )
        raise MappingError(
            f"{path.name}: {problems}. `readiness inspect FILE --write-mapping` writes a mapping that fits "
            "the file."
        ) from None
