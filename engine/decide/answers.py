"""What the sheet answers to the yes/no facts of a pack: yes, no, or nothing."""

from collections.abc import Iterable

import polars as pl

from inputs import PEOPLE_SCHEMA
from rules.facts import ANSWER
from rules.pack import ANSWERS, PackError, YesNoFact

_YES, _NO, _UNKNOWN = map(ANSWERS.index, ("yes", "no", "unknown"))


def answer_columns(facts: Iterable[YesNoFact]) -> list[str]:
    """The columns of `inputs.PEOPLE_SCHEMA` that hold the answers to these facts, in order.

    Raises `PackError` when a sheet can have no column for one of them.
    """
    names = [fact.id for fact in facts]
    known = [name for name, dtype in PEOPLE_SCHEMA.items() if dtype == pl.Boolean]
    for name in names:
        if name not in known:
            raise PackError(
                f"facts.yaml: `{name}` is not a yes/no column that a sheet can have; these are: "
                f"{', '.join(known)}"
            )
    return names


def answers_of(people: pl.DataFrame, names: Iterable[str]) -> pl.DataFrame:
    """The codes (UInt8) into `rules.pack.ANSWERS` of these people, one row each, in order.

    There is a column for each of `answer_columns`, named as rules name the fact.
    """
    return people.select(
        pl.when(name)
        .then(_YES)
        .when(~pl.col(name))
        .then(_NO)
        .otherwise(_UNKNOWN)
        .cast(pl.UInt8)
        .alias(f"{ANSWER}{name}")
        for name in names
    )
