"""Where two tables say different things of the people, or hold different people."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import polars as pl

from inputs import fields
from inputs.asked import Asked, ask_about_columns, mapped
from inputs.fields import KEYS, Field, is_rating
from inputs.phrases import counted, few
from inputs.roster import Issue, Severity
from inputs.tables.contents import IDENTITY, Exclusion, TableContent
from inputs.tables.joining.joined_tables import JoinedTables
from inputs.tables.keys import NO_ID, match_keys, plain_key, shared_keys
from inputs.words.names import Names
from inputs.words.people_names import are_one_name
from inputs.words.stand_ins import sums_up


def exclusions_of(
    joined: JoinedTables,
    other: TableContent,
    keys: pl.Series,
    at: pl.Series,
    levels: Names,
    swapped: Sequence[int],
) -> Iterator[Exclusion]:
    """The people of whom nobody knows which rows of the other table are about them, or which of two values is
    right. `keys` are the other's, as the people's are written, and `at` is where it has each person; of those
    who are `swapped` it has somebody else's address."""
    own = joined.keys if other.key is joined.key else joined.columns[other.key].texts
    places = {key: place for place, key in enumerate(own.to_list()) if key is not None}
    if other.key is not joined.key:
        yield from _sharing(joined, other, shared_keys(own, other.keys, other.key))
    yield from _carried(other, keys, places)
    yield from _repeated(other, keys, places)
    yield from _contradictions(joined, other, at, levels, swapped)


def questions_of(
    joined: JoinedTables, other: TableContent, at: pl.Series, swapped: Mapping[Field, Sequence[int]]
) -> Iterator[Asked]:
    """What is asked of ratings in two tables, and of a table with none of the people, or with others."""
    yield from _twice_rated(joined, other)
    yield from _nobody_found(joined, other, at)
    yield from _others_found(joined, other, at, swapped)


def notes_of(joined: JoinedTables, other: TableContent, at: pl.Series) -> Iterator[Issue]:
    """Who is not in the other table, and whom it says another manager of."""
    yield from _without_ratings(other, joined.keys.filter(at.is_null()).drop_nulls().to_list())
    yield from _other_managers(joined, other, at)


def _contradictions(
    joined: JoinedTables, other: TableContent, at: pl.Series, levels: Names, swapped: Sequence[int]
) -> Iterator[Exclusion]:
    """People whose name or level differs in the second table, or whose address there is somebody else's, who
    are `swapped`: only a person can tell which is right."""
    for role in IDENTITY:
        here, there = joined.texts(role), other.texts(role).gather(at)
        named = role is fields.EMPLOYEE_NAME
        differs = (here != there).fill_null(value=False).arg_true().to_list()
        for index in differs:
            one, another = here[index], there[index]
            if are_one_name(one, another) if named else levels.plain(one) == levels.plain(another):
                continue
            problem = f"'{one}' here, but '{another}' in {other.table.place}."
            yield Exclusion(index, "conflicting_rows", problem, "Write the same in both.", role)
    for index in swapped:
        address = other.texts(fields.EMAIL).gather(at)[index]
        problem = f"The address in {other.table.place} is '{address}', which is somebody else's here."
        yield Exclusion(index, "conflicting_rows", problem, "Correct it.", fields.EMAIL)


def of_somebody_else(joined: JoinedTables, other: TableContent, at: pl.Series, role: Field) -> list[int]:
    """The people whom another table, found by its key, gives the address, say, of another one of them. None
    where several rows have one: that is of whoever answered."""
    here, there = joined.texts(role), other.texts(role).gather(at)
    if role in (joined.key, other.key) or not (here != there).any():
        return []
    own, theirs = (
        [None if text is None else plain_key(text, role) for text in texts.to_list()]
        for texts in (here, there)
    )
    counts, owner = Counter(own), {text: index for index, text in enumerate(own)}
    found = [
        index
        for index, text in enumerate(theirs)
        if text is not None and counts[text] == 1 and owner[text] != index and own[index] is not None
    ]
    several = Counter(theirs)
    return [] if any(several[theirs[index]] > 1 for index in found) else found


def _carried(other: TableContent, keys: pl.Series, places: Mapping[str, int]) -> list[Exclusion]:
    """The other table's exclusions, for the people that they are about."""
    return [
        replace(exclusion, at=places[keys[exclusion.at]])
        for exclusion in other.exclusions
        if keys[exclusion.at] in places
    ]


def _sharing(joined: JoinedTables, other: TableContent, shared: list[list[int]]) -> list[Exclusion]:
    """People who share what the other table knows them by: its rows could be about any of them."""
    label = other.key.label
    return [
        Exclusion(
            at,
            "shared_key",
            f"{other.table.place} tells people apart by the {label} alone, and {len(places):,} people share "
            f"this one: rows {few([joined.row_label(one) for one in places])}.",
            "Give the employee ids in both tables.",
            other.key,
        )
        for places in shared
        for at in places
    ]


