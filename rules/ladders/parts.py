"""What has been read of a matrix so far, and what its rows say of competencies and levels."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from rules.ladders.grid import Text
from rules.ladders.headings import means
from rules.ladders.ladder import LadderCompetency, LadderLevel
from rules.ladders.level_names import OtherName
from rules.ladders.scale import number_in
from rules.ladders.table import Table
from rules.ladders.times import lower_end, years_in
from rules.pack import IMPORTANCES, Importance, PackError
from rules.spelling import closest, name_key

NO_TIME = {
    "experience": "{} ({}): not time in a level, and in no rule.",
    "longest": "{} ({}): a longest time, not a minimum; in no rule.",
}


@dataclass
class Parts:
    """What has been read so far; cells are not read as ratings yet."""

    levels: dict[str, LadderLevel]
    """By key of the title."""
    competencies: dict[str, LadderCompetency]
    written: dict[tuple[str, str], Text]
    problems: list[str]
    prose: dict[tuple[str, str], str]
    times: tuple[str, str] | None = None
    """What minimum times are called, and where."""
    undecided: list[str] = field(default_factory=list)
    """What was read and is in no rule, or not as it may be meant."""
    notes: list[str] = field(default_factory=list)
    """What was not read as a competency, and why."""
    groups: list[str] = field(default_factory=list)
    """The tracks that a row names above the levels."""
    level_names: list[OtherName] = field(default_factory=list)
    competency_names: list[OtherName] = field(default_factory=list)

    def level_called(self, name: str) -> str | None:
        """The key of the level that a name is of."""
        read_as = name_key(name)
        also = (key for key, level in self.levels.items() if read_as in map(name_key, level.aliases))
        return read_as if read_as in self.levels else next(also, None)


def take_competency(table: Table, parts: Parts, row: int, title: str, category: str | None, key: str) -> None:
    """What a row says of a competency, apart from what levels require; the first row of each counts."""
    weight = table.cell(row, "weight")
    here = LadderCompetency(
        title=" ".join(title.split()),
        cell=table.name(row).cell,
        category=" ".join(category.split()) if category else None,
        definition=table.text(row, "definition") or None,
        importance=_importance_of(table, parts, row),
        weight=number_of(parts, "weight", weight) if weight else None,
    )
    first = parts.competencies.setdefault(key, here)
    for role, before, now in (
        ("weight", first.weight, here.weight),
        ("importance", first.importance, here.importance),
    ):
        if before and now and before != now:
            where = table.grid.place(row, table.columns(role)[0])
            parts.problems.append(
                f"{where}: {now} here, and {before} in the row of {first.cell} for the same competency, "
                f"“{first.title}”; give it one for all levels, and change that of one promotion afterwards, "
                "in its file in the folder promotions"
            )


def require_one_column(table: Table, role: str, columns: Sequence[int], of: str = "a level") -> None:
    """Raises `PackError` where several columns say of one competency something different."""
    rows = ({table.grid.rows[row][column] for column in columns} - {""} for row in table.below)
    if any(len(texts) > 1 for texts in rows):
        places = [(table.head + (column in table.parts), column) for column in columns]
        here, *others = [table.grid.rows[row][column] for row, column in places]
        also = ", ".join(
            f"“{text}” ({table.grid.cell(*at)})" for text, at in zip(others, places[1:], strict=True)
        )
        raise PackError(f"{table.grid.place(*places[0])}: “{here}” and {also} {_SAY[role].format(of)}")


_SAY = {
    "weight": "give one competency different weights, and a weight holds for all levels; leave one column. "
    "Those of one promotion can be changed in its file afterwards, in the folder promotions",
    "required": "say different things of what {} requires, and a pack holds people to one rating; leave the "
    "column with what makes somebody ready for the level, often the minimum, and take the others out",
}


def _importance_of(table: Table, parts: Parts, row: int) -> Importance | None:
    cell = table.cell(row, "importance")
    if cell is None:
        # A column of marks says supporting by leaving the cell empty.
        marks = {table.text(other, "importance").casefold() for other in table.below} - {""}
        return "supporting" if marks and marks <= {"x", "✓", "✔", "yes", "core"} else None
    for importance in IMPORTANCES:
        if means(importance, cell.text) or cell.text in "✓✔":
            return importance
    hint = closest(cell.text, ("core", "supporting"))
    parts.problems.append(f"{cell.place}: “{cell.text}” is neither core nor supporting{hint}")
    return None


def take_number(parts: Parts, level: str, role: str, cell: Text, heading: str) -> None:
    """A minimum time, in years, or a total of a level: the same wherever it stands."""
    one, number = parts.levels[level], number_of(parts, role, cell, heading)
    before = one.years if role == "years" else one.total
    if number is None:
        return
    if before is not None and before != number:
        parts.problems.append(
            f"{cell.place}: {number} here, and {before} elsewhere for the same level, “{one.title}”"
        )
    parts.levels[level] = replace(one, years=number) if role == "years" else replace(one, total=number)


def number_of(parts: Parts, role: str, cell: Text, heading: str = "") -> Decimal | None:
    """The number of a cell, of a time in years; None with one more problem where it is none."""
    number = years_in(cell.text, heading) if role == "years" else number_in(cell.text)
    if number is None and role == "years" and (lower := lower_end(cell.text)) != cell.text:
        number = years_in(lower, heading)
        said = f"Where a time is a range, such as {cell.text}, its lower end is the minimum."
        parts.undecided += [said] if not any(one.startswith(said[:28]) for one in parts.undecided) else []
    if number is None:
        what = "no time, such as `2` or `18 months`" if role == "years" else "not a number"
        parts.problems.append(f"{cell.place}: “{cell.text}” is {what}")
    return number


def without_numbers(parts: Parts) -> None:
    """Competencies that are all numbered, as in `1. Coding`, are called without the number too."""
    found = {key: _NUMBERED.fullmatch(one.title) for key, one in parts.competencies.items()}
    bare = {name_key(one[1]) for one in found.values() if one}
    if len(found) < 2 or not all(found.values()) or len(bare) < len(found):
        return
    for key, numbered in found.items():
        one = parts.competencies[key]
        aliases = (*one.aliases, one.title)
        parts.competencies[key] = replace(one, title=numbered[1] if numbered else one.title, aliases=aliases)


_NUMBERED = re.compile(r"(?:[A-Za-z]{0,2}\d+(?:\.\d+)*[.):]?|[A-Za-z][.)])\s+(?:[-–]\s+)?(\S.*)")


def without_mark(parts: Parts, cell: Text) -> Text:
    """A cell without the mark of a footnote."""
    bare = _MARK.sub("", cell.text)
    if bare == cell.text or len(cell.text.split()) > _MOST_WORDS:
        return cell
    if not any(said.startswith(_MARKED) for said in parts.undecided):
        parts.undecided.append(f"{_MARKED} such as {cell.text} ({cell.cell}): what it says is in no rule.")
    return replace(cell, text=bare)


def take_marks(table: Table, parts: Parts) -> None:
    """Marks behind the names of competencies, as in `Coding*`: importance where a line says so, such as
    `* = core`, and otherwise in no rule, which is told."""
    marked = {key: one for key, one in parts.competencies.items() if _NAME_MARK.search(one.title)}
    if not marked:
        return
    said = [word for line in table.lines_around for word in _MEANING.findall(" ".join(line))]
    meant = next((one for one in IMPORTANCES if any(means(one, word) for word in said)), None)
    others: Importance = "supporting" if meant == "core" else "core"
    known = any(one.importance for one in parts.competencies.values())
    for key, one in parts.competencies.items():
        title, importance = _NAME_MARK.sub("", one.title), meant if key in marked else others
        parts.competencies[key] = replace(
            one, title=title, importance=importance if meant and not known else one.importance
        )
    if meant is None or known:
        first = next(iter(marked.values()))
        parts.undecided.append(
            f"Competencies are read without their marks, such as {first.title} ({first.cell}): what it says "
            "is in no rule."
        )


_NAME_MARK = re.compile(r"(?<=[^\W_])\s*(?:[*†‡]+|\(\*+\))$")
_MEANING = re.compile(r"(?<![\w*])[*†‡]+\s*(?:[=:–-]|means\b|is\b)?\s*([^\W\d]+)")
_MARK = re.compile(r"(?<=[^\W_])\s*(?:[*†‡]+|[¹²³]|\(\*+\))$")
_MARKED = "Cells are read without their footnote marks,"
_MOST_WORDS = 4


def key_in_area(title: str, category: str | None) -> str:
    """The key of a competency that stands in several areas."""
    return f"{title} {name_key(category or '')}"


def name_apart(parts: Parts) -> None:
    """Competencies of one name in several areas are called after these too: `Leadership: Communication`."""
    alike: dict[str, list[str]] = {}
    for key, one in parts.competencies.items():
        alike.setdefault(name_key(one.title), []).append(key)
    for keys in (keys for keys in alike.values() if len(keys) > 1):
        title = parts.competencies[keys[0]].title
        for one in (parts.competencies[key] for key in keys):
            if one.category is None:
                parts.problems.append(
                    f"{one.cell}: “{title}” is in several areas, but here in none; name the area in its row"
                )
        for key in keys:
            one = parts.competencies[key]
            aliases = (*one.aliases, f"{one.title} ({one.category})")
            parts.competencies[key] = replace(one, title=f"{one.category}: {one.title}", aliases=aliases)
        names = " and ".join(
            f"“{parts.competencies[key].title}” ({parts.competencies[key].cell})" for key in keys
        )
        parts.notes.append(
            f"“{title}” stands in several areas and is read as {names}. Ratings need columns of these names: "
            f"one that is called “{title}” alone could be either."
        )
