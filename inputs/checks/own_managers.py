"""People who are given as their own manager: nobody is known to have rated them, unless rows name a rater."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import polars as pl

from inputs import fields
from inputs.checks.issue_log import IssueLog
from inputs.checks.ratings import RatedColumn
from inputs.fields import RatingOf
from inputs.phrases import counted, was
from inputs.tables.contents import raters_named
from inputs.tables.joining.joined_tables import JoinedTables
from inputs.tables.raters import OF_MANAGER, are_one
from inputs.words.spelling import person_key
from inputs.words.texts import Fault
from inputs.words.word_lists import word_key, word_keys


def without_own_managers(
    values: dict[str, pl.Series], joined: JoinedTables, columns: Mapping[RatingOf, RatedColumn], log: IssueLog
) -> dict[RatingOf, RatedColumn]:
    """The rating columns without what such people have from a manager who may be themselves; in `values` they
    have no manager any more."""
    own, left = list(_own_managers(values)), dict(columns)
    if not own:
        return left
    lost = dict.fromkeys(own, 0)
    roles = [role for role in columns if role.rater == "manager"]
    by_others = _rated_by_others(joined, roles, own, values)
    for role in roles:
        units = columns[role].units
        theirs = [at for at in own if units[at] is not None and (role, at) not in by_others]
        left[role] = replace(columns[role], units=units.clone().scatter(theirs, None))
        lost.update((at, lost[at] + 1) for at in theirs)
    counting = {at for role, at in by_others if columns[role].units[at] is not None}
    for at, count in lost.items():
        named = next((one for one in fields.KEYS_OF_MANAGERS if joined.texts(one)[at] is not None), None)
        log.cells(named, [_fault(at, values, count, by_others=at in counting)])
    for name in ("manager_id", "manager_name"):
        values[name] = values[name].clone().scatter(own, None)
    return left


def _own_managers(values: Mapping[str, pl.Series]) -> Iterator[int]:
    """The rows of those whose manager has their own id or, where the manager has none, their own name, or is
    called `Self`."""
    ids, managers = values["employee_id"], values["manager_id"]
    yield from (ids == managers).arg_true().to_list()
    names, given = values["employee_name"], values["manager_name"]
    rows = (managers.is_null() & given.is_not_null()).arg_true()
    themselves = word_keys("cells", "themselves")
    for at, name, manager in zip(rows, names.gather(rows), given.gather(rows), strict=True):
        if word_key(manager) in themselves or (name and person_key(name) == person_key(manager)):
            yield at


def _rated_by_others(
    joined: JoinedTables, roles: Sequence[RatingOf], people: list[int], values: Mapping[str, pl.Series]
) -> set[tuple[RatingOf, int]]:
    """The ratings of these people that name somebody else as the one who gave them."""
    own = {
        fields.EMPLOYEE_ID: values["employee_id"],
        fields.EMAIL: joined.texts(fields.EMAIL),
        fields.EMPLOYEE_NAME: values["employee_name"],
    }
    given = []
    for role in roles:
        column = joined.columns[role]
        rows = (joined.rows if column.rows is None else column.rows).gather(people)
        given += [(column.table, row, (role, at)) for row, at in zip(rows, people, strict=True)]
    themselves, others = set[tuple[RatingOf, int]](), set[tuple[RatingOf, int]]()
    for table in {id(one): one for one, _, _ in given}.values():
        ratings = [(row, rating) for of, row, rating in given if of is table and row is not None]
        for field, named in raters_named(table).items():
            theirs = table.rows.is_in([row for row, _ in ratings])
            who = dict(zip(table.rows.filter(theirs), named.texts.filter(theirs), strict=True))
            person = own[OF_MANAGER[field][0]]
            for row, (role, at) in ratings:
                if who.get(row) and person[at]:
                    (themselves if are_one(who[row], person[at]) else others).add((role, at))
    return others - themselves


def _fault(at: int, values: Mapping[str, pl.Series], count: int, *, by_others: bool) -> Fault:
    who = values["employee_id"][at]
    rated = ", so no rating is known to be by a manager"
    if count:
        unused = f"{counted(count, 'rating')} by the manager {was(count)} not used"
        rated = f", and nobody else is named as the one who rated: {unused}"
    elif by_others:
        rated = ". Rows name somebody else as the one who rated, and that counts"
    problem = f"{who} is given as their own manager{rated}."
    about = None if by_others and not count else "manager"
    return Fault(
        at,
        who,
        "own_manager",
        problem,
        f"Write who manages {who}; if nobody does, whoever gave the ratings.",
        about,
    )
