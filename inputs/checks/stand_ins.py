"""Rows that stand for nobody, told by what is in the place of a person."""

import re
from collections.abc import Callable, Iterator

import polars as pl

from inputs import fields
from inputs.fields import is_rating
from inputs.tables.contents import Exclusion, remark, sum_of_others
from inputs.tables.joining.joined_tables import JoinedTables
from inputs.words.stand_ins import is_everybody, is_example, is_figure, is_requirement, may_be_one, sums_up

_SPOKEN = r"[^\W\d_]{2}|[^\x00-\x7f]"
"""What a word has and most ids have not."""
_PART = re.compile(r"\d+|[^\W\d_]+(?:['’.-]+[^\W\d_]+)*")
_OF_A_REMARK = 3
"""Words from which an id is a remark where the row says nothing else of a person."""
_LOOKED_AT = 1000
"""People whose ids are compared."""


def stand_ins(
    joined: JoinedTables, ids: pl.Series, is_like_others: Callable[[str], bool]
) -> Iterator[Exclusion]:
    """The rows, whether a person has one of them or several, and whether they have a level or not."""
    names = joined.texts(fields.EMPLOYEE_NAME)
    without_level = joined.texts(fields.LEVEL).is_null()
    odd, odd_names = _odd_ids(joined, ids), _odd_names(names)
    likely = names.is_in(list(odd_names)) | ids.is_in(list(odd)) | without_level
    for at in likely.fill_null(value=False).arg_true().to_list():
        employee, name = ids[at], names[at]
        named = name in odd_names
        if named or employee in odd or (employee and without_level[at] and sums_up(employee)):
            told = name if named and employee not in odd else employee
            yield _stand_in(at, str(told))
        elif employee and without_level[at] and _is_remark(joined, at, employee, name, is_like_others):
            yield remark(at, employee)


def _stand_in(at: int, told: str) -> Exclusion:
    if is_example(told):
        problem = f"The row is an example ('{told[:40]}'); it is not a person."
        remedy = "Nothing to do if that is right; otherwise give the person an id and a name of their own."
        return Exclusion(at, "example_row", problem, remedy, None)
    return sum_of_others(at, told)


def _odd_ids(joined: JoinedTables, ids: pl.Series) -> frozenset[str]:
    """The ids that are words for figures or examples where most ids are not: `TEST1` to `TEST9` are people,
    as are initials such as `MAX` among others."""
    if joined.key is not fields.EMPLOYEE_ID:
        return frozenset()
    known = ids.drop_nulls().unique()
    numbered = 2 * int(known.str.contains(r"\d").sum()) > len(known)
    spoken = known.filter(known.str.contains(_SPOKEN)).to_list()
    figures = [one for one in spoken if is_figure(one) or sums_up(one) or is_requirement(one)]
    odd = [one for one in spoken if is_example(one) or (numbered and one in figures)]
    return frozenset(odd) if 2 * len(odd) <= len(known) else frozenset()


def _odd_names(names: pl.Series) -> frozenset[str]:
    """The names that stand for everybody or for an example, where most rows have others."""
    known = names.filter(may_be_one(names)).unique().to_list()
    odd = [one for one in known if is_everybody(one) or is_example(one) or is_requirement(one)]
    return frozenset(odd) if 2 * int(names.is_in(odd).sum()) <= len(names) else frozenset()


def like_others(joined: JoinedTables, ids: pl.Series) -> Callable[[str], bool]:
    """Whether a text has the form of what tells people with a level apart: `E 12` among ids such as `E 7`, or
    words with capitals among names."""
    known = ids.filter(joined.texts(fields.LEVEL).is_not_null()).drop_nulls().head(_LOOKED_AT)
    forms = {_form(one) for one in known.to_list()}
    return lambda text: _form(text) in forms


def _form(text: str) -> str:
    """`A A` of first and last names, however many, `A 0` of `E 12`."""
    form = _PART.sub(lambda part: "0" if part[0].isdigit() else "A" if part[0][0].isupper() else "a", text)
    return re.sub(r"A( A)+", "A A", form)


def _is_remark(
    joined: JoinedTables, at: int, employee: str, name: str | None, is_like_others: Callable[[str], bool]
) -> bool:
    cells = (column.cells[at] for role, column in joined.columns.items() if role is not joined.key)
    if " " in employee and not is_like_others(employee) and all(cell is None for cell in cells):
        return True
    if (
        joined.key is not fields.EMPLOYEE_ID
        or len(employee.split()) < _OF_A_REMARK
        or (name and not any(map(str.isdigit, name)))
    ):
        return False
    return all(column.cells[at] is None for role, column in joined.columns.items() if is_rating(role))
