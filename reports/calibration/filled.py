"""An edited workbook beside its run: which row is whose, and what it says."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from engine.session import Entry, session_terms
from engine.words import Key
from inputs import InputError
from reports.shown.calibration_groups import split
from reports.shown.content import Run
from reports.workbook.cells import clean_text
from reports.workbook.reading import EditedRow, EditedWorkbook
from rules.pack import Band

_PROBLEMS = 20
"""Rows that an error lists."""
_LETTERS = 40
"""Letters of a cell that it shows."""


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
            if self.rows[one.key].is_blank and one.key not in elsewhere
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
        named = employee, titles.get(title or "")
        place = workbook.cell(row, "employee_id")
        if employee is None and not row.entries:
            aside = "a note outside the rows of people stays in this workbook; nothing is made of it"
            notes.append(f"{place}: {aside}")
        elif employee is None:
            filled = row.entries[0]
            wrong.append(
                f"{workbook.cell(row, filled)}: “{row.texts[filled][:_LETTERS]}” is in a row without an "
                "employee id; move it to the row of the person, or clear it"
            )
        elif named not in expected:
            group = workbook.group if named in others else None
            part = f"{group.by} {group.value}, which this workbook is for" if group else "this run"
            wrong.append(f"{place}: {employee}, {title or 'no promotion'} is not a row of {part}")
        else:
            key = expected[named]
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
            + "\n  ".join(wrong[:_PROBLEMS])
            + (f"\n  … and {len(wrong) - _PROBLEMS} more" if len(wrong) > _PROBLEMS else "")
            + "\nRestore the rows, or fill the decisions into a fresh calibration.xlsx of the run"
        )
    return found, tuple(notes)


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