def _repeated(other: TableContent, keys: pl.Series, places: Mapping[str, int]) -> Iterator[Exclusion]:
    """People with several rows in the other table that differ: only a person can tell which counts."""
    for key, at, different in other.repeated(keys):
        if different > 1 and key in places:
            rows = few([other.table.row_label(int(other.rows[row])) for row in at], 5)
            problem = f"{other.table.place} has several rows for {key} with different values: rows {rows}."
            remedy = "Keep the row that is right."
            yield Exclusion(places[key], "duplicate_employee_id", problem, remedy, None)


def _twice_rated(joined: JoinedTables, other: TableContent) -> Iterator[Asked]:
    """A question when two tables hold the same ratings: nobody knows which of them counts."""
    both = [role for role in other.columns if is_rating(role) and role in joined.columns]
    if both:
        place = joined.columns[both[0]].table.place
        more = f" and {counted(len(both) - 1, 'more rating')}" if len(both) > 1 else ""
        yield Asked(
            f"{place} and {other.table.place} both hold the {both[0].label}{more}. Which one should be read?",
            "Keep only that one, or name it in a mapping.",
        )


def _nobody_found(joined: JoinedTables, other: TableContent, at: pl.Series) -> Iterator[Asked]:
    """A question when a table with ratings has none of the people, by what it tells them apart by."""
    if not other.has_ratings or at.is_not_null().any():
        return
    column = other.columns.get(other.key)
    header = "" if column is None else column.header
    problem = (
        f"{other.table.place}: nobody in it is among the people of {joined.table.place} by the "
        f"{other.key.label} ('{header}'), so none of its ratings could be used."
    )
    for role in KEYS:
        if role is other.key or role not in other.columns:
            continue
        own = joined.keys if role is joined.key else joined.texts(role)
        theirs = set(match_keys(own, other.columns[role].texts, role).keys.drop_nulls())
        found = len(theirs & set(own.drop_nulls()))
        if found:
            remedy = (
                f"If '{header}' is about somebody else, such as the person who answered, say in a mapping "
                f"that it is not used: `columns: {mapped([(header, 'null')])}`."
            )
            places = frozenset([] if column is None else [column.sheet.column(column.letter)])
            yield ask_about_columns(f"{problem} Matched by the {role.label}, {found:,} are.", remedy, places)
            return
    yield Asked(problem, "Use the same ids, addresses or names in both.")


def _others_found(
    joined: JoinedTables, other: TableContent, at: pl.Series, swapped: Mapping[Field, Sequence[int]]
) -> Iterator[Asked]:
    """A question when most rows of a table stand beside the address or name of another person than their key
    says: it may number the answers, or be of another system. `swapped` are the people for whom one does."""
    for role, people in swapped.items():
        if 2 * len(people) > at.count():
            key, beside, first = other.columns[other.key], other.columns[role], people[0]
            yield ask_about_columns(
                f"{other.table.place}: by {key.called}, most rows would be about people whose {role.label} "
                f"is another one in {beside.called}, such as '{joined.texts(role)[first]}', but "
                f"'{beside.texts.gather(at)[first]}' there, who is somebody else. Which of the two is wrong?",
                "If one of them says nothing of the person who is rated, because it numbers the answers or "
                "is of whoever answered, say in a mapping that it is not used, such as "
                f"{key.mapped_as()}; otherwise correct the file.",
                frozenset(column.sheet.column(column.letter) for column in (key, beside)),
            )
            return


def _other_managers(joined: JoinedTables, other: TableContent, at: pl.Series) -> Iterator[Issue]:
    """A warning where another table gives people another manager, who may be whoever rated there."""
    for role in fields.KEYS_OF_MANAGERS:
        pairs = pl.DataFrame({"own": joined.texts(role), "theirs": other.texts(role).gather(at)})
        pairs = pairs.filter(pl.col("own") != pl.col("theirs"))
        differ = [pair for pair in pairs.iter_rows() if not are_one_name(*pair)]
        if differ:
            one, another = differ[0]
            column = other.columns[role]
            yield other.table.sheet.issue(
                "conflicting_value",
                Severity.WARNING,
                f"The {role.label} of {counted(len(differ), 'person', 'people')} differs from that in "
                f"{joined.table.place}: '{another[:40]}' and not '{one[:40]}', for example. The one there "
                "counts, and the ratings here are used.",
                "Nothing to do if the rater stood in for the manager; otherwise remove the rows.",
                column=column.letter,
                header=column.header,
            )


def _without_ratings(other: TableContent, people: list[str]) -> Iterator[Issue]:
    people = [one for one in people if one not in NO_ID and not sums_up(one)]
    if people:
        problem = (
            f"{counted(len(people), 'person', 'people')} {'is' if len(people) == 1 else 'are'} "
            f"{'not rated' if other.has_ratings else 'not found'} in {other.table.place}: {few(people)}."
        )
        remedy = "Nothing to do if they were not reviewed."
        yield other.table.sheet.issue("person_without_ratings", Severity.NOTE, problem, remedy)
