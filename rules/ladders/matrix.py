"""What a table says of levels and competencies: the value that is filled row by row, and its cells."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import pairwise

from rules.ladders.cells import number_in
from rules.ladders.grid import Text
from rules.ladders.headings import keys, means
from rules.ladders.ladder import Answers, LadderCompetency, LadderLevel
from rules.ladders.level_names import OtherName
from rules.ladders.table import Table
from rules.ladders.times import lower_end, years_in
from rules.pack import IMPORTANCES, Importance, PackError
from rules.spelling import closest, name_key

NO_TIME = {
    "experience": "{} ({}): not time in a level, and in no rule.",
    "longest": "{} ({}): a longest time, not a minimum; in no rule.",
    "usual": "{} ({}): a usual time, not a minimum; in no rule.",
    "time": "{} ({}): a time, and in no rule. If it is a minimum, call it “Minimum time in the level below”.",
}


@dataclass
class Matrix:
    """What has been read so far; cells are not read as ratings yet."""

    table: Table
    levels: dict[str, LadderLevel] = field(default_factory=dict)
    """By key of the title."""
    competencies: dict[str, LadderCompetency] = field(default_factory=dict)
    written: dict[tuple[str, str], Text] = field(default_factory=dict)
    """By the keys of level and competency what is required."""
    prose: dict[tuple[str, str], str] = field(default_factory=dict)
    """What is said beside that."""
    problems: list[str] = field(default_factory=list)
    times: tuple[str, str] | None = None
    """What minimum times are called, and where."""
    has_times_beside: bool = False
    """Whether they were read from a table beside it."""
    undecided: list[str] = field(default_factory=list)
    """What was read and is in no rule, or not as it may be meant."""
    notes: list[str] = field(default_factory=list)
    """What was not read as a competency, and why."""
    groups: list[str] = field(default_factory=list)
    """The tracks that a row names above the levels."""
    level_names: list[OtherName] = field(default_factory=list)
    competency_names: list[OtherName] = field(default_factory=list)
    answers: Answers = field(default_factory=Answers)
    """With titles of levels as they are here."""

    @property
    def name(self) -> str:
        """The sheet that it is on."""
        return self.table.grid.name

    @property
    def order(self) -> list[str]:
        """The keys of the ladder's levels, the lowest first."""
        return [name_key(title) for title in self.answers.levels] or list(self.levels)

    @property
    def titles(self) -> list[str]:
        """The titles of the same."""
        return [self.levels[level].title for level in self.order]

    @property
    def rows(self) -> dict[str, list[Text]]:
        """What the ladder's levels require of each competency, by its key."""
        order, at = self.order, self.written
        return {key: [at[level, key] for level in order if (level, key) in at] for key in self.competencies}

    @property
    def steps(self) -> list[tuple[str, str]]:
        """The keys of each level and one above it."""
        steps = self.answers.steps or pairwise(self.titles)
        return [(name_key(lower), name_key(higher)) for lower, higher in steps]

    @property
    def totals(self) -> list[Decimal]:
        """The weighted totals that levels ask for."""
        return [level.total for level in self.levels.values() if level.total is not None]

    def level_called(self, name: str) -> str | None:
        """The key of the level that a name is of."""
        read_as = name_key(name)
        also = (key for key, level in self.levels.items() if read_as in map(name_key, level.aliases))
        return read_as if read_as in self.levels else next(also, None)

    def take_out_own_levels(self) -> None:
        """`Checks own work` for `L1: Checks own work` at L1, where all cells begin with their level: it is no
        rating."""
        bare = {
            at: re.sub(rf"{re.escape(self.levels[at[0]].title)}\s*[:–—-]\s*(?=\S)", "", one.text, count=1)
            for at, one in self.written.items()
            if one.text.startswith(self.levels[at[0]].title)
        }
        if all(at in bare and bare[at] != one.text for at, one in self.written.items()):
            self.written = {at: replace(one, text=bare[at]) for at, one in self.written.items()}

    def take_competency(self, row: int, title: str, category: str | None, key: str) -> None:
        """What a row says of a competency, apart from what levels require; the first row of each counts."""
        weight = self.table.cell(row, "weight")
        here = LadderCompetency(
            title=" ".join(title.replace("\n", " / " if self.table.is_bilingual else " ").split()),
            cell=self.table.name(row).cell,
            category=" ".join(category.split()) if category else None,
            definition=self.table.text(row, "definition") or None,
            importance=self._importance_in(row),
            weight=self._number_of("weight", weight) if weight else None,
        )
        first = self.competencies.setdefault(key, here)
        for role in ("weight", "importance"):
            before, now = getattr(first, role), getattr(here, role)
            if before and now and before != now:
                where = self.table.grid.place(row, self.table.columns(role)[0])
                self.problems.append(
                    f"{where}: {now} here, and {before} in the row of {first.cell} for the same competency, "
                    f"“{first.title}”; give it one for all levels, and change that of one promotion "
                    "afterwards, in its file in the folder promotions"
                )

    def _importance_in(self, row: int) -> Importance | None:
        said = self._marked_in(row)
        headings = map(self.table.heading, self.table.columns("importance"))
        if said is None or not any(name_key(one.text) in keys("optional") for one in headings):
            return said
        return "core" if said == "supporting" else "supporting"

    def _marked_in(self, row: int) -> Importance | None:
        """What a row says of importance; below `Optional` it is the other way round."""
        cell = self.table.cell(row, "importance")
        if cell is None and not self.table.columns("importance"):
            return None
        if cell is None:
            # A column of marks says supporting by leaving the cell empty.
            marks = {self.table.text(other, "importance").casefold() for other in self.table.below} - {""}
            return "supporting" if marks and marks <= {"x", "✓", "✔", "yes", "core"} else None
        for importance in IMPORTANCES:
            if means(importance, cell.text) or cell.text in "✓✔":
                return importance
        hint = closest(cell.text, ("core", "supporting"))
        self.problems.append(f"{cell.place}: “{cell.text}” is neither core nor supporting{hint}")
        return None

    def take_number(self, level: str, role: str, cell: Text, heading: str) -> None:
        """A minimum time, in years, or a total of a level: the same wherever it stands."""
        one, number = self.levels[level], self._number_of(role, cell, heading)
        before = getattr(one, role)
        if number is None:
            return
        if before is not None and before != number:
            self.problems.append(
                f"{cell.place}: {number} here, and {before} elsewhere for the same level, “{one.title}”"
            )
        self.levels[level] = replace(one, years=number) if role == "years" else replace(one, total=number)

    def _number_of(self, role: str, cell: Text, heading: str = "") -> Decimal | None:
        """The number of a cell, of a time in years; None with one more problem where it is none."""
        number = years_in(cell.text, heading) if role == "years" else number_in(cell.text)
        if number is None and role == "years" and (lower := lower_end(cell.text)) != cell.text:
            number = years_in(lower, heading)
            said = "Where a time is a range, such as {}, its lower end is the minimum."
            self._say_once(said, cell.text)
        if number is None:
            what = "no time, such as `2` or `18 months`" if role == "years" else "not a number"
            self.problems.append(f"{cell.place}: “{cell.text}” is {what}")
        return number

    def without_mark(self, cell: Text) -> Text:
        """A cell without the mark of a footnote."""
        bare = _MARK.sub("", cell.text)
        if bare == cell.text or len(cell.text.split()) > _MOST_WORDS:
            return cell
        said = "Cells are read without their footnote marks, such as {}: what it says is in no rule."
        self._say_once(said, f"{cell.text} ({cell.cell})")
        return replace(cell, text=bare)

    def _say_once(self, sentence: str, first: str) -> None:
        """One sentence for all cells of a kind, with the first of them."""
        begin = sentence.partition("{}")[0]
        if not any(said.startswith(begin) for said in self.undecided):
            self.undecided.append(sentence.format(first))


_MARK = re.compile(r"(?<=[^\W_])\s*(?:[*†‡]+|[¹²³]|\(\*+\))$")
_MOST_WORDS = 4


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


def key_in_area(title: str, category: str | None) -> str:
    """The key of a competency that stands in several areas."""
    return f"{title} {name_key(category or '')}"
