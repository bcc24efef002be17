"""Names of managers that do not go with their ids, and cells that name several managers."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping

import polars as pl

from inputs import fields
from inputs.checks.issue_log import IssueLog
from inputs.phrases import counted
from inputs.words.people_names import share_a_word
from inputs.words.spelling import person_key
from inputs.words.texts import Fault

_BETWEEN = re.compile(r"\s*(?:[;,/|&\n]|\band\b)\s*", re.IGNORECASE)
_LISTED = 20
_AT_ONCE = 50_000
"""Names of which the words are looked at together."""


def names_beside_ids(values: dict[str, pl.Series], log: IssueLog) -> None:
    """Warns of a name beside a manager's id that is not theirs, and puts theirs in its place.

    Theirs is the one in their own row, else the one that stands there most often. Another one is told where
    several stand beside the id, or where it is somebody else's: one alone may be what people call them.
    """
    given = pl.DataFrame({"id": values["manager_id"], "name": values["manager_name"]}).with_row_index("at")
    pairs = given.drop_nulls().group_by("id", "name", maintain_order=True).len()
    own = pl.DataFrame({"id": values["employee_id"], "own": values["employee_name"]}).drop_nulls()
    own = own.filter(pl.col("id").is_in(pairs["id"].implode())).unique("id", keep="none")
    usual = pairs.sort("len", descending=True, maintain_order=True).unique("id", keep="first")
    pairs = pairs.join(own, on="id", how="left").join(usual.select("id", usual="name"), on="id", how="left")
    pairs = pairs.with_columns(
        theirs=pl.coalesce("own", "usual"), several=pl.col("name").n_unique().over("id") > 1
    ).filter(pl.col("name") != pl.col("theirs"))
    unlike = [
        (manager, name, theirs, several)
        for manager, name, theirs, several in pairs.select("id", "name", "theirs", "several").iter_rows()
        if not share_a_word(name, theirs)
    ]
    elsewhere = _in(values["employee_name"], {name for _, name, _, several in unlike if not several})
    wrong = {
        (manager, name): theirs
        for manager, name, theirs, several in unlike
        if several or person_key(name) in elsewhere
    }
    if not wrong:
        return
    said = pl.DataFrame(
        [(*pair, theirs) for pair, theirs in wrong.items()], ["id", "name", "theirs"], orient="row"
    )
    rows = given.join(said, on=["id", "name"], maintain_order="left")
    log.cells(
        fields.MANAGER_NAME,
        [
            Fault(
                at,
                name,
                "manager_named_otherwise",
                f"The name beside the manager's id {manager} is '{name}', but {manager} is {theirs}. "
                "The id was used.",
                "Correct the id or the name.",
            )
            for at, manager, name, theirs in rows.iter_rows()
        ],
    )
    values["manager_name"] = values["manager_name"].scatter(rows["at"], rows["theirs"])


def _in(names: pl.Series, sought: Collection[str]) -> set[str]:
    """The keys of those names that some people of the file have."""
    keys = {person_key(name) for name in sought}
    found = set[str]()
    if keys:
        for some in names.drop_nulls().unique().to_frame().iter_slices(_AT_ONCE):
            found |= keys & {person_key(name) for name in some.to_series().to_list()}
    return found


def parts_of(text: str) -> list[str]:
    """What a cell may name beside each other: `M1; M2`, `Ines Marlow and Tomas Quill`."""
    parts = [part for part in _BETWEEN.split(text) if part]
    return parts if len(parts) > 1 else []


def warn_of_several(given: Mapping[str, pl.Series], find: Callable[[str], int | None], log: IssueLog) -> None:
    """Warns of cells that name several managers, each of whom the file has by a row or in a cell of their
    own. `given` is by field, the surest first; where one says it of a person, the others need not."""
    for field in (fields.MANAGER_ID, fields.MANAGER_EMAIL, fields.MANAGER_NAME):
        texts = given[field.name]
        several = dict(_several(texts, find))
        for text, parts in list(several.items())[:_LISTED]:
            people = int((texts == text).sum())
            log.warn(
                "several_managers",
                f"'{text}' names {parts} managers. It was read as one more manager, with a page that "
                f"{'neither' if parts == 2 else 'none'} of them has ({counted(people, 'person', 'people')}).",
                "Leave the one who gave the ratings, or whose page is to hold the person.",
                field,
            )
        if several:
            return


def _several(texts: pl.Series, find: Callable[[str], int | None]) -> Iterator[tuple[str, int]]:
    """Each of the texts that name several managers, and how many."""
    alone = texts.drop_nulls().unique(maintain_order=True).to_list()
    known = {person_key(text) for text in alone}
    for text in alone:
        parts = parts_of(text) if find(text) is None else []
        if parts and all(find(part) is not None or person_key(part) in known for part in parts):
            yield text, len(parts)
