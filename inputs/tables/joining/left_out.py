"""Tables that are not read: why, and what is asked of them."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import date

import polars as pl

from inputs.asked import Asked, ask_about_columns
from inputs.fields import (
    LEAVING_DATE,
    LEVEL,
    RATERS,
    RATING_COMMENT,
    STATUS,
    Field,
    OpenRating,
    RatingOf,
    Role,
    is_comment,
    is_rating,
)
from inputs.phrases import counted, few
from inputs.roster import Issue, Severity
from inputs.tables.columns.employment import said_of_employment
from inputs.tables.contents import key_field, keys_of, rated_by, shape_of, source_columns
from inputs.tables.keys import match_keys
from inputs.tables.layout import Column, Table
from inputs.tables.values import HIGHEST_RATING, hold_numbers, words_in
from inputs.words.dates import read_dates
from inputs.words.lexicon import BY_MAPPING
from inputs.words.names import Names
from inputs.words.rating_words import is_word_of_a_scale
from inputs.words.statuses import asked_by
from inputs.words.texts import text_of


def notes_on(left_out: Sequence[Table], people: Table, main: Table, levels: Names) -> Iterator[Issue]:
    """Why each is not read, with `people` as the table that lists the people; and whom some of them give
    another level than `main`."""
    yield from (_not_used(table, people) for table in left_out)
    yield from _other_levels(left_out, main, levels)


def questions_on(left_out: Sequence[Table], chosen: Sequence[Table], day: date) -> Iterator[Asked]:
    """What is asked of those that say who has left, or hold ratings that are nowhere else."""
    yield from _other_leavers(left_out, chosen, day)
    yield from _about_nobody(left_out, chosen)


def _not_used(table: Table, main: Table) -> Issue:
    if key_field(table) is None:
        return table.sheet.not_used("none of its columns says who a row is about")
    why = f"the people are in '{main.name}'"
    if any(title and asked_by(title) == "left" for title in table.titles):
        remedy = "Take out the rows of those who have left; otherwise nothing to do."
        return table.sheet.not_used(f"{why}. They are assessed", Severity.WARNING, remedy)
    if any(is_comment(role) or role is RATING_COMMENT for role in table.by_role):
        remedy = "Put them in columns such as 'Communication (manager comment)', one row for each person."
        return table.sheet.not_used(f"{why}. Its comments were not read", Severity.WARNING, remedy)
    numbers = [one for one in table.unknown if hold_numbers(table, one, HIGHEST_RATING)]
    perhaps = numbers or [one for one in table.unknown if _holds_words(table, one)]
    if perhaps and shape_of(table) == "other" and table.sheet.visible:
        named = few([f"'{one.header[:40]}'" for one in perhaps])
        remedy = "If they are ratings, say in a mapping what each column is; otherwise nothing to do."
        why = f"{why}. Its columns {named} hold {'numbers' if numbers else 'words'} as ratings do"
        return table.sheet.not_used(why, Severity.WARNING, remedy)
    return table.sheet.not_used(why)


def _holds_words(table: Table, column: Column) -> bool:
    """Whether a column holds several words of a scale, and nothing else."""
    found = words_in(table, column)
    return len(found) > 1 and all(map(is_word_of_a_scale, found))


def _other_levels(left_out: Sequence[Table], main: Table, levels: Names) -> Iterator[Issue]:
    """A warning of each visible list that is not read and gives people another level."""
    for table in (one for one in left_out if one.sheet.visible):
        key = key_field(table, keys_of(main))
        if key is None or LEVEL not in table.by_role or LEVEL not in main.by_role:
            continue
        own, theirs = source_columns(main), source_columns(table)
        here = pl.DataFrame({"key": own[key].texts, "here": own[LEVEL].texts})
        there = pl.DataFrame(
            {"key": match_keys(own[key].texts, theirs[key].texts, key).keys, "there": theirs[LEVEL].texts}
        )
        both = here.unique("key").join(there.unique("key", keep="none"), on="key").drop_nulls().sort("key")
        differ = both.filter(levels.ids_of(both["here"]) != levels.ids_of(both["there"]))
        if differ.height:
            person, one, other = differ.row(0)
            problem = (
                f"'{table.name}' gives {counted(differ.height, 'person', 'people')} a different level from "
                f"'{main.name}', such as {person}: '{other[:40]}' and not '{one[:40]}'. The level in "
                f"'{main.name}' counts."
            )
            remedy = "Write the same in both, or take out the one that is wrong."
            yield table.sheet.issue("conflicting_value", Severity.WARNING, problem, remedy)


def _other_leavers(left_out: Sequence[Table], chosen: Sequence[Table], day: date) -> Iterator[Asked]:
    """A question for each table that is not read and says of people that they have left, where those that are
    read do not say it."""
    main = chosen[0]
    for table in left_out:
        key = key_field(table, keys_of(main))
        if key is None or not table.by_role.keys() & {STATUS, LEAVING_DATE}:
            continue
        own = source_columns(main)[key].texts
        said = set(own.drop_nulls()) & set(_left(table, key, own, day))
        people = sorted(said.difference(*(_left(one, key, own, day) for one in chosen)))
        if people:
            yield Asked(
                f"{table.place} says that {few(people, 3)} {'has' if len(people) == 1 else 'have'} left, and "
                f"{main.place} does not. Which one is right?",
                "Take out the rows of those who have left, or that table.",
            )


def _left(table: Table, key: Field, own: pl.Series, day: date) -> list[str]:
    """The people who have left by a table's status or last day, by what tells them apart, written as in
    `own`."""
    columns = source_columns(table)
    if key not in columns:
        return []
    left = pl.repeat(False, len(table.rows), eager=True)
    if STATUS in columns:
        said = said_of_employment(columns[STATUS].header, columns[STATUS].texts, day)
        left |= (said == "left").fill_null(value=False)
    if LEAVING_DATE in columns:
        days = read_dates(columns[LEAVING_DATE].texts, day, epoch_1904=table.sheet.epoch_1904, future=True)
        left |= (days.values <= day).fill_null(value=False)
    people: list[str] = match_keys(own, columns[key].texts, key).keys.filter(left).drop_nulls().to_list()
    return people


def _about_nobody(left_out: Sequence[Table], chosen: Sequence[Table]) -> Iterator[Asked]:
    """A question for each visible table with ratings and no column that says whose, where no other has such
    ratings or a column may name people."""
    known = set().union(*map(rated_by, chosen))
    for table in left_out:
        theirs = rated_by(table)
        rated = [one for one in table.columns if one.role in theirs]
        if not rated or key_field(table) is not None or not table.sheet.visible:
            continue
        more = [one for one in rated if _is_nowhere_else(one.role, known)]
        if any(column.why == BY_MAPPING for column in table.unknown):
            continue  # a person said that it is not that
        found = column_of_people(table, chosen[0])
        if found is None and not any(is_rating(one.role) for one in more):
            continue  # means of groups do not say either who rated
        text = (
            f"{table.place} holds ratings{' that are nowhere else' if more else ''}, such as "
            f"'{(more or rated)[0].header}', and no column of it is known to say who each row is about."
        )
        if found is None:
            yield ask_about_columns(
                f"{text} Which one is it?",
                "Name it 'Employee ID' in the file, or say in a mapping what it is.",
                frozenset(table.sheet.column(column.letter) for column in table.unknown),
            )
            continue
        column, key = found
        yield ask_about_columns(
            f"{text} {column.called} holds the {key.label} of people in "
            f"{chosen[0].place}. Is that who is rated?",
            f"If so, say it in a mapping: {column.mapped_as(key.name)}; if the ratings are "
            "not to be used, take the sheet out.",
            frozenset([table.sheet.column(column.letter)]),
            (("Yes: those are the people who are rated", key.name), ("No: leave this sheet out", "")),
        )


def _is_nowhere_else(role: Role | None, known: Collection[Role]) -> bool:
    """Whether a column is of ratings that these do not have; where it does not say by whom, by either."""
    if isinstance(role, OpenRating) and role.competency is not None and not role.is_comment:
        role = RatingOf(role.competency, None)
    if not isinstance(role, RatingOf):
        return False
    return not {replace(role, rater=rater) for rater in ([role.rater] if role.rater else RATERS)} <= {*known}


def column_of_people(table: Table, people: Table) -> tuple[Column, Field] | None:
    """The first column that is taken for nothing and whose values tell apart people of another table."""
    own = source_columns(people)
    unknown = [one for one in table.unknown if one.why != BY_MAPPING]
    found = (
        (column, key)
        for key in keys_of(people)
        for column in unknown
        if are_among(table.cells[column.letter], own[key].texts, key)
    )
    return next(found, None)


def are_among(cells: pl.Series, own: pl.Series, key: Field) -> bool:
    """Whether most texts of a column identify people, each of its own."""
    texts = text_of(cells).drop_nulls().unique()
    found = set(match_keys(own, texts, key).keys.to_list()) & set(own.drop_nulls().to_list())
    return 2 * len(found) > len(texts) > 0
