"""What only a person can tell, before the work can go on."""

from collections.abc import Iterable
from dataclasses import dataclass
from json import dumps
from typing import Literal

ColumnPlace = tuple[str, str | None, str]
"""A column: its file, its sheet and its letter."""
Answers = tuple[tuple[str, str], ...]
"""What a column can be, which cycles there are, which row can count ... in words, and as mappings name it."""
Naming = tuple[str, tuple[tuple[str, str], ...]]
"""An answer in words, and what each of several columns is then, by its header; empty where it is not used."""
AS_READ = "as read"
"""The answer that columns are what they were read as."""


@dataclass(frozen=True)
class Asked:
    """One question about the input."""

    text: str
    remedy: str = ""
    """How to answer in a mapping or in the file: for whoever has no answers to choose from."""
    about: Literal["words", "scale", "mixed", "tables", "columns", "cycle", "rows", "encoding", "file"] = (
        "file"
    )
    """What an answer says something of; `mixed`: of a scale, and of the words among its numbers; `file`: only
    a change of the file itself helps."""
    columns: frozenset[ColumnPlace] = frozenset()
    """Those to be named, where it is about columns."""
    answers: Answers = ()
    namings: tuple[Naming, ...] = ()

    def __str__(self) -> str:
        return f"{self.text} {self.remedy}".rstrip()


def ask_about_columns(
    text: str,
    remedy: str,
    columns: frozenset[ColumnPlace],
    answers: Answers = (),
    namings: tuple[Naming, ...] = (),
) -> Asked:
    """A question what some columns are; without any, one that only a change of the file settles."""
    return Asked(text, remedy, "columns" if columns else "file", columns, answers, namings)


def mapped(told: Iterable[tuple[str, str]]) -> str:
    """What some headers or words are, as a mapping says it, for messages: `{"Grade": level, "Box": null}`."""
    return f"{{{', '.join(f'{dumps(text, ensure_ascii=False)}: {name}' for text, name in told)}}}"


def mapped_cycle(name: str) -> str:
    """How a mapping says which cycle is read, for messages."""
    return f"`cycle: {dumps(name, ensure_ascii=False)}`"
