"""What only shows when people are seen together: managers, reporting lines, leavers, the same person
twice."""

from collections.abc import Iterable
from datetime import date

import polars as pl

from inputs.checks.issue_log import LISTED, IssueLog
from inputs.roster import Severity
from inputs.tables.contents import Exclusion
from inputs.tables.joining import JoinedTables
from inputs.words.lexicon import read_words
from inputs.words.spelling import counted, key
from inputs.words.texts import Fault

_LISTED = 50
"""Managers, cycles or pairs that are listed one by one."""


def check_people(fields: dict[str, pl.Series], joined: JoinedTables, log: IssueLog) -> None:
    """Issues about people seen together; `fields` are the typed columns of the people."""
    _dates_in_order(fields, log, joined)
    if "manager_id" in joined.columns:
        _managers(fields, log)
        _cycles(fields, log)
    if joined.main.key == "employee_id" and "employee_name" in joined.columns:
        _twice(fields, log)


def leavers(joined: JoinedTables, left_on: pl.Series | None, day: date) -> Iterable[Exclusion]:
    """People who have left by the day of the assessment: by their last day, or by their status."""
    gone: set[int] = set()
    if left_on is not None:
        for at in (left_on <= day).fill_null(value=False).arg_true().to_list():
            gone.add(at)
            problem = f"The person left on {left_on[at]}."
            yield Exclusion(at, "has_left", problem, "Nothing to do, or correct the date.", "leaving_date")
    if "status" not in joined.columns:
        return
    words = {key(word) for word in read_words("marks")["left"]}
    statuses = joined.texts("status")
    known = [text for text in statuses.drop_nulls().unique().to_list() if key(text) in words]
    for at in statuses.is_in(known).fill_null(value=False).arg_true().to_list():
        if at not in gone:
            problem = f"The person has left: the status is '{statuses[at][:40]}'."
            yield Exclusion(at, "has_left", problem, "Nothing to do, or correct the status.", "status")


def _dates_in_order(fields: dict[str, pl.Series], log: IssueLog, joined: JoinedTables) -> None:
    for kind, earlier, later, problem in _ORDERS:
        if earlier not in joined.columns or later not in joined.columns:
            continue
        wrong = (fields[later] < fields[earlier]).fill_null(value=False)
        remedy = "Correct the date that is wrong."
        rows = wrong.arg_true()
        faults = [
            Fault(
                at,
                str(fields[later][at]),
                kind,
                problem.format(fields[later][at], fields[earlier][at]),
                remedy,
            )
            for at in rows.head(LISTED).to_list()
        ]
        log.cells(later, faults, total=len(rows))
        if kind == "review_before_hire":
            fields[later] = fields[later].set(wrong, None)


_ORDERS = (
    (
        "review_before_hire",
        "hire_date",
        "review_date",
        "The review of {} is before the hire on {}; it was not used.",
    ),
    ("level_before_hire", "hire_date", "level_since", "In level since {}, but hired on {}. Both were used."),
)


def _managers(fields: dict[str, pl.Series], log: IssueLog) -> None:
    """Managers who are not in the file: one note each, at the first person who reports to them."""
    managers, ids = fields["manager_id"], fields["employee_id"]
    absent = managers.is_not_null() & ~managers.is_in(ids.drop_nulls().implode())
    if not absent.any():
        return
    groups = (
        pl.DataFrame({"manager": managers, "at": pl.int_range(len(managers), eager=True)})
        .filter(absent)
        .group_by("manager", maintain_order=True)
        .agg(pl.col("at").first(), pl.len())
    )
    faults = [
        Fault(
            at,
            manager,
            "manager_not_in_file",
            f"The manager {manager} has no row in the file ({counted(count, 'report')}).",
            "Nothing to do if the manager is not reviewed here; else add the row or correct the id.",
        )
        for manager, at, count in groups.head(_LISTED).iter_rows()
    ]
    log.cells("manager_id", faults, Severity.NOTE)
    if groups.height > _LISTED:
        log.note(
            "manager_not_in_file",
            f"{groups.height - _LISTED} more managers have no row in the file.",
            "Nothing to do if they are not reviewed here.",
            "manager_id",
        )


def _cycles(fields: dict[str, pl.Series], log: IssueLog) -> None:
    """People who, by the manager ids, are above themselves."""
    ids = fields["employee_id"]
    count = len(ids)
    first = pl.DataFrame({"id": ids, "at": pl.int_range(count, dtype=pl.UInt32, eager=True)}).drop_nulls("id")
    first = first.unique("id", keep="first", maintain_order=True)
    above = (
        fields["manager_id"]
        .rename("id")
        .to_frame()
        .join(first, on="id", how="left", maintain_order="left")["at"]
    )
    # The index `count` stands for: nobody above. Following the line 2^k times leaves only those in a cycle.
    step = above.fill_null(count).append(pl.Series([count], dtype=pl.UInt32))
    far = step
    for _ in range(count.bit_length()):
        far = far.gather(far)
        if bool((far == count).all()):
            return
    reached = far.filter(far != count).unique()
    if reached.is_empty():
        return
    faults = []
    seen: set[int] = set()
    for start in sorted(reached.to_list()):
        if start in seen:
            continue
        line = [start]
        while (above_it := int(step[line[-1]])) != start and len(line) < count:
            line.append(above_it)
        seen.update(line)
        faults.append(_cycle_fault(line, ids))
    log.cells("manager_id", faults[:_LISTED])


def _cycle_fault(line: list[int], ids: pl.Series) -> Fault:
    at = line[0]
    if len(line) == 1:
        problem = f"{ids[at]} is given as their own manager."
    else:
        names = ", ".join(str(ids[place]) for place in line[:6])
        problem = f"The reporting line runs in a circle: {names}, {ids[at]}."
    return Fault(at, str(ids[line[1 % len(line)]]), "reporting_cycle", problem, "Correct the manager ids.")


def _twice(fields: dict[str, pl.Series], log: IssueLog) -> None:
    """Different ids with the same name and the same hire date, or department where there are no dates."""
    beside = "hire_date" if fields["hire_date"].is_not_null().any() else "department"
    frame = pl.DataFrame(
        {
            "name": fields["employee_name"].str.to_lowercase(),
            "beside": fields[beside],
            "id": fields["employee_id"],
            "at": pl.int_range(len(fields["employee_id"]), eager=True),
        }
    ).drop_nulls()
    groups = (
        frame.filter(pl.struct("name", "beside").is_duplicated())
        .group_by("name", "beside", maintain_order=True)
        .agg("id", "at")
        .filter(pl.col("id").list.n_unique() > 1)
    )
    faults = []
    for _, _, ids, at in groups.head(_LISTED).iter_rows():
        both = " and ".join(dict.fromkeys(ids))
        same = "hire date" if beside == "hire_date" else "department"
        problem = f"{both} have the same name and the same {same}: perhaps one person twice."
        name = fields["employee_name"][at[0]]
        faults.append(Fault(at[0], name, "perhaps_twice", problem, "If it is one person, keep one row."))
    log.cells("employee_name", faults)
