"""The record in words: every column of the input and what it is for, and what the program does with it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path

import yaml
from pydantic import TypeAdapter

from engine.phrases import join
from engine.session import session_terms
from inputs.fields import RATING, Audience, CommentOn, Field, Rater, RatingOf, Role
from inputs.inspection import InspectedColumn, Inspection
from reports.pages.rendering import render, write_page
from reports.shown.grouped import grouped
from rules.pack import BANDS, RulePack

REPEATED = ("duplicate_employee_id", "exact_repeat", "other_row_counts")
"""Issues of rows that share an id: then every column is compared."""
RATED_BY: Mapping[Rater, str] = {"self": "Ratings by the person", "manager": "Ratings by the manager"}
COMMENTS = "Comments"
ANSWERS = "answers to yes/no questions"


@dataclass(frozen=True)
class Purpose:
    """Why a field is read, and who sees it."""

    why: str
    who: frozenset[Audience]


@dataclass(frozen=True)
class Law:
    """Law that is often asked about."""

    law: str
    when: str
    about: str


@dataclass(frozen=True)
class RecordTexts:
    """`record.yaml`."""

    ratings: Mapping[Rater, Purpose]
    others: Purpose
    """Ratings by raters who are neither the person nor the manager."""
    comments: Purpose
    who: Mapping[Audience, str]
    does: tuple[str, ...]
    does_not: tuple[str, ...]
    decided: tuple[str, ...]
    kept: str
    kept_unsaid: str
    looked_up: date
    laws: tuple[Law, ...]


@dataclass(frozen=True)
class FieldRead:
    """What is read: one field, or ratings or comments together."""

    name: str
    columns: tuple[str, ...]
    """Headers with their places, such as `Level (C)`, or `Level (Ratings!C)` where there are several
    sheets."""
    why: str
    who: frozenset[Audience]
    """Empty where nobody sees it."""


@dataclass(frozen=True)
class RecordShown:
    """The record."""

    pack: RulePack
    files: tuple[str, ...]
    day: date
    who: Mapping[Audience, str]
    """Who may see something, in words."""
    read: tuple[FieldRead, ...]
    compared: tuple[str, ...]
    """Columns that are only compared with each other, where two rows have the same id."""
    unread: tuple[str, ...]
    """Columns that nothing depends on."""
    does: tuple[str, ...]
    does_not: tuple[str, ...]
    decided: tuple[str, ...]
    kept: str
    correct: str
    review: str
    laws: tuple[Law, ...]
    looked_up: date


@cache
def record_texts() -> RecordTexts:
    """The texts that ship with the product."""
    raw = yaml.safe_load(files("reports.record").joinpath("record.yaml").read_text(encoding="utf-8"))
    return TypeAdapter(RecordTexts).validate_python(raw)


def show_record(inspection: Inspection, pack: RulePack, day: date, kept: str | None) -> RecordShown:
    """The record of files that are read by a pack; `kept` says how long the employer keeps a run."""
    texts, terms = record_texts(), session_terms()
    used = [column for column in inspection.columns if column.taken_for is not None]
    several = len({(column.file, column.sheet) for column in inspection.columns}) > 1
    apart = [column for column in inspection.columns if column.by_others]
    others = tuple(
        _place(column, several)
        for column in inspection.columns
        if column.taken_for is None and not column.by_others
    )
    shared = any(inspection.issues.get(kind) for kind in REPEATED)
    rules = {rule.code for rule in pack.rules} | {rule.code for one in pack.promotions for rule in one.rules}
    filled = {
        "rules": str(len(rules)),
        "bands": join([pack.bands[band].label for band in BANDS], "or"),
        "reasons": str(len(terms.reasons)),
        "kept": kept or texts.kept_unsaid,
    }
    days = f"{pack.standard.correction_days} days"
    return RecordShown(
        pack=pack,
        files=inspection.files,
        day=day,
        who=texts.who,
        read=(*_read(used, pack, texts, several=several), *_read_apart(apart, texts, several=several)),
        compared=others if shared else (),
        unread=() if shared else others,
        does=tuple(text.format_map(filled) for text in texts.does),
        does_not=tuple(text.format_map(filled) for text in texts.does_not),
        decided=tuple(text.format_map(filled) for text in texts.decided),
        kept=texts.kept.format_map(filled),
        correct=terms.letter.correct,
        review=terms.letter.review.format(days=days, deadline="the day that it names"),
        laws=texts.laws,
        looked_up=texts.looked_up,
    )


def write_record(shown: RecordShown, path: Path) -> None:
    """Write it as a page to print."""
    write_page(path, render("record.html", {"shown": shown, "pack": shown.pack}))


def _read(
    columns: Sequence[InspectedColumn], pack: RulePack, texts: RecordTexts, *, several: bool
) -> Iterator[FieldRead]:
    """Fields in the order of the files, then answers, ratings by rater and comments."""
    groups = grouped(columns, lambda column: _kind(column.role))
    for kind, own in sorted(groups.items(), key=lambda group: isinstance(group[0], str)):
        name = kind if isinstance(kind, str) else kind.label
        purpose, role = texts.comments, own[0].role
        if isinstance(role, RatingOf) and role.rater is not None:
            name = f"{name}, {len(own)} of {len(pack.competencies)} competencies"
            purpose = texts.ratings[role.rater]
        elif isinstance(role, Field):
            purpose = Purpose(role.why, role.seen_by)
        places = tuple(_place(column, several) for column in own)
        yield FieldRead(name[:1].upper() + name[1:], places, purpose.why, purpose.who)


def _read_apart(
    columns: Sequence[InspectedColumn], texts: RecordTexts, *, several: bool
) -> Iterator[FieldRead]:
    if columns:
        places = tuple(_place(column, several) for column in columns)
        yield FieldRead("Ratings by other raters", places, texts.others.why, texts.others.who)


def _kind(role: Role | None) -> Field | str:
    """A field by itself; answers, comments and the ratings of a rater each together."""
    match role:
        case CommentOn():
            return COMMENTS
        case RatingOf(rater=rater) if rater is not None:
            return RATED_BY[rater]
        case Field():
            return ANSWERS if role.kind == "yes_no" else role
        case _:
            return RATING


def _place(column: InspectedColumn, several: bool) -> str:
    sheet = f"{column.sheet or column.file}!" if several else ""
    return f"{column.header or 'without a heading'} ({sheet}{column.letter})"
