"""What edited workbooks change: checked against the run, shown row by row, and made final."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from engine import phrases
from engine.session import (
    Conflict,
    Decision,
    DecisionStatus,
    Entry,
    LogLine,
    Merge,
    append,
    decision_status,
    decisions_in,
    merge,
    session_terms,
)
from engine.words import Explanation, Key
from inputs import InputError
from reports.shown.calibration_groups import group_of
from reports.shown.content import Run
from reports.workbook.calibration import given_values
from reports.workbook.cells import clean_text
from reports.workbook.layout import CALIBRATION_COLUMNS
from reports.workbook.reading import EditedRow, EditedWorkbook
from rules.pack import BANDS, Band

OLDEST = timedelta(days=366)
"""A decision may not be older than this on the day of the assessment."""
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
    """Locked cells that differ from the run; the run's own values count."""
    undecided: int
    votes: Mapping[Key, Band]
    """Every known band that was chosen, complete or not."""
    uncounted: tuple[Problem, ...]
    """The problems for which a row has no vote although something was filled in."""


def review(run: Run, workbook: EditedWorkbook, today: date, decided: Mapping[Key, Decision]) -> Review:
    """Check a workbook against its run; `decided` are the decisions that count already.

    Raises `InputError` when the workbook is of another run, or its ids are not those of the run.
    """
    _require_run(run, workbook)
    rows = _rows_by_key(run, workbook)
    entries = {key: _entry(row, run) for key, row in rows.items()}
    known = {one.key: one for one in run.explanations}
    problems: list[Problem] = []
    decisions: list[Decision] = []
    notes: list[str] = []
    uncounted: list[Problem] = []
    for key, explanation in known.items():
        if key not in rows:
            continue
        row, entry = rows[key], entries[key]
        notes += _locked_differences(workbook, row, explanation, run)
        found = _problems(workbook, row, entry, explanation, run, today, _promoted(key, entries, decided))
        problems += found
        if entry.decision is None:
            uncounted += [one for one in found if one.place == workbook.cell(row, "decision")]
        if not found and entry.decision is not None:
            decisions.append(_decision(entry, explanation))
    undecided = sum(entry.empty and "decision" not in rows[key].texts for key, entry in entries.items())
    votes = {key: entry.decision for key, entry in entries.items() if entry.decision}
    return Review(
        workbook, tuple(decisions), tuple(problems), tuple(notes), undecided, votes, tuple(uncounted)
    )


def _require_run(run: Run, workbook: EditedWorkbook) -> None:
    if workbook.run != run.fingerprint:
        raise InputError(
            f"{workbook.file} belongs to run {workbook.run or 'unknown'}, this folder is run "
            f"{run.fingerprint}; decisions of another run are not carried over. Give the folder of that "
            "run, or the workbook of this one"
        )


def _rows_by_key(run: Run, workbook: EditedWorkbook) -> dict[Key, EditedRow]:
    """Each row of the run in the workbook exactly once. Raises `InputError` with every id that is not."""
    titles = {t.title: t.id for t in run.pack.promotions}
    expected = {
        (clean_text(one.employee_id).strip(), one.promotion): one.key
        for one in run.explanations
        if workbook.group is None or group_of(run, one, workbook.group.by) == workbook.group.value
    }
    found: dict[Key, EditedRow] = {}
    wrong: list[str] = []
    for row in workbook.rows:
        employee, title = row.texts.get("employee_id"), row.texts.get("promotion")
        if employee is None and not any(key in row.texts for key in ENTRY_KEYS):
            continue  # a note under the table
        place = workbook.cell(row, "employee_id")
        if employee is None or title not in titles or (employee, titles[title]) not in expected:
            wrong.append(
                f"{place}: {employee or 'no id'}, {title or 'no promotion'} is not a row of this run"
            )
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
    return found


SHOWN = 20


def _entry(row: EditedRow, run: Run) -> Entry:
    """What the row says; a decision that is not a band counts as none, and is reported."""
    bands = {text.label.casefold(): band for band, text in run.pack.bands.items()}
    codes = {reason.label.casefold(): reason.id for reason in session_terms().reasons}
    code = row.texts.get("reason_code")
    return Entry(
        decision=bands.get(row.texts.get("decision", "").casefold()),
        reason_code=codes.get(code.casefold(), code) if code else None,
        reason=row.texts.get("reason"),
        decided_by=row.texts.get("decided_by"),
        decided_on=row.decided_on,
        follow_up=row.texts.get("follow_up"),
    )


