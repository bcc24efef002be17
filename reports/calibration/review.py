"""What edited workbooks change: checked against the run, shown row by row, and made final."""

import re
from collections import ChainMap, Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from engine import phrases
from engine.phrases import count
from engine.session import (
    Again,
    Conflict,
    Decision,
    DecisionStatus,
    Entry,
    LogLine,
    Merge,
    Origin,
    append,
    decision_status,
    decisions_in,
    effective_days,
    merge,
    session_terms,
)
from engine.words import Explanation, Key, Recommendation
from inputs import InputError
from reports.shown.calibration_groups import split
from reports.shown.content import Run
from reports.shown.crux import crux_of
from reports.workbook.calibration import given_values, mark_of
from reports.workbook.cells import clean_text
from reports.workbook.layout import CALIBRATION_COLUMNS, YES
from reports.workbook.reading import EditedRow, EditedWorkbook
from rules.pack import BANDS, Band

OLDEST = timedelta(days=366)
"""A decision may not be older than this on the day of the assessment."""
FEWEST_MOVED = 3
"""Decisions that show that a column was moved: fewer may look so by chance."""
MOST_SHOWN = 40
"""Letters of a cell that a note shows."""
NO_WORDS = re.compile(r"\d{4}-\d\d-\d\d( [\d:]+)?|#(N/A|[A-Z]+[!?]|DIV/0!)")
"""A cell that holds a date, which a spreadsheet program also makes of `3/5`, or an error."""
ENTRY_KEYS = tuple(column.key for column in CALIBRATION_COLUMNS if column.role == "entry")


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


@dataclass(frozen=True)
class Filled:
    """What an edited workbook says of the rows of its run."""

    run: Run
    """The part of the run that the workbook holds."""
    workbook: EditedWorkbook
    rows: Mapping[Key, EditedRow]
    entries: Mapping[Key, Entry]
    notes: tuple[str, ...]
    """Rows that belong to nobody."""

    def resting(self, elsewhere: Collection[Key]) -> dict[Key, Band]:
        """What the room agrees to with the rest: the recommendations of rows that are left empty, and about
        which nothing is decided `elsewhere`."""
        if not self.workbook.session.resting:
            return {}
        return {
            one.key: one.recommendation
            for one in self.run.recommendations
            if _blank(self.rows[one.key]) and one.key not in elsewhere
        }

    @property
    def bands(self) -> dict[Key, Band]:
        """Every known band that was chosen, complete or not."""
        return {key: entry.decision for key, entry in self.entries.items() if entry.decision}


def fill(run: Run, workbook: EditedWorkbook) -> Filled:
    """Find each row of the run in a workbook.

    Raises `InputError` when the workbook is of another run, or its ids are not those of the run.
    """
    _require_run(run, workbook)
    group = workbook.group
    part = run
    if group is not None:
        parts = {one.value: part for one, part in split(run, group.by)}
        part = parts.get(group.value, replace(run, explanations=run.at(())))
    rows, notes = _rows_by_key(run, part, workbook)
    entries = {key: _entry(row, workbook, run) for key, row in rows.items()}
    return Filled(part, workbook, rows, entries, notes)


