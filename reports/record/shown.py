"""The record in words: every column of the input and what it is for, and what the program does with it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

import yaml
from pydantic import TypeAdapter

from engine.phrases import join
from engine.session import session_terms
from inputs.fields import FIELDS, RATERS
from inputs.inspection import InspectedColumn, Inspection
from rules.pack import BANDS, RulePack

REPEATED = ("duplicate_employee_id", "exact_repeat")
"""Issues of rows that share an id: then every column is compared."""
RATED_BY = {"self": "Ratings by the person", "manager": "Ratings by the manager"}
COMMENTS = "Comments"
ANSWERS = "answers to yes/no questions"


@dataclass(frozen=True)
class Purpose:
    """Why a field is read, and who sees it."""

    why: str
    who: tuple[str, ...]


@dataclass(frozen=True)
class Law:
    """Law that is often asked about."""

    law: str
    when: str
    about: str


@dataclass(frozen=True)
class RecordTexts:
    """`record.yaml`."""

    fields: Mapping[str, Purpose]
    ratings: Mapping[str, Purpose]
    comments: Purpose
    who: Mapping[str, str]
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
    who: frozenset[str]
    """Of `RecordTexts.who`; empty where nobody sees it."""


@dataclass(frozen=True)
class RecordShown:
    """The record."""

    pack: RulePack
    files: tuple[str, ...]
    day: date
    who: Mapping[str, str]
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
    others = tuple(_place(column, several) for column in inspection.columns if column.taken_for is None)
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
        read=tuple(_read(used, pack, texts, several=several)),
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


def _read(
    columns: Sequence[InspectedColumn], pack: RulePack, texts: RecordTexts, *, several: bool
) -> Iterator[FieldRead]:
    """Fields in the order of the files, then answers, ratings by rater and comments."""
    groups: dict[str, list[InspectedColumn]] = {}
    for column in columns:
        groups.setdefault(_kind(str(column.taken_for)), []).append(column)
    last = {ANSWERS: ANSWERS, **RATED_BY, COMMENTS: COMMENTS}
    for kind, own in sorted(groups.items(), key=lambda group: group[0] in last):
        if kind in RATED_BY:
            name = f"{RATED_BY[kind]}, {len(own)} of {len(pack.competencies)} competencies"
            purpose = texts.ratings[kind]
        else:
            label = last[kind] if kind in last else FIELDS[kind].label
            name = label[:1].upper() + label[1:]
            purpose = texts.comments if kind == COMMENTS else texts.fields[kind]
        places = tuple(_place(column, several) for column in own)
        yield FieldRead(name, places, purpose.why, frozenset(purpose.who))


def _kind(taken_for: str) -> str:
    """The name of a field or of a rater, or that it is an answer or a comment."""
    if taken_for in FIELDS:
        return ANSWERS if FIELDS[taken_for].kind == "yes_no" else taken_for
    if taken_for.startswith("comment"):
        return COMMENTS
    return next((rater for rater in RATERS if taken_for.endswith(f":{rater}")), "rating")


def _place(column: InspectedColumn, several: bool) -> str:
    sheet = f"{column.sheet or column.file}!" if several else ""
    return f"{column.header or 'without a heading'} ({sheet}{column.letter})"