def _promoted(key: Key, entries: Mapping[Key, Entry], decided: Mapping[Key, Decision]) -> bool:
    """Whether another promotion of the same person is decided ready now, here or before."""
    here = {k: entry.decision for k, entry in entries.items() if k[0] == key[0] and k != key}
    before = {k: d.decision for k, d in decided.items() if k[0] == key[0] and k != key}
    return BANDS[0] in {**before, **{k: band for k, band in here.items() if band}}.values()


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
    if written is not None and entry.decision is None:
        problems.append(at("decision", f"“{written}” is not a decision.", f"Choose one of {labels}."))
    if entry.reason_code is not None and entry.reason_code not in codes:
        known = ", ".join(codes.values())
        problems.append(
            at("reason_code", f"“{entry.reason_code}” is not a reason code.", f"Choose one of {known}.")
        )
    problems += [at("decided_on", *wrong) for wrong in _date_problems(row, run.day, today)]
    if not problems:
        status = decision_status(entry, explanation.recommendation, promoted_elsewhere=promoted)
        if status in _WORDS:
            key, problem, remedy = _WORDS[status]
            problems.append(
                at(
                    key,
                    problem.format(name=" ".join((explanation.employee_name or "this row").split())),
                    remedy,
                )
            )
    return problems


def _date_problems(row: EditedRow, day: date, today: date) -> list[tuple[str, str]]:
    if row.date_problem is not None:
        return [(row.date_problem, "Give the day of the decision as a date, such as 2026-07-01.")]
    if row.decided_on is None:
        return []
    if row.decided_on > max(day, today):
        return [(f"{phrases.day(row.decided_on)} is in the future.", "Give the day on which it was decided.")]
    if row.decided_on < day - OLDEST:
        return [
            (
                f"{phrases.day(row.decided_on)} is over a year before the assessment ({phrases.day(day)}).",
                "Give the day on which it was decided.",
            )
        ]
    return []


_WORDS: dict[DecisionStatus, tuple[str, str, str]] = {
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
        "Fill in Decided by and Decided on.",
    ),
    DecisionStatus.TWO_PROMOTIONS: (
        "decision",
        "{name} would be promoted to two levels at once.",
        "Decide one of the two promotions differently.",
    ),
}


def _locked_differences(
    workbook: EditedWorkbook, row: EditedRow, explanation: Explanation, run: Run
) -> list[str]:
    notes = []
    for key, value in given_values(run, explanation).items():
        if key not in workbook.letters or key in ("employee_id", "promotion"):
            continue
        ours, theirs = clean_text(value).strip(), row.texts.get(key, "").replace("\r\n", "\n")
        if ours != theirs:
            short = f"“{theirs[:40]}”" if theirs else "nothing"
            notes.append(
                f"{workbook.cell(row, key)}: says {short}, the run says “{ours[:40]}”; the run's value counts"
            )
    return notes


def _decision(entry: Entry, explanation: Explanation) -> Decision:
    assert entry.decision is not None
    assert entry.decided_by is not None
    assert entry.decided_on is not None
    return Decision(
        employee_id=explanation.employee_id,
        promotion=explanation.promotion,
        recommendation=explanation.recommendation,
        decision=entry.decision,
        reason_code=entry.reason_code,
        reason=entry.reason,
        decided_by=entry.decided_by,
        decided_on=entry.decided_on,
        follow_up=entry.follow_up,
    )


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
        """Decisions that differ from ones that count."""
        return tuple(conflict for one in self.merges for conflict in one.conflicts)

    def refusal(self, *, replace: bool) -> str | None:
        """Why the decisions cannot be made final; None when they can."""
        reasons = []
        if self.problems:
            reasons.append(f"{phrases.count(len(self.problems), 'problem')} to fix first")
        if self.conflicts and not replace:
            differ = phrases.count(len(self.conflicts), "decision differs", "decisions differ")
            reasons.append(f"{differ} from what counts already; agree on one, or add --replace")
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
    *,
    replace: bool = False,
) -> Outcome:
    """Check workbooks one after the other; with `replace`, a later decision takes the place of another one.

    Raises `InputError` when a workbook does not belong to the run.
    """
    reviews, merges = [], []
    lines = tuple(log)
    for workbook in workbooks:
        decided = decisions_in(lines)
        checked = review(run, workbook, today, decided)
        merged = merge(decided, checked.decisions)
        accepted = [*merged.fresh, *(c.proposed for c in merged.conflicts if replace)]
        lines = append(lines, accepted, workbook.file, workbook.sha256)
        reviews.append(checked)
        merges.append(merged)
    return Outcome(tuple(reviews), tuple(merges), lines)