def review(filled: Filled, today: date, elsewhere: Mapping[Key, Band]) -> Review:
    """Check a workbook against its run; `elsewhere` are bands decided before, or in other workbooks."""
    run, workbook, rows = filled.run, filled.workbook, filled.rows
    resting = filled.resting(elsewhere)
    entries = {**filled.entries, **{key: _rested(filled, key, band) for key, band in resting.items()}}
    here = {**filled.bands, **resting}
    marks = Counter(row.texts.get("mark") for row in rows.values())
    known = [one for one in run.recommendations if one.key in rows]
    intact = {mark_of(one) for one in known if _has_mark(rows[one.key], one)}
    copied = _copy_problems(workbook)
    problems: list[Problem] = [*_session_problems(run, workbook, today), *copied]
    decisions: list[Decision] = []
    notes = list(filled.notes)
    uncounted: list[Problem] = [*copied]
    unsigned = 0
    place_of = {one.key: place for place, one in enumerate(run.recommendations) if one.key in rows}
    in_sheet = sorted(place_of, key=lambda key: rows[key].row)
    recommended = {one.key: one.recommendation for one in known}
    for explanation in run.explanations.at([place_of[key] for key in in_sheet]):
        key = explanation.key
        row, entry = rows[key], entries[key]
        strange = None if _blank(row) else _whose(workbook, row, explanation, marks, intact)
        if strange is None:
            notes += _notes(workbook, row, entry, explanation, run)
        if _blank(row) and key not in resting:
            continue
        promoted = _promoted(key, here, elsewhere)
        found = [strange] if strange else _problems(workbook, row, entry, explanation, run, today, promoted)
        problems += found
        if strange or filled.entries[key].decision is None:
            place = workbook.cell(row, "decision")
            uncounted += [one for one in found if one is strange or one.place == place]
        if not found and entry.decision is not None:
            if entry.decided_by and entry.decided_on:
                decisions.append(decision_of(entry, explanation.key, explanation.recommendation))
            else:
                unsigned += not (entry.decided_by and workbook.session.date_problem)
    moved = _moved(workbook, [(entries[key], recommended[key]) for key in in_sheet])
    problems = [*moved, *_unsigned(workbook, unsigned), *problems]
    lost = {one.place for one in uncounted}
    votes = {k: band for k, band in filled.bands.items() if workbook.cell(rows[k], "decision") not in lost}
    return Review(
        workbook,
        tuple(sorted(decisions, key=lambda made: place_of[made.key])),
        tuple(problems),
        (*notes, *(f"{added} stays in this workbook; nothing is made of it" for added in workbook.added)),
        sum(_blank(row) and key not in elsewhere for key, row in rows.items()) - len(resting),
        votes,
        tuple(uncounted),
        sum((entries[key].reason is not None) + (entries[key].follow_up is not None) for key in votes),
    )


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
        if alike >= FEWEST_MOVED and len(wanting) - alike <= stranded:
            problem = f"{alike:,} decisions without a reason are what is recommended one row {beside}."
            remedy = f"Perhaps the column Decision was moved {way} by a cell; if so, undo that."
            return [Problem(f"{workbook.file}, sheet {workbook.sheet}", None, problem, remedy)]
    return []


def _rested(filled: Filled, key: Key, band: Band) -> Entry:
    """Agreed with the rest, and said to be so."""
    return replace(filled.entries[key], decision=band, reason=session_terms().rest)


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


def no_words(key: str, text: str | None, *, needed: bool = True) -> list[tuple[str, str]]:
    """What is wrong with a field for words that holds none; `key` is `reason` or `decided_by`. Where none are
    `needed`, a dash does."""
    if text is None:
        return []
    if NO_WORDS.fullmatch(text):
        kind = "an error of the spreadsheet program" if text.startswith("#") else "a date"
    elif needed and not any(map(str.isalnum, text)):
        kind = "not a word"
    elif needed and " ".join(text.split()).casefold() == session_terms().rest.casefold():
        kind = "the reason where nobody asked to discuss it"
    else:
        return []
    wanted = {"reason": "the reason", "decided_by": "who decided"}[key]
    return [(f"“{text}” is {kind}; {wanted} belongs here.", "Write it in words.")]


def _blank(row: EditedRow) -> bool:
    """Nothing was decided in the row; a follow-up alone decides nothing."""
    return not any(key in row.texts for key in ENTRY_KEYS if key != "follow_up")


def _has_mark(row: EditedRow, one: Recommendation) -> bool:
    return row.texts.get("mark") == clean_text(mark_of(one)).strip()


def _whose(
    workbook: EditedWorkbook,
    row: EditedRow,
    explanation: Explanation,
    marks: Mapping[str | None, int],
    intact: Collection[str],
) -> Problem | None:
    """Why nobody can tell whose decision a row holds: its parts belong to different people.

    A mark is also copied along with a decision that is made for several people; then the row that it was
    copied from still has it.
    """
    ours, theirs = clean_text(explanation.employee_name or "").strip(), row.texts.get("employee_name", "")
    if "employee_name" in workbook.letters and ours != theirs.replace("\r\n", "\n"):
        said = f"the name is “{theirs[:40]}”, but {explanation.employee_id} is “{ours[:40]}”"
    else:
        mark = row.texts.get("mark")
        if mark is None or _has_mark(row, explanation) or (mark in intact and marks[mark] > 1):
            return None
        here = mark_of(explanation)[:60]
        said = f"it was made in the row of {mark[:60]}, and is in that of {here}"
    return Problem(
        workbook.cell(row, "decision"),
        explanation.employee_id,
        f"Nobody can tell whose decision this is: {said}.",
        "Perhaps some columns were sorted without the others. Undo that, or fill in a fresh copy.",
    )


