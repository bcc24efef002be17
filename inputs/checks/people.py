"""What shows when people are seen together: managers, reporting lines, leavers, one person twice."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, timedelta

import polars as pl

from inputs import fields, phrases
from inputs.checks.issue_log import LISTED, IssueLog
from inputs.fields import FIELDS, Field
from inputs.issues import LISTED_OF_PEOPLE
from inputs.phrases import counted, few, join
from inputs.roster import Severity
from inputs.tables.contents import Exclusion
from inputs.tables.joining.joined_tables import JoinedTables
from inputs.tables.review_status import named_with_counts
from inputs.words.statuses import Employment, asked_by, employment, employments, is_away_or_leaving, is_code
from inputs.words.texts import Fault

_LISTED = 50
"""Managers, loops or pairs that are listed one by one."""
_SOON = timedelta(days=365)
"""A last day further off is the end of a contract, or stands for none, such as 31 December 9999."""
_BESIDE_NAME = r"[(\[]([^()\[\]]+)[)\]]|\s[-–—]\s+([^-–—]+)$"
_NAMED = 6
"""People of a loop, or of one name, that are told one by one."""


def check_people(
    values: dict[str, pl.Series], joined: JoinedTables, experienced: Collection[str], day: date, log: IssueLog
) -> None:
    """Issues about people seen together; `values` are the columns of the people. A review before the hire is
    taken out of them. Nobody reaches the levels `experienced` before the years of experience begin."""
    _dates_in_order(values, experienced, log)
    _levels_ahead(values[fields.LEVEL_SINCE.name], day, log)
    if values["manager_id"].is_not_null().any():
        _absent_managers(values, log)
        _reporting_loops(values, log)
    _left_by_name(values["employee_name"], day, log)
    if joined.key is fields.EMPLOYEE_ID:
        _twice(values, joined, log)


def _left_by_name(names: pl.Series, day: date, log: IssueLog) -> None:
    """A warning of names beside which stands that the person has left: `Runa Falk (left)`."""
    problem = "'{}' seems to say that the person has left. They are assessed like everybody else."
    remedy = "Take out the row if they have left; otherwise nothing to do."
    beside = pl.DataFrame({"name": names}).select(
        "name", said=pl.coalesce(pl.col("name").str.extract(_BESIDE_NAME, group) for group in (1, 2))
    )
    faults = [
        Fault(at, name, "unclear_status", problem.format(name[:60]), remedy)
        for at, name, said in beside.with_row_index().drop_nulls().iter_rows()
        if asked_by(said) == "left" or employment(said, None, day) == "left"
    ]
    log.cells(fields.EMPLOYEE_NAME, faults)


def leavers(joined: JoinedTables, left_on: pl.Series, day: date) -> Iterator[Exclusion]:
    """People who have left by the day of the assessment: by their last day, or by their status."""
    for at in (left_on <= day).arg_true().to_list():
        problem = f"The person left on {phrases.day(left_on[at])}."
        yield Exclusion(at, "has_left", problem, "Nothing to do, or correct the date.", fields.LEAVING_DATE)
    known, header = _employment(joined, day)
    statuses = joined.texts(fields.STATUS)
    left = [text for text, found in known.items() if found == "left"]
    for at in statuses.is_in(left).arg_true().to_list():
        said = f"the status is '{statuses[at][:40]}'"
        said += ", and that of others is 'A'" if is_code(statuses[at]) else ""
        said = said if asked_by(header) is None else f"'{header}' says '{statuses[at][:40]}'"
        problem = f"The person has left: {said}."
        yield Exclusion(at, "has_left", problem, "Nothing to do, or correct the status.", fields.STATUS)


def report_statuses(
    joined: JoinedTables, left_on: pl.Series, day: date, out: Collection[int], log: IssueLog
) -> None:
    """A warning of statuses that are not understood; people who are not `out` are assessed with them. Where
    a column asks who is employed, an empty cell says nothing either. And a note of people who are away."""
    known, header = _employment(joined, day)
    statuses = joined.texts(fields.STATUS)
    away = [text for text, one in known.items() if one == "employed" and is_away_or_leaving(text, day)]
    leaving = left_on.is_between(day, day + _SOON, closed="right").fill_null(value=False)
    _report_away(statuses, away, leaving, out, log)
    if asked_by(header) == "employed":
        statuses = statuses.fill_null("")
    unclear = statuses.is_not_null() & ~statuses.is_in([text for text, found in known.items() if found])
    unclear &= ~pl.int_range(len(unclear), eager=True).is_in(list(out))
    if not known or not unclear.any():
        return
    counts = named_with_counts(statuses.filter(unclear).value_counts())
    count = int(unclear.sum())
    log.warn(
        "unclear_status",
        f"The status of {counted(count, 'person', 'people')} does not say whether they are still employed: "
        f"{counts}. {'The person is' if count == 1 else 'They are'} assessed.",
        "Take out the rows of those who have left, or write 'Terminated' as their status.",
        fields.STATUS,
    )


def _report_away(
    statuses: pl.Series, away: Collection[str], leaving: pl.Series, out: Collection[int], log: IssueLog
) -> None:
    """Notes of those who are assessed although they are on leave or about to leave: without their names, as
    a leave may be a private matter."""
    there = ~pl.int_range(len(statuses), eager=True).is_in(list(out))
    is_away = statuses.is_in(list(away)).fill_null(value=False)
    by_status = named_with_counts(statuses.filter(is_away & there).value_counts())
    for who, said, field in (
        (is_away, f"on leave or about to leave, by the status: {by_status}", fields.STATUS),
        (leaving & ~is_away, "about to leave: the last day is within a year", fields.LEAVING_DATE),
    ):
        count = int((who & there).sum())
        if count:
            log.note(
                "away_or_leaving",
                f"{counted(count, 'person is', 'people are')} {said}. "
                f"{'The person is' if count == 1 else 'They are'} assessed like everybody else.",
                "Nothing to do, or take out the rows of those who are not to be assessed.",
                field,
            )


def _employment(joined: JoinedTables, day: date) -> tuple[dict[str, Employment | None], str]:
    """What each status says, and the header of the column; nothing where there is none."""
    if fields.STATUS not in joined.columns:
        return {}, ""
    header = joined.columns[fields.STATUS].header
    asked = asked_by(header)
    different = joined.texts(fields.STATUS).drop_nulls().unique().sort().to_list()
    return employments(different, asked, day), header


_ORDERS = (
    (
        "review_before_hire",
        *(fields.REVIEW_DATE, fields.HIRE_DATE),
        "The review of {} is before the hire on {}; it was not used.",
    ),
    (
        "level_before_hire",
        *(fields.LEVEL_SINCE, fields.HIRE_DATE),
        "In level since {}, but hired on {}. Both were used.",
    ),
    (
        "level_before_experience",
        *(fields.LEVEL_SINCE, fields.PRODUCT_SINCE),
        "In level since {}, but in the profession only since {}. Both were used.",
    ),
)
"""Of two dates that are in the wrong order: the kind, what must not be before what, and what is said."""


def _dates_in_order(values: dict[str, pl.Series], experienced: Collection[str], log: IssueLog) -> None:
    for kind, field, before, problem in _ORDERS:
        later, earlier = values[field.name], values[before.name]
        wrong = (later < earlier).fill_null(value=False)
        if before is fields.PRODUCT_SINCE:
            wrong &= values["level"].is_in(list(experienced)).fill_null(value=False)
        rows = wrong.arg_true()
        faults = [
            Fault(
                at,
                str(later[at]),
                kind,
                problem.format(phrases.day(later[at]), phrases.day(earlier[at])),
                "Correct the date that is wrong.",
            )
            for at in rows.head(LISTED_OF_PEOPLE).to_list()
        ]
        log.cells(field, faults, total=len(rows))
        if field is fields.REVIEW_DATE:
            values[field.name] = later.set(wrong, None)


def _levels_ahead(since: pl.Series, day: date, log: IssueLog) -> None:
    """Levels that begin after the day of the assessment. The date counts: no rating is about such a level."""
    rows = (since > day).fill_null(value=False).arg_true()
    faults = [
        Fault(
            at,
            str(since[at]),
            "future_date",
            f"{phrases.day(since[at])} is after the day of the assessment, {phrases.day(day)}: the level has "
            "not begun, and no rating is about it yet.",
            "Correct the date, or the level, or assess as of a later day.",
        )
        for at in rows.head(LISTED_OF_PEOPLE).to_list()
    ]
    log.cells(fields.LEVEL_SINCE, faults, total=len(rows))


def of_managers(values: Mapping[str, pl.Series]) -> pl.Series:
    """Whether each id is one that somebody's manager has (Boolean, null for rows without an id)."""
    return values["employee_id"].is_in(values["manager_id"].drop_nulls().unique().implode())


