"""A pack as decision tables: which value of a pack is in which column of which sheet.

The columns follow from the parts of a pack, so that every value has exactly one cell. A list is in its cell
one entry a line, a set of weights as lines such as `communication: 2`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel

from rules.pack import RulePack
from rules.paths import Place, bare_type, model_of, type_at

Kind = Literal["text", "number", "lines", "pairs", "flag"]
Plain = dict[str, Any]
"""A pack or a part of it as dicts, tuples, text, numbers and truth values."""


@dataclass(frozen=True)
class Column:
    """One column of a table: its heading and the way to its value inside an entry."""

    heading: str
    keys: tuple[str, ...]
    kind: Kind = "text"
    width: int = 24
    choices: tuple[str, ...] = ()
    chosen_from: str = ""
    """The sheet whose ids may be written here."""

    @property
    def role(self) -> Literal["name", "policy", "text"]:
        """Whether its values are names that others refer to, decide what comes out, or are texts."""
        if self.chosen_from or self.keys[-1] in ("id", "code", "source", "section"):
            return "name"
        decides = self.kind in ("number", "pairs", "flag") or self.choices or self.keys[-1] in _DECIDING
        return "policy" if decides else "text"


@dataclass(frozen=True)
class Table:
    """One sheet: the entries of one list of the pack, or of a list inside each entry of another."""

    sheet: str
    inside: tuple[str, ...]
    """`("levels",)`, or `("promotions", "signals")` for the signals of every promotion."""
    about: str
    """What the sheet holds, for whoever edits it."""

    @property
    def columns(self) -> tuple[Column, ...]:
        """Names first, then what decides, then texts, then the citation."""
        return _columns_of(self.inside)

    @property
    def all_columns(self) -> tuple[Column, ...]:
        """The same behind the one that names the owner, which has no keys."""
        home = next(other.sheet for other in TABLES if other.inside == self.inside[:1])
        owner = Column(self.owner, (), width=34, chosen_from=home)
        return (owner, *self.columns) if self.owner else self.columns

    @property
    def owner(self) -> str:
        """The heading of the column that names the entry of the outer list by its id."""
        return _OWNERS[self.inside[0]] if len(self.inside) > 1 else ""


@dataclass(frozen=True)
class CellPlace(Place):
    """Where a value is in a workbook; `line` is the row."""

    column: str = "A"

    def __str__(self) -> str:
        return f"{self.file}!{self.column}{self.line}"


@cache
def _columns_of(inside: tuple[str, ...]) -> tuple[Column, ...]:
    model = model_of(type_at(tuple(step for key in inside for step in (key, 0))))
    assert model is not None
    return tuple(sorted(_leaves(model), key=_rank))


def _leaves(model: type[BaseModel], above: tuple[str, ...] = ()) -> Iterator[Column]:
    """A column for each value of a part; lists of parts have sheets of their own."""
    for name, field in model.model_fields.items():
        keys = (*above, field.alias or name)
        kind = bare_type(field.annotation)
        inner = model_of(kind)
        if inner is not None:
            yield from _leaves(inner, keys)
        elif not any(model_of(argument) for argument in get_args(kind)):
            yield _column(keys, kind)


def _column(keys: tuple[str, ...], kind: Any) -> Column:
    written = _KINDS.get(get_origin(kind) or kind, "text")
    heading = "Competencies and weights" if (keys[-1], written) == ("competencies", "pairs") else keys[-1]
    heading = _HEADINGS.get(keys, heading).replace("_", " ")
    width = _WIDTHS.get(keys[-1], _KIND_WIDTHS[written])
    choices = get_args(kind) if get_origin(kind) is Literal else ()
    return Column(heading[0].upper() + heading[1:], keys, written, width, choices, _CHOSEN.get(keys[-1], ""))


def _setting(keys: tuple[str, ...]) -> str:
    """What a single value of the pack is called: `Scale step`, `Near margin`, `Core bar`."""
    named = [key for key in keys if key not in ("standard", "bars", "cite")]
    return " ".join([*named, *(["bar"] if "bars" in keys else [])]).replace("_", " ").capitalize()


def _rank(column: Column) -> int:
    if "cite" in column.keys:
        return 3
    if column.keys[-1] in ("id", "code", "key", "title"):
        return 0
    return 2 if column.kind == column.role == "text" else 1


_KINDS: dict[Any, Kind] = {Decimal: "number", int: "number", bool: "flag", tuple: "lines", Mapping: "pairs"}
_KIND_WIDTHS: dict[Kind, int] = {"text": 60, "number": 12, "lines": 34, "pairs": 34, "flag": 10}
_WIDTHS = {
    "id": 26,
    "code": 12,
    "key": 8,
    "title": 32,
    "author": 24,
    "source": 14,
    "section": 36,
    "from": 24,
    "to": 24,
    "promotion": 34,
    "specialisation": 20,
    "signal": 26,
    "finding": 24,
    "track": 14,
    "importance": 14,
    "measure": 22,
    "recommendation": 24,
    "confidence": 14,
    "kind": 14,
    "view": 12,
    "bar": 8,
    "overrides": 14,
}
_DECIDING = ("when", "finding", "signal")
"""Columns of text that decide what comes out, or for whom."""
_CHOSEN = {
    "competency": "Competencies",
    "source": "Sources",
    "from": "Levels",
    "to": "Levels",
    "promotion": "Promotions",
    "specialisation": "Specialisations",
}
_HEADINGS: dict[tuple[str, ...], str] = {
    ("bars", "core"): "Core bar",
    ("bars", "supporting"): "Supporting bar",
    ("tenure", "measure"): "Time measured as",
    ("tenure", "cite", "source"): "Time source",
    ("tenure", "cite", "section"): "Time section",
}
_OWNERS = {
    "levels": "Level",
    "promotions": "Promotion",
    "lenses": "Lens",
    "specialisations": "Specialisation",
}
TABLES: tuple[Table, ...] = (
    Table("Sources", ("sources",), "The articles that the pack cites, and their sections."),
    Table("Levels", ("levels",), "The steps of the ladder, lowest first, and what people call them."),
    Table("Skills", ("levels", "skills"), "Skills to develop at each level."),
    Table(
        "Competencies", ("competencies",), "What people are rated on, and how a sheet may head its columns."
    ),
    Table(
        "Promotions",
        ("promotions",),
        "From which level to which, with bars of their own and guidance on years.",
    ),
    Table(
        "Signals",
        ("promotions", "signals"),
        "The signals of readiness of each promotion: importance, weights and bar. The heart of the pack.",
    ),
    Table("Facts", ("facts",), "What is so or not: the yes/no columns that a sheet may have."),
    Table("Findings", ("findings",), "What rules may conclude on the way to a recommendation."),
    Table("Rules", ("rules",), "The rules of every promotion: condition, conclusion, reason."),
    Table(
        "Promotion rules",
        ("promotions", "rules"),
        "Rules of one promotion alone; they are read before the general ones.",
    ),
    Table("Lenses", ("lenses",), "Frameworks seen over the same ratings. They decide nothing."),
    Table("Lens parts", ("lenses", "parts"), "What each lens looks at."),
    Table("Lens findings", ("lenses", "findings"), "What the rules of a lens may conclude."),
    Table("Lens rules", ("lenses", "rules"), "The rules of each lens."),
    Table("Actions", ("actions",), "Things to do in order to grow."),
    Table("Specialisations", ("specialisations",), "Kinds of the role."),
    Table(
        "Signal overrides",
        ("specialisations", "signal_overrides"),
        "What a specialisation asks differently of one signal of a promotion.",
    ),
    Table(
        "Examples",
        ("examples",),
        "Worked examples: ratings in, recommendation out. Run with `readiness pack test`.",
    ),
)
"""Every list of a pack but what levels expect, which is a matrix (`rules.decision_tables.matrix`). The single
values are on the sheet `Pack`, the words for values on `Words`."""
POINTS = "scale"
SETTINGS: tuple[Column, ...] = tuple(
    replace(column, heading=_setting(column.keys))
    for column in _leaves(RulePack)
    if column.keys not in (("sha256",), (POINTS, "meanings"))
)
WORDS: dict[str, tuple[str, str]] = {
    **dict.fromkeys(("bands", "confidences", "statuses", "agreements"), ("label", "meaning")),
    "questions": ("title", "sentence"),
}
"""The groups of words on the sheet `Words`, each with the fields for what is called and what is meant."""
TALK = (("For the conversation", "talk"), ("If they ask", "answer"))
"""Columns of the sheet `Words` that may be empty, with the field of each."""


def entries_of(plain: Plain, table: Table) -> Iterator[tuple[str, Plain]]:
    """The entries of a table's sheet, each with the id of the entry that it belongs to."""
    if len(table.inside) == 1:
        yield from (("", entry) for entry in plain.get(table.inside[0], ()))
        return
    outer, inner = table.inside
    for owner in plain.get(outer, ()):
        yield from ((owner["id"], entry) for entry in owner.get(inner, ()))
