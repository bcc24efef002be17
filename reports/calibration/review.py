"""One edited workbook, checked row by row against its run."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from engine.phrases import count, day
from engine.session import Decision, DecisionStatus, Entry, decision_status, is_own_decision, session_terms
from engine.words import Explanation, Key, Recommendation
from reports.calibration.entries import STATUS_WORDS, date_problems, decision_of, no_words
from reports.calibration.filled import Filled, fill
from reports.shown.content import Run
from reports.shown.crux import crux_of
from reports.workbook.calibration import given_values, mark_of
from reports.workbook.cells import clean_text
from reports.workbook.layout import YES
from reports.workbook.reading import EditedRow, EditedWorkbook
from rules.pack import BANDS, Band

_FEWEST_MOVED = 3
"""Decisions that show that a column was moved: fewer may look so by chance."""
_MOST_SHOWN = 40
"""Letters of a cell that a note shows."""


@dataclass(frozen=True)
class Problem:
    """One thing in an edited workbook that keeps its decisions from being made final."""

    place: str
    employee_id: str | None
    problem: str
    remedy: str

    def __str__(self) -> str:
        """One line for the terminal."""
        return f"{self.place}: {self.problem} {self.remedy}"


@dataclass(frozen=True)
class Review:
    """One edited workbook, checked."""

    workbook: EditedWorkbook
    decisions: tuple[Decision, ...]
    """The complete ones, in the order of the run."""
    problems: tuple[Problem, ...]
    notes: tuple[str, ...]
    """Locked cells that differ from the run, whose own values count; and what is in the workbook that nothing
    is made of."""
    undecided: int
    votes: Mapping[Key, Band]
    """Every known band that was chosen, complete or not."""
    uncounted: tuple[Problem, ...]
    """The problems for which a row has no vote although something was filled in."""
    remarks: int
    """Reasons and follow-ups in rows with a vote, which a vote leaves out."""


def review_votes(run: Run, workbooks: Sequence[EditedWorkbook], today: date) -> tuple[Review, ...]:
    """Check copies that voters filled in, each for itself. Raises `InputError` as `review`."""
    return tuple(review(fill(run, workbook), today, {}) for workbook in workbooks)


def review(filled: Filled, today: date, elsewhere: Mapping[Key, Band]) -> Review:
    """Check a workbook against its run; `elsewhere` are bands decided before, or in other workbooks."""
    run, workbook, rows = filled.run, filled.workbook, filled.rows
    resting = filled.resting(elsewhere)
    entries = {**filled.entries, **{key: _rested(filled, key, band) for key, band in resting.items()}}
    bands = {**elsewhere, **filled.bands, **resting}
    promoted = Counter(employee for (employee, _), band in bands.items() if band == BANDS[0])
    place_of = {one.key: place for place, one in enumerate(run.recommendations) if one.key in rows}
    in_sheet = sorted(place_of, key=lambda key: rows[key].row)
    recommended = {key: run.recommendations[place] for key, place in place_of.items()}
    copied = _copies(rows, recommended)
    problems: list[Problem] = []
    uncounted: list[Problem] = []
    decisions: list[Decision] = []
    notes = list(filled.notes)
    unsigned = 0
    for explanation in run.explanations.at([place_of[key] for key in in_sheet]):
        key = explanation.key
        one = _Row(run, workbook, rows[key], entries[key], explanation)
        strange = None if one.row.is_blank else one.strange(copied)
        if strange is None:
            notes += one.notes()
        if one.row.is_blank and key not in resting:
            continue
        twice = promoted[key[0]] > (bands.get(key) == BANDS[0])
        found = [strange] if strange else one.problems(today, promoted_elsewhere=twice)
        problems += found
        if strange or filled.entries[key].decision is None:
            place = one.place("decision")
            uncounted += [wrong for wrong in found if wrong is strange or wrong.place == place]
        if not found and one.entry.decision is not None:
            if one.entry.decided_by and one.entry.decided_on:
                decisions.append(decision_of(one.entry, key, explanation.recommendation))
            else:
                unsigned += not (one.entry.decided_by and workbook.session.date_problem)
    copies = _copy_problems(workbook)
    uncounted = [*copies, *uncounted]
    lost = {wrong.place for wrong in uncounted}
    votes = {k: band for k, band in filled.bands.items() if workbook.cell(rows[k], "decision") not in lost}
    return Review(
        workbook,
        tuple(sorted(decisions, key=lambda made: place_of[made.key])),
        (
            *_moved(workbook, [(entries[key], recommended[key].recommendation) for key in in_sheet]),
            *_unsigned(workbook, unsigned),
            *_session_problems(run, workbook, today),
            *copies,
            *problems,
        ),
        (
            *notes,
            *_early(run, workbook, decisions),
            *(f"{added} stays in this workbook; nothing is made of it" for added in workbook.added),
        ),
        sum(row.is_blank and key not in elsewhere for key, row in rows.items()) - len(resting),
        votes,
        tuple(uncounted),
        sum((entries[key].reason is not None) + (entries[key].follow_up is not None) for key in votes),
    )


def _rested(filled: Filled, key: Key, band: Band) -> Entry:
    """Agreed with the rest, and said to be so."""
    return replace(filled.entries[key], decision=band, reason=session_terms().rest)


def _copies(rows: Mapping[Key, EditedRow], recommended: Mapping[Key, Recommendation]) -> set[str]:
    """The marks that stand in several rows, and in that of the person too: they were copied along with a
    decision that was made for several people."""
    marks = Counter(row.texts.get("mark") for row in rows.values())
    intact = (mark_of(one) for key, one in recommended.items() if _has_mark(rows[key], one))
    return {mark for mark in intact if marks[mark] > 1}


def _has_mark(row: EditedRow, one: Recommendation) -> bool:
    return row.texts.get("mark") == clean_text(mark_of(one)).strip()


@dataclass(frozen=True)
class _Row:
    """A row of a workbook, and the recommendation that it is about."""

    run: Run
    workbook: EditedWorkbook
    row: EditedRow
    entry: Entry
    explanation: Explanation

    def place(self, key: str) -> str:
        """That of a cell."""
        return self.workbook.cell(self.row, key)

    def problem(self, key: str, problem: str, remedy: str) -> Problem:
        """What is wrong in a cell."""
        return Problem(self.place(key), self.explanation.employee_id, problem, remedy)

    def strange(self, copied: Collection[str]) -> Problem | None:
        """Why nobody can tell whose decision the row holds: its parts belong to different people. Marks that
        were `copied` say nothing."""
        texts, explanation = self.row.texts, self.explanation
        names = clean_text(explanation.employee_name or ""), texts.get("employee_name", "")
        ours, theirs = (" ".join(name.split()) for name in names)
        mark = texts.get("mark")
        if "employee_name" in self.workbook.letters and ours != theirs:
            said = f"the name is “{theirs[:40]}”, but {explanation.employee_id} is “{ours[:40]}”"
        elif mark is None or _has_mark(self.row, explanation) or mark in copied:
            return None
        else:
            said = f"it was made in the row of {mark[:60]}, and is in that of {mark_of(explanation)[:60]}"
        return self.problem(
            "decision",
            f"Nobody can tell whose decision this is: {said}.",
            "Perhaps some columns were sorted without the others. Undo that, or fill in a fresh copy.",
        )

    def problems(self, today: date, *, promoted_elsewhere: bool) -> list[Problem]:
        """What keeps the decision from being made final."""
        found = list(self._wrong_cells(today))
        status = decision_status(
            self.entry, self.explanation.recommendation, promoted_elsewhere=promoted_elsewhere
        )
        if not found and status in STATUS_WORDS and not self._is_said_above(status):
            key, problem, remedy = STATUS_WORDS[status]
            name = " ".join((self.explanation.employee_name or "this row").split())
            found = [(key, problem.format(name=name), remedy)]
        return [self.problem(*wrong) for wrong in found]

    def _wrong_cells(self, today: date) -> Iterator[tuple[str, str, str]]:
        """Cells that hold what they must not, with what is wrong and what would be right."""
        row, entry = self.row, self.entry
        for key in row.uncalculated:
            yield key, "This is a formula whose result was not stored.", "Type the text or the date itself."
        written = row.texts.get("decision")
        if written is not None and row.struck:
            struck = f"The decision “{written}” is struck through."
            yield "decision", struck, "Clear the cell, or take the line away."
        elif written is not None and entry.decision is None:
            labels = ", ".join(text.label for text in self.run.pack.bands.values())
            yield "decision", f"“{written}” is not a decision.", f"Choose one of {labels}."
        codes = {reason.id: reason.label for reason in session_terms().reasons}
        if entry.reason_code is not None and entry.reason_code not in codes:
            known = ", ".join(codes.values())
            yield "reason_code", f"“{entry.reason_code}” is not a reason code.", f"Choose one of {known}."
        changed = entry.decision not in (None, self.explanation.recommendation)
        for wrong in no_words("reason", row.texts.get("reason"), needed=changed):
            yield "reason", *wrong
        for wrong in no_words("decided_by", row.texts.get("decided_by")):
            yield "decided_by", *wrong
        own = self.row.decided_on if "decided_on" in self.row.texts else None
        for wrong in date_problems(self.row.date_problem, own, self.run.day, today):
            yield "decided_on", *wrong

    def _is_said_above(self, status: DecisionStatus) -> bool:
        """Whether it is said once, of the cells above the table."""
        return status == DecisionStatus.DECIDER_MISSING and bool(
            self.row.texts.keys().isdisjoint(("decided_by", "decided_on"))
            or (self.workbook.session.date_problem and self.entry.decided_by)
        )

    def notes(self) -> list[str]:
        """What is to be known of the row besides its problems, a line for each kind."""
        given = given_values(self.run, self.explanation, crux_of(self.explanation, self.run))
        different = [
            (key, theirs, ours)
            for key, value in given.items()
            if key in self.workbook.letters
            for ours in [clean_text(value).strip()]
            for theirs in [self.row.texts.get(key, "")]
            if ours.split() != theirs.split()
        ]
        notes = []
        if different:
            key, theirs, ours = different[0]
            more = (
                f" (and so in {count(len(different) - 1, 'more cell')} of the row)" if different[1:] else ""
            )
            from_ = _where_they_part(theirs, ours)
            says = f"“{_cut(theirs, from_)}”" if theirs else "nothing"
            right = f"the run says “{_cut(ours, from_)}”{more}; the run's value counts"
            notes.append(f"{self.place(key)}: says {says}, {right}")
        if self.entry.follow_up is not None and self.entry.decision is None and self.row.is_blank:
            stays = "a follow-up without a decision stays in this workbook; decide, and it is kept"
            notes.append(f"{self.place('follow_up')}: {stays}")
        written = self.row.texts.get("status", "")
        if written.casefold() in (band.label.casefold() for band in self.run.pack.bands.values()):
            typed = f"“{written}” is where the status stands; nothing is made of it"
            notes.append(f"{self.place('status')}: {typed}. A decision belongs into the column Decision")
        if self.entry.decision is not None and is_own_decision(
            self.entry.decided_by, self.explanation.employee_name
        ):
            notes.append(f"{self.place('decision')}: decided by {self.entry.decided_by}, whom it is about")
        return notes


def _where_they_part(one: str, other: str) -> int:
    """The place from which on two long texts are shown: the word in which they begin to differ."""
    pairs = enumerate(zip(one, other, strict=False))
    alike = next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))
    return one.rfind(" ", 0, alike) + 1 if alike > _MOST_SHOWN // 2 else 0


def _cut(text: str, from_: int) -> str:
    return ("…" if from_ else "") + text[from_ : from_ + _MOST_SHOWN]


def _moved(workbook: EditedWorkbook, given: Sequence[tuple[Entry, Band]]) -> list[Problem]:
    """Said where the column of decisions was moved against its rows: what seems to lack a reason is what is
    recommended beside it, but for changed decisions, whose reasons stayed behind."""
    wanting = [
        at
        for at, (entry, band) in enumerate(given)
        if entry.decision not in (None, band) and not (entry.reason_code and entry.reason)
    ]
    stranded = sum(
        bool(one.reason_code and one.reason) and one.decision in (None, band) for one, band in given
    )
    for step, beside, way in ((-1, "above", "down"), (1, "below", "up")):
        there = [at for at in wanting if 0 <= at + step < len(given)]
        alike = sum(given[at][0].decision == given[at + step][1] for at in there)
        if alike >= _FEWEST_MOVED and len(wanting) - alike <= stranded:
            problem = f"{alike:,} decisions without a reason are what is recommended one row {beside}."
            remedy = f"Perhaps the column Decision was moved {way} by a cell; if so, undo that."
            return [Problem(f"{workbook.file}, sheet {workbook.sheet}", None, problem, remedy)]
    return []


def _session_problems(run: Run, workbook: EditedWorkbook, today: date) -> list[Problem]:
    """What is wrong with the cells that count for all rows."""
    session = workbook.session
    found = []
    if session.rest is not None and session.rest.casefold() not in (YES, "no"):
        remedy = "Choose yes, or clear it."
        found.append(("rest", f"“{session.rest}” is not an answer here.", remedy))
    found += [("decided_by", *one) for one in no_words("decided_by", session.decided_by)]
    wrong = date_problems(session.date_problem, session.decided_on, run.day, today)
    found += [("decided_on", *one) for one in wrong]
    return [Problem(session.places[key], None, problem, remedy) for key, problem, remedy in found]


def _early(run: Run, workbook: EditedWorkbook, decisions: Sequence[Decision]) -> list[str]:
    """Said once of decisions that are older than the assessment: perhaps day and month were swapped."""
    early = sorted((made.decided_on, made.employee_id) for made in decisions if made.decided_on < run.day)
    if not early:
        return []
    are = count(len(early), "decision has a day", "decisions have days")
    first = f"the first is that on {early[0][1]}, {day(early[0][0])}"
    return [f"{workbook.file}: {are} before the assessment of {day(run.day)}; {first}. Check day and month"]


def _unsigned(workbook: EditedWorkbook, decisions: int) -> list[Problem]:
    """Said once of all decisions that leave it to the cells above the table who decided, and when."""
    if not decisions:
        return []
    key = "decided_on" if workbook.session.decided_by else "decided_by"
    place = workbook.session.places.get(key, f"{workbook.file}, sheet {workbook.sheet}")
    said = f"{count(decisions, 'decision does', 'decisions do')} not say who decided, or when."
    return [Problem(place, None, said, "Fill in Decided by and Decided on above the table.")]


def _copy_problems(workbook: EditedWorkbook) -> list[Problem]:
    """What was decided on a copy of the sheet, which nobody reads."""
    return [
        Problem(
            f"{workbook.file}, sheet {name}",
            None,
            f"{count(decided, 'decision')} not in the sheet {workbook.sheet}, which alone is read.",
            "Move what counts there, and delete this sheet.",
        )
        for name, decided in workbook.copies.items()
    ]