def _absent_managers(values: Mapping[str, pl.Series], log: IssueLog) -> None:
    """Managers who are not in the file: one note each, at the first person who reports to them."""
    managers, ids = values["manager_id"], values["employee_id"]
    present = ids.filter(of_managers(values)).unique()
    absent = managers.is_not_null() & ~managers.is_in(present.implode())
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
            "Nothing to do if the manager is not reviewed here; otherwise add the row or correct the id.",
        )
        for manager, at, count in groups.head(_LISTED).iter_rows()
    ]
    log.cells(fields.MANAGER_ID, faults, Severity.NOTE)
    more = groups.height - _LISTED
    if more > 0:
        problem = f"{counted(more, 'more manager')} {'has' if more == 1 else 'have'} no row in the file."
        remedy = "Nothing to do if they are not reviewed here."
        log.note("manager_not_in_file", problem, remedy, fields.MANAGER_ID)


def _reporting_loops(values: Mapping[str, pl.Series], log: IssueLog) -> None:
    """People who, by the manager ids, are above themselves."""
    ids, managers = values["employee_id"], values["manager_id"]
    count = len(ids)
    first = pl.DataFrame({"id": ids, "at": pl.int_range(count, dtype=pl.UInt32, eager=True)})
    first = first.filter(of_managers(values)).unique("id", keep="first", maintain_order=True)
    above = managers.rename("id").to_frame().join(first, on="id", how="left", maintain_order="left")["at"]
    # The index `count` stands for: nobody above. Following the line 2^k times leaves only those in a loop.
    step = above.fill_null(count).append(pl.Series([count], dtype=pl.UInt32))
    far = step
    for _ in range(count.bit_length()):
        far = far.gather(far)
        if bool((far == count).all()):
            return
    faults: list[Fault] = []
    seen: set[int] = set()
    for start in far.filter(far != count).unique().sort().to_list():
        if start in seen:
            continue
        line = [start]
        while (above_it := int(step[line[-1]])) != start and len(line) < count:
            line.append(above_it)
        seen.update(line)
        faults += _loop_faults([(at, str(ids[at])) for at in line])
    log.cells(fields.MANAGER_ID, faults)