def _require_run(run: Run, workbook: EditedWorkbook) -> None:
    if workbook.run != run.fingerprint:
        raise InputError(
            f"{workbook.file} belongs to run {workbook.run or 'unknown'}, this folder is run "
            f"{run.fingerprint}; decisions of another run are not carried over. Give that run, or the "
            "workbook of this one. If the spreadsheet was corrected after the session, make them final in "
            "their own run; `readiness calibrate NEW --from THAT --apply` then keeps what still holds. If "
            "that run is gone, assess the spreadsheet as it was into a new folder: with the same rules, day "
            "and mapping, it is the same run"
        )


def _rows_by_key(
    whole: Run, run: Run, workbook: EditedWorkbook
) -> tuple[dict[Key, EditedRow], tuple[str, ...]]:
    """Each row of the run in the workbook exactly once, and notes on rows of nobody. Raises `InputError` with
    every id that is not; `whole` is the run with all its groups."""
    titles = {t.title: t.id for t in run.pack.promotions}
    expected = {(clean_text(one.employee_id).strip(), one.promotion): one.key for one in run.recommendations}
    others = {(clean_text(one.employee_id).strip(), one.promotion) for one in whole.recommendations}
    found: dict[Key, EditedRow] = {}
    wrong: list[str] = []
    notes: list[str] = []
    for row in workbook.rows:
        employee, title = row.texts.get("employee_id"), row.texts.get("promotion")
        place = workbook.cell(row, "employee_id")
        if employee is None and not any(key in row.texts for key in ENTRY_KEYS):
            notes.append(
                f"{place}: a note outside the rows of people stays in this workbook; nothing is made of it"
            )
            continue
        if employee is None:
            filled = next(key for key in ENTRY_KEYS if key in row.texts)
            wrong.append(
                f"{workbook.cell(row, filled)}: “{row.texts[filled][:MOST_SHOWN]}” is in a row without an "
                "employee id; move it to the row of the person, or clear it"
            )
            continue
        if title not in titles or (employee, titles[title]) not in expected:
            group = workbook.group
            elsewhere = group is not None and (employee, titles.get(title or "")) in others
            part = (
                f"{group.by} {group.value}, which this workbook is for" if elsewhere and group else "this run"
            )
            wrong.append(f"{place}: {employee}, {title or 'no promotion'} is not a row of {part}")
            continue
        key = expected[employee, titles[title]]
        if key in found:
            wrong.append(f"{place}: {employee}, {title} appears twice, also in row {found[key].row}")
        found[key] = row
    by_id = {promotion.id: promotion.title for promotion in run.pack.promotions}
    wrong += [
        f"{workbook.file}: the row of {employee}, {by_id[promotion]} is missing"
        for employee, promotion in expected.values()
        if (employee, promotion) not in found
    ]
    if wrong:
        raise InputError(
            f"{workbook.file} was changed where it must not be; none of it was used:\n  "
            + "\n  ".join(wrong[:SHOWN])
            + (f"\n  … and {len(wrong) - SHOWN} more" if len(wrong) > SHOWN else "")
            + "\nRestore the rows, or fill the decisions into a fresh calibration.xlsx of the run"
        )
    return found, tuple(notes)


SHOWN = 20


