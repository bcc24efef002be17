"""Who of an earlier run is met again in a later one: by the id, unless it is now another person's."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from inputs.fields import EMPLOYEE_ID
from inputs.phrases import counted, day, few
from inputs.roster import Cell, Issue, Roster, Severity
from inputs.tables.keys import unique_keys
from inputs.words.people_names import share_a_word
from inputs.words.spelling import person_key


@dataclass(frozen=True)
class Renamed:
    """An id that stands beside different names in two runs."""

    employee_id: str
    then: str
    now: str

    @property
    def in_words(self) -> str:
        """`E7 (Runa Falk then and Timo Abel now)`."""
        return f"{self.employee_id} ({_line(self.then)} then and {_line(self.now)} now)"


@dataclass(frozen=True)
class MetAgain:
    """What ids and names say of the people of two runs."""

    others: tuple[Renamed, ...]
    """Ids beside names that share no word: two people, as far as anybody can tell."""
    renamed: tuple[Renamed, ...]
    """Ids beside names that share some word, as after a marriage: taken for one person."""
    rewritten: dict[str, str]
    """The earlier run's id to the later one's, where they are the same but for case, punctuation and
    leading zeros; they are not taken for one person."""

    def rewritten_as(self, employee_id: str) -> str | None:
        """How an id of either run is written in the other, where that is another way."""
        return self._either_way.get(employee_id)

    @cached_property
    def _either_way(self) -> dict[str, str]:
        return self.rewritten | {new: old for old, new in self.rewritten.items()}

    @property
    def ids_of_others(self) -> frozenset[str]:
        """The ids that stand for two people."""
        return frozenset(one.employee_id for one in self.others)


def met_again(then: pl.DataFrame, now: pl.DataFrame) -> MetAgain:
    """The people of two runs compared; of each, the columns `employee_id` and `employee_name` of
    `PEOPLE_SCHEMA`."""
    before, after = (
        people.select("employee_id", "employee_name").unique("employee_id", maintain_order=True)
        for people in (then, now)
    )
    both = before.join(after, on="employee_id", suffix="_now", maintain_order="right")
    differ = both.filter(pl.col("employee_name") != pl.col("employee_name_now"))
    others, renamed = list[Renamed](), list[Renamed]()
    for row in differ.iter_rows():
        old, new = map(person_key, row[1:])
        if old and new and old != new:
            (renamed if share_a_word(old, new) else others).append(Renamed(*row))
    return MetAgain(
        others=tuple(others),
        renamed=tuple(renamed),
        rewritten=_rewritten(
            *(
                one.join(other, on="employee_id", how="anti")["employee_id"].to_list()
                for one, other in ((before, after), (after, before))
            )
        ),
    )


def issues_met_again(met: MetAgain, earlier: str, here: str = "here") -> Iterator[Issue]:
    """What is told of the people when two runs are compared; `earlier` and `here` are what they are
    called."""
    if met.others:
        yield Issue(
            "id_of_another",
            Severity.WARNING,
            f"{counted(len(met.others), 'id')} of {earlier} {'is' if len(met.others) == 1 else 'are'} beside "
            f"another name {here}: {_named(met.others)}. The names share no word, so these were read as two "
            "people.",
            "If a name was changed, write in both files the one that is right.",
        )
    if met.rewritten:
        pairs = [f"{old} then and {new} now" for old, new in met.rewritten.items()]
        yield Issue(
            "id_rewritten",
            Severity.WARNING,
            f"{counted(len(pairs), 'id')} of {earlier} {'is' if len(pairs) == 1 else 'are'} written "
            f"otherwise {here}, and read as somebody else's: {few(pairs, separator='; ')}.",
            "If these are the same people, write their ids in both files alike.",
        )
    if met.renamed:
        yield Issue(
            "name_changed",
            Severity.NOTE,
            f"{_named(met.renamed)}: read as whoever had the same id in {earlier}, because the names share a "
            "word.",
            "If an id has become somebody else's, give that person another one.",
        )


def levels_unlike(
    then: pl.DataFrame, reviewed: pl.Expr, named: str, levels: Mapping[str, str], now: Roster
) -> Iterator[Issue]:
    """A warning of each person whose level began, as is said now, before an earlier review at another one, or
    after an earlier review at this one.

    `then`: the people of an earlier run or cycle who are met again; `reviewed`: on which day, or after which;
    `named`: what that is called; `levels`: the titles of its levels, by id.
    """
    before = then.select("employee_id", before="level", began="level_since", reviewed=reviewed)
    people = now.people.with_row_index("person").join(before, on="employee_id", maintain_order="left")
    since, day_then = pl.col("level_since"), pl.col("reviewed")
    moved = (pl.col("level") != pl.col("before")) & pl.col("level").is_in(list(levels)) & (since < day_then)
    stayed = (pl.col("level") == pl.col("before")) & (pl.col("began") <= day_then) & (since > day_then)
    header = next((one.header for one in now.columns if one.name == "level_since"), None)
    for row in people.filter(moved | stayed).iter_rows(named=True):
        at = f"another level, {levels[row['before']]},"
        if row["before"] == row["level"]:
            at = f"this level since {day(row['began'])}"
        yield Issue.at(
            now.cell(row["person"], "level_since") or Cell(None, row["row"], ""),
            "level_unlike_earlier",
            Severity.WARNING,
            f"In level since {day(row['level_since'])}, but at {at} in {named}. The date was used.",
            "Write the day on which the present level began, or correct the level.",
            header,
            str(row["level_since"]),
            row["employee_id"],
            "level_since",
        )


def _named(people: Iterable[Renamed]) -> str:
    return few([one.in_words for one in people], separator="; ")


def _line(name: str) -> str:
    return " ".join(name.split())


def _rewritten(then: list[str], now: list[str]) -> dict[str, str]:
    """Pairs of ids that are plainly the same, where only one id of each run is."""
    old, new = (unique_keys(ids, EMPLOYEE_ID) for ids in (then, now))
    return {old[key]: new[key] for key in old if key in new}