def _loop_faults(line: Sequence[tuple[int, str]]) -> Iterator[Fault]:
    """One for each person of a loop: the row, and the id, of everybody in it."""
    names = few([employee for _, employee in line], _NAMED)
    problem = f"The reporting line runs in a loop: {names}, and back to {line[0][1]}."
    above = [employee for _, employee in (*line[1:], line[0])]
    for (at, _), manager in zip(line, above, strict=True):
        yield Fault(at, manager, "reporting_loop", problem, "Correct the manager ids.")


def _twice(values: Mapping[str, pl.Series], joined: JoinedTables, log: IssueLog) -> None:
    """Different ids with one address, or with the same name and the same date of hire or level (department
    where there are no dates)."""
    dates = (one for one in ("hire_date", "level_since") if values[one].is_not_null().any())
    beside = next(dates, "department")
    same = f"the same name and the same {FIELDS[beside].label}"
    by_name, more_by_name = _shared(
        values, {"name": values["employee_name"].str.to_lowercase(), "beside": values[beside]}, same
    )
    addresses = joined.texts(fields.EMAIL).str.to_lowercase()
    by_address, more_by_address = _shared(values, {"email": addresses}, "the same e-mail address")
    told = {fault.problem.partition(" have ")[0] for fault in by_address}
    by_name = [fault for fault in by_name if fault.problem.partition(" have ")[0] not in told]
    _report_twice(log, fields.EMAIL, by_address, more_by_address, "the same e-mail address")
    _report_twice(log, fields.EMPLOYEE_NAME, by_name, more_by_name, same)


def _report_twice(log: IssueLog, role: Field, faults: Sequence[Fault], more: int, same: str) -> None:
    log.cells(role, faults)
    if more:
        problem = f"{counted(more, 'more person has', 'more people have')} {same} as somebody else."
        log.warn("perhaps_twice", problem, "If two are one person, keep one row.", role)


def _shared(
    values: Mapping[str, pl.Series], by: Mapping[str, pl.Series], same: str
) -> tuple[list[Fault], int]:
    """A fault for each of the people who share something, in the first groups of them, and how many people
    are in the others: of a large company many have one name."""
    frame = pl.DataFrame(
        {**by, "id": values["employee_id"], "at": pl.int_range(len(values["employee_id"]), eager=True)}
    ).drop_nulls()
    groups = (
        # Hashes take less memory; groups are of what is really the same.
        frame.filter(pl.struct(list(by)).hash().is_duplicated())
        .group_by(list(by), maintain_order=True)
        .agg("id", "at")
        .filter(pl.col("id").list.n_unique() > 1)
    )
    faults = []
    for ids, at in groups.head(LISTED).select("id", "at").iter_rows():
        problem = f"{join(list(dict.fromkeys(ids)))} have {same}: perhaps one person twice."
        remedy = "If it is one person, keep one row."
        told = at if len(ids) <= _NAMED else at[:1]
        faults += [Fault(one, values["employee_name"][one], "perhaps_twice", problem, remedy) for one in told]
    return faults, int(groups["at"].slice(LISTED).list.len().sum())