def _entry(row: EditedRow, workbook: EditedWorkbook, run: Run) -> Entry:
    """What the row says, and what stands above it for all rows; a decision that is not a band, or is struck
    through, counts as none, and is reported."""
    session = workbook.session
    bands = {text.label.casefold(): band for band, text in run.pack.bands.items()}
    codes = {reason.label.casefold(): reason.id for reason in session_terms().reasons}
    code = row.texts.get("reason_code")
    written = "" if row.struck else row.texts.get("decision", "")
    return Entry(
        decision=bands.get(" ".join(written.split()).casefold()),
        reason_code=codes.get(code.casefold(), code) if code else None,
        reason=row.texts.get("reason"),
        decided_by=row.texts.get("decided_by", session.decided_by),
        decided_on=row.decided_on if "decided_on" in row.texts else session.decided_on,
        follow_up=row.texts.get("follow_up"),
    )


def _promoted(key: Key, here: Mapping[Key, Band], elsewhere: Mapping[Key, Band]) -> bool:
    """Whether another promotion of the same person is decided ready now, here or elsewhere."""
    bands = {**elsewhere, **here}
    return any(band == BANDS[0] and one[0] == key[0] and one != key for one, band in bands.items())


def _problems(
    workbook: EditedWorkbook,
    row: EditedRow,
    entry: Entry,
    explanation: Explanation,
    run: Run,
    today: date,
    promoted: bool,
) -> list[Problem]:
    def at(key: str, problem: str, remedy: str) -> Problem:
        return Problem(workbook.cell(row, key), explanation.employee_id, problem, remedy)

    problems = []
    problems += [
        at(key, "This is a formula whose result was not stored.", "Type the text or the date itself.")
        for key in row.uncalculated
    ]
    labels = ", ".join(text.label for text in run.pack.bands.values())
    codes = {reason.id: reason.label for reason in session_terms().reasons}
    written = row.texts.get("decision")
    if written is not None and row.struck:
        remedy = "Clear the cell, or take the line away."
        problems.append(at("decision", f"The decision “{written}” is struck through.", remedy))
    elif written is not None and entry.decision is None:
        problems.append(at("decision", f"“{written}” is not a decision.", f"Choose one of {labels}."))
    if entry.reason_code is not None and entry.reason_code not in codes:
        known = ", ".join(codes.values())
        problems.append(
            at("reason_code", f"“{entry.reason_code}” is not a reason code.", f"Choose one of {known}.")
        )
    changed = entry.decision is not None and entry.decision != explanation.recommendation
    reason, decider = row.texts.get("reason"), row.texts.get("decided_by")
    problems += [at("reason", *wrong) for wrong in no_words("reason", reason, needed=changed)]
    problems += [at("decided_by", *wrong) for wrong in no_words("decided_by", decider)]
    own = row.decided_on if "decided_on" in row.texts else None
    problems += [at("decided_on", *wrong) for wrong in date_problems(row.date_problem, own, run.day, today)]
    if not problems:
        status = decision_status(entry, explanation.recommendation, promoted_elsewhere=promoted)
        if status == DecisionStatus.DECIDER_MISSING and (
            row.texts.keys().isdisjoint(("decided_by", "decided_on"))
            or (workbook.session.date_problem and entry.decided_by)
        ):
            return []  # said once, of the cell above the table
        if status in STATUS_WORDS:
            key, problem, remedy = STATUS_WORDS[status]
            problems.append(
                at(
                    key,
                    problem.format(name=" ".join((explanation.employee_name or "this row").split())),
                    remedy,
                )
            )
    return problems


def date_problems(
    problem: str | None, decided_on: date | None, day: date, today: date
) -> list[tuple[str, str]]:
    """What is wrong with the day of a decision, and what would be right."""
    if problem is not None:
        return [(problem, "Give the day of the decision as a date, such as 2026-07-01.")]
    if decided_on is None:
        return []
    if decided_on > max(day, today):
        return [(f"{phrases.day(decided_on)} is in the future.", "Give the day on which it was decided.")]
    if decided_on < day - OLDEST:
        return [
            (
                f"{phrases.day(decided_on)} is over a year before the assessment ({phrases.day(day)}).",
                "Give the day on which it was decided.",
            )
        ]
    return []


