"""A pack as decision tables: which value of a pack stands in which column of which sheet.

Every value of a pack stands in exactly one cell. A list stands in its cell one entry a line, a set of weights
as lines such as `communication: 2`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from rules.pack import BANDS, CONFIDENCES, IMPORTANCES, VIEWS
from rules.paths import Place

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
    """The sheet whose ids may stand here."""


@dataclass(frozen=True)
class Table:
    """One sheet: the entries of one list of the pack, or of a list inside each entry of another."""

    sheet: str
    inside: tuple[str, ...]
    """`("levels",)`, or `("promotions", "signals")` for the signals of every promotion."""
    columns: tuple[Column, ...]
    owner: str = ""
    """The heading of the column that names the entry of the outer list by its id."""
    about: str = ""
    """What the sheet holds, for whoever edits it."""


@dataclass(frozen=True)
class CellPlace(Place):
    """Where a value stands in a workbook; `line` is the row."""

    column: str = "A"

    def __str__(self) -> str:
        return f"{self.file}!{self.column}{self.line}"


_CITE = (
    Column("Source", ("cite", "source"), width=12, chosen_from="Sources"),
    Column("Section", ("cite", "section"), width=36),
)
_ID = Column("Id", ("id",), width=26)
_TITLE = Column("Title", ("title",), width=32)
_NAMED = (_ID, _TITLE)


def _text(heading: str, width: int = 60, *keys: str) -> Column:
    return Column(heading, keys or (heading.lower().replace(" ", "_"),), width=width)


_RULE = (
    Column("Code", ("code",), width=12),
    _TITLE,
    _text("When"),
    Column("Finding", ("finding",)),
    Column("Recommendation", ("recommendation",), choices=BANDS),
    Column("Confidence", ("confidence",), width=14, choices=CONFIDENCES),
    Column("Only for", ("only_for",), "lines"),
    Column("Wins over", ("overrides",), "lines", width=14),
    _text("Reason"),
    _text("Next step"),
    *_CITE,
)
_FINDING_KINDS = ("strength", "concern", "evidence", "timing")
_FINDING = (*_NAMED, _text("Meaning"), Column("Kind", ("kind",), width=12, choices=_FINDING_KINDS), *_CITE)
_WEIGHTS = Column("Competencies and weights", ("competencies",), "pairs", 34)
_BAR = Column("Bar", ("bar",), "number", 8)

TABLES: tuple[Table, ...] = (
    Table(
        "Sources",
        ("sources",),
        (*_NAMED, _text("Author", 24), _text("About"), Column("Sections", ("sections",), "lines", 50)),
        about="The articles that the pack cites, and their sections.",
    ),
    Table(
        "Levels",
        ("levels",),
        (
            *_NAMED,
            Column("Variant", ("track",), width=14, choices=("entry", "ic", "management")),
            Column("Aliases", ("aliases",), "lines", 34),
            _text("Summary"),
            *_CITE,
        ),
        about="The steps of the ladder, lowest first, and what people call them.",
    ),
    Table(
        "Skills",
        ("levels", "skills"),
        (_TITLE, Column("Competencies", ("competencies",), "lines", 30), _text("Advice"), *_CITE),
        "Level",
        about="Skills to develop at each level.",
    ),
    Table(
        "Competencies",
        ("competencies",),
        (*_NAMED, _text("Definition"), Column("Aliases", ("aliases",), "lines", 34), *_CITE),
        about="What people are rated on, and how a sheet may head its columns.",
    ),
    Table(
        "Promotions",
        ("promotions",),
        (
            *(
                _ID,
                Column("From", ("from",), chosen_from="Levels"),
                Column("To", ("to",), chosen_from="Levels"),
                _TITLE,
            ),
            Column("Core bar", ("bars", "core"), "number", 10),
            Column("Supporting bar", ("bars", "supporting"), "number", 16),
            Column(
                "Time measured as", ("tenure", "measure"), choices=("time_in_level", "product_experience")
            ),
            Column("From years", ("tenure", "from_years"), "number", 12),
            Column("To years", ("tenure", "to_years"), "number", 10),
            Column("Time source", ("tenure", "cite", "source"), width=14, chosen_from="Sources"),
            Column("Time section", ("tenure", "cite", "section"), width=36),
            *_CITE,
        ),
        about="From which level to which, with bars of their own and guidance on years.",
    ),
    Table(
        "Signals",
        ("promotions", "signals"),
        (
            *_NAMED,
            Column("Importance", ("importance",), width=14, choices=IMPORTANCES),
            _WEIGHTS,
            _BAR,
            *(_text("Looks like"), _text("Grow"), _text("Ask"), *_CITE),
        ),
        "Promotion",
        about="The signals of readiness of each promotion: importance, weights and bar. The heart "
        "of the pack.",
    ),
    Table(
        "Findings", ("findings",), _FINDING, about="What rules may conclude on the way to a recommendation."
    ),
    Table("Rules", ("rules",), _RULE, about="The rules of every promotion: condition, conclusion, reason."),
    Table(
        "Promotion rules",
        ("promotions", "rules"),
        _RULE,
        "Promotion",
        about="Rules of one promotion alone; they are read before the general ones.",
    ),
    Table(
        "Lenses",
        ("lenses",),
        (
            *(_ID, _text("Key", 8), _TITLE, _text("Question", 50), _text("About")),
            Column("View", ("view",), width=12, choices=VIEWS),
            Column("Promotions", ("promotions",), "lines", 34),
            _BAR,
            Column("Expects", ("expects",), "pairs", 30),
            *_CITE,
        ),
        about="Frameworks seen over the same ratings. They decide nothing.",
    ),
    Table(
        "Lens parts",
        ("lenses", "parts"),
        (
            *(*_NAMED, _text("Meaning"), _WEIGHTS, _BAR, Column("Counts", ("counts",), "flag", 10)),
            *(
                Column("Specialisation", ("specialisation",), width=20, chosen_from="Specialisations"),
                _text("Grow"),
                *_CITE,
            ),
        ),
        "Lens",
        about="What each lens looks at.",
    ),
    Table(
        "Lens findings",
        ("lenses", "findings"),
        _FINDING,
        "Lens",
        about="What the rules of a lens may conclude.",
    ),
    Table("Lens rules", ("lenses", "rules"), _RULE, "Lens", about="The rules of each lens."),
    Table(
        "Actions",
        ("actions",),
        (
            *(*_NAMED, _text("Advice"), Column("Competencies", ("competencies",), "lines", 30)),
            *(Column("Levels", ("levels",), "lines"), *_CITE),
        ),
        about="Things to do in order to grow.",
    ),
    Table(
        "Specialisations",
        ("specialisations",),
        (
            *(*_NAMED, Column("Aliases", ("aliases",), "lines", 30), _text("About")),
            *_CITE,
        ),
        about="Kinds of the role.",
    ),
    Table(
        "Emphases",
        ("specialisations", "signal_overrides"),
        (
            Column("Promotion", ("promotion",), width=34, chosen_from="Promotions"),
            _text("Signal", 26),
            Column("Importance", ("importance",), width=14, choices=IMPORTANCES),
            *(_BAR, _WEIGHTS, _text("Reason")),
        ),
        "Specialisation",
        about="What a specialisation asks differently of one signal of a promotion.",
    ),
    Table(
        "Examples",
        ("examples",),
        (
            *(
                _ID,
                _text("About"),
                Column("Promotion", ("promotion",), width=34, chosen_from="Promotions"),
                Column("Everything", ("everything",), "number", 12),
            ),
            *(Column("Manager", ("manager",), "pairs", 28), Column("Self", ("self",), "pairs", 28)),
            *(Column("Unrated", ("unrated",), "lines"), Column("Self unrated", ("self_unrated",), "lines")),
            Column("Months in level", ("months_in_level",), "number", 16),
            Column("Experience months", ("experience_months",), "number", 18),
            Column("Specialisation", ("specialisation",), width=18, chosen_from="Specialisations"),
            Column("Recommendation", ("recommendation",), choices=BANDS),
            Column("Confidence", ("confidence",), width=14, choices=CONFIDENCES),
            *(Column("Fires", ("fires",), "lines"), Column("Misses", ("misses",), "lines")),
        ),
        about="Worked examples: ratings in, recommendation out. Run with `readiness pack test`.",
    ),
)
"""Every list of a pack. The single values stand on the sheet `Pack`, the words for values on `Words`."""
SETTINGS: tuple[Column, ...] = (
    *(Column(name, (name,)) for name in ("name", "version", "title", "about")),
    *(Column(f"scale {end}", ("scale", end), "number") for end in ("lowest", "highest", "step")),
    *(Column(f"{name} bar", ("standard", "bars", name), "number") for name in ("core", "supporting")),
    *(
        Column(name.replace("_", " "), ("standard", name), "number")
        for name in ("near_margin", "agreement_margin", "minimum_coverage", "observation_months")
    ),
)
WORDS = ("bands", "confidences", "statuses", "agreements")
TALK = (("For the conversation", "talk"), ("If they ask", "answer"))
"""Columns of the sheet `Words` that may be empty, with the field of each."""
POINTS = "scale"


def entries_of(plain: Plain, table: Table) -> Iterator[tuple[str, Plain]]:
    """The entries that stand on a table's sheet, each with the id of the entry that it belongs to."""
    if len(table.inside) == 1:
        yield from (("", entry) for entry in plain.get(table.inside[0], ()))
        return
    outer, inner = table.inside
    for owner in plain.get(outer, ()):
        yield from ((owner["id"], entry) for entry in owner.get(inner, ()))