STATUS_WORDS: Mapping[DecisionStatus, tuple[str, str, str]] = {
    DecisionStatus.DECISION_MISSING: (
        "decision",
        "{name} has a reason, a decider or a date, but no decision.",
        "Choose the decision, or clear the other cells.",
    ),
    DecisionStatus.REASON_MISSING: (
        "reason",
        "The decision on {name} differs from the recommendation without a reason code and a reason.",
        "Choose the reason code and write the reason.",
    ),
    DecisionStatus.DECIDER_MISSING: (
        "decided_by",
        "The decision on {name} does not say who decided, or when.",
        "Fill in Decided by and Decided on, once above the table or in the row.",
    ),
    DecisionStatus.TWO_PROMOTIONS: (
        "decision",
        "{name} would be promoted to two levels at once.",
        "Decide one of the two promotions differently.",
    ),
}
"""Status to the column that is wrong, what is wrong there, and what would be right."""


def _notes(
    workbook: EditedWorkbook, row: EditedRow, entry: Entry, explanation: Explanation, run: Run
) -> list[str]:
    """What is to be known of a row besides its problems, a line for each kind."""
    different = [
        (key, theirs, ours)
        for key, value in given_values(run, explanation, crux_of(explanation, run)).items()
        if key in workbook.letters and key not in ("employee_id", "promotion")
        for ours in [clean_text(value).strip()]
        for theirs in [row.texts.get(key, "").replace("\r\n", "\n")]
        if ours != theirs
    ]
    notes = []
    if different:
        key, theirs, ours = different[0]
        more = f" (and so in {count(len(different) - 1, 'more cell')} of the row)" if different[1:] else ""
        from_ = _where_they_part(theirs, ours)
        short = f"“{_cut(theirs, from_)}”" if theirs else "nothing"
        place, right = workbook.cell(row, key), _cut(ours, from_)
        notes.append(f"{place}: says {short}, the run says “{right}”{more}; the run's value counts")
    if entry.follow_up is not None and entry.decision is None and _blank(row):
        place = workbook.cell(row, "follow_up")
        notes.append(
            f"{place}: a follow-up without a decision stays in this workbook; decide, and it is kept"
        )
    return notes


def _where_they_part(one: str, other: str) -> int:
    """The place from which on two long texts are shown: the word in which they begin to differ."""
    pairs = enumerate(zip(one, other, strict=False))
    alike = next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))
    return one.rfind(" ", 0, alike) + 1 if alike > MOST_SHOWN // 2 else 0


def _cut(text: str, from_: int) -> str:
    return ("…" if from_ else "") + text[from_ : from_ + MOST_SHOWN]


def decision_of(entry: Entry, key: Key, recommendation: Band) -> Decision:
    """A complete entry as the decision on what was recommended."""
    assert entry.decision is not None
    assert entry.decided_by is not None
    assert entry.decided_on is not None
    return Decision(
        *key,
        recommendation=recommendation,
        decision=entry.decision,
        reason_code=entry.reason_code,
        reason=entry.reason,
        decided_by=entry.decided_by,
        decided_on=entry.decided_on,
        follow_up=entry.follow_up,
    )


def _stays(filled: Filled, final: Mapping[Key, Decision]) -> tuple[str, ...]:
    """Said of rows that are empty although they are decided: emptying a row takes nothing back."""
    empty = sum(key in final and _blank(row) for key, row in filled.rows.items())
    if not empty:
        return ()
    said = "1 row that is empty here is decided already and stays so; to take it back, withdraw it"
    if empty > 1:
        rows = f"{empty:,} rows that are empty here are decided already and stay so"
        said = f"{rows}; to take one back, withdraw it"
    return (f"{filled.workbook.file}: {said}",)


def _with_known(filled: Filled, checked: Review, final: Mapping[Key, Decision]) -> Review:
    """A review in which a decision that is final already stays of who made it and when: a workbook that a
    second session goes on with says above its rows who decides now."""
    kept, other, said = [], 0, []
    for made in checked.decisions:
        known, row = final.get(made.key), filled.rows[made.key].texts
        own = "decided_by" in row or "decided_on" in row
        same = known is not None and known == replace(
            made, decided_by=known.decided_by, decided_on=known.decided_on
        )
        kept.append(known if known is not None and same and not own else made)
        other += kept[-1] != made
        dated = known is not None and (made.decided_by, made.decided_on) == (
            known.decided_by,
            known.decided_on,
        )
        if dated and not same and own:
            place = filled.workbook.cell(filled.rows[made.key], "decided_on")
            said.append(
                f"{place}: this decision differs from the final one, but its row still says who made that, "
                "and when; if it was made later, fill in who made it, and when"
            )
    if other:
        stay = "1 decision is already final; its original date and decider are kept"
        if other > 1:
            stay = f"{other:,} decisions are already final; their original dates and deciders are kept"
        said.append(f"{filled.workbook.file}: {stay}")
    return replace(checked, decisions=tuple(kept), notes=(*checked.notes, *said, *_stays(filled, final)))


@dataclass(frozen=True)
class Outcome:
    """What several workbooks together would change."""

    reviews: tuple[Review, ...]
    merges: tuple[Merge, ...]
    """For each review, against the log and the workbooks before it."""
    log: tuple[LogLine, ...]
    """The log as it would be."""

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Everything that has to be fixed first."""
        return tuple(problem for one in self.reviews for problem in one.problems)

    @property
    def conflicts(self) -> tuple[Conflict, ...]:
        """Decisions that differ from ones that are final."""
        return tuple(conflict for one in self.merges for conflict in one.conflicts)

    @property
    def contradictions(self) -> tuple[Conflict, ...]:
        """Decisions that differ from those of a workbook given before them."""
        return tuple(conflict for one in self.merges for conflict in one.contradictions)

    @property
    def again(self) -> tuple[Again, ...]:
        """Decisions that were taken back, and that a workbook has just as they were."""
        return tuple(again for one in self.merges for again in one.again)

    def refusal(self, *, replace: bool) -> str | None:
        """Why the decisions cannot be made final; None when they can."""
        reasons = []
        if self.problems:
            reasons.append(f"{phrases.count(len(self.problems), 'problem')} to fix first")
        if self.contradictions:
            differ = phrases.count(len(self.contradictions), "decision differs", "decisions differ")
            reasons.append(f"{differ} between the workbooks; agree on one")
        if self.conflicts and not replace:
            differ = phrases.count(len(self.conflicts), "decision differs", "decisions differ")
            reasons.append(f"{differ} from what is final already; agree on one, or add --replace")
        if self.again and not replace:
            back = phrases.count(len(self.again), "decision was", "decisions were")
            reasons.append(f"{back} taken back since; clear them in the workbook, or add --replace")
        return "; ".join(reasons) or None

    @property
    def fresh(self) -> tuple[Decision, ...]:
        """Decisions that were not there before."""
        return tuple(decision for one in self.merges for decision in one.fresh)


def calibrate(
    run: Run,
    workbooks: Sequence[EditedWorkbook],
    log: Sequence[LogLine],
    today: date,
    applied_at: datetime,
    *,
    replace: bool = False,
    effective_on: date | None = None,
) -> Outcome:
    """Check workbooks; with `replace`, a decision takes the place of another one that is final, and one that
    was taken back is made again.

    `effective_on` is the day on which their promotions take effect, also of those that are final already.

    Raises `InputError` when a workbook does not belong to the run.
    """
    final, days = decisions_in(log), effective_days(log)
    filled = [fill(run, workbook) for workbook in workbooks]
    reviews, merges = [], []
    given: dict[Key, Decision] = {}
    lines = tuple(log)
    for one in filled:
        others = [other.bands for other in filled if other is not one]
        elsewhere = dict(ChainMap(*others, {key: made.decision for key, made in final.items()}))
        checked = _with_known(one, review(one, today, elsewhere), final)
        merged = merge(log, checked.decisions, given)
        new_day = [
            made
            for made in merged.same
            if made.key not in given and effective_on not in (None, days.get(made.key))
        ]
        replaced = [one.proposed for one in merged.conflicts if replace]
        again = [one.proposed for one in merged.again if replace]
        accepted = [*merged.fresh, *replaced, *again, *new_day]
        origin = Origin(one.workbook.file, one.workbook.sha256)
        lines = append(lines, accepted, origin, applied_at, effective_on)
        given |= {decision.key: decision for decision in checked.decisions if decision.key not in given}
        reviews.append(checked)
        merges.append(merged)
    return Outcome(tuple(reviews), tuple(merges), lines)
