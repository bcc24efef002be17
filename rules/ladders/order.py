"""Which levels a ladder has, and which is the lowest: asked where names or ratings leave it open."""

from collections.abc import Sequence
from itertools import pairwise

from rules.ladders.headings import speaks_of
from rules.ladders.ladder import Ladder, OpenQuestionError
from rules.ladders.level_names import (
    are_professions,
    has_word,
    is_ranked,
    number_of_level,
    rank_of,
    series_of,
)
from rules.ladders.level_tables import STEP
from rules.ladders.matrix import Matrix
from rules.pack import PackError
from rules.spelling import name_key


def require_levels(matrix: Matrix) -> None:
    """Asks where the headings are named as the points of a rating scale are, as promotions, or as jobs."""
    grid, titles, first = matrix.table.grid, matrix.titles, matrix.levels[matrix.order[0]]
    steps = [step.groups() for title in titles if (step := STEP.fullmatch(title))]
    if len(steps) == len(titles) and all(before[1] == after[0] for before, after in pairwise(steps)):
        raise PackError(
            f"{grid.place_of(first.cell)}: “{first.title}” is a promotion, and a ladder has levels: head "
            f"each column with the level that the promotion leads to, such as {steps[0][1]}, and give "
            f"{steps[0][0]} a column before it with what is expected there"
        )
    shown = ", ".join(titles)
    if not matrix.answers.levels and all(speaks_of("points_of_a_scale", title) for title in titles):
        raise OpenQuestionError(
            f"{grid.file}: are {shown} levels of a ladder, or ratings that one level describes?",
            f'If they are levels, say so with --levels "{shown}"; a ladder has a column for each level',
        )
    if not matrix.answers.levels and _are_jobs(titles):
        raise OpenQuestionError(
            f"{grid.file}: are {shown} levels of one ladder, or jobs side by side?",
            f'If they are levels, say so with --levels "{shown}", the lowest first; a ladder has a column '
            "for each level of one job",
        )


def _are_jobs(titles: Sequence[str]) -> bool:
    """Whether all titles that sound neither high nor low are of professions, and not of one."""
    plain = [one for one in titles if rank_of(one, titles) is None and number_of_level(one) is None]
    each = [{word for word in title.split() if speaks_of("professions", word)} for title in plain]
    return len(plain) > 1 and all(each) and not set.intersection(*each)


def require_alike(matrix: Matrix) -> None:
    """Asks whether the first or the last heading is a level, where the others are numbered or begin with a
    junior one and it is called in another way: it may say what is optional, or why."""
    titles = matrix.titles
    for odd, others in ((titles[0], titles[1:]), (titles[-1], titles[:-1])):
        numbers = [number_of_level(title) for title in others]
        numbered = None not in numbers and len(others) > 1 and number_of_level(odd) is None
        after_it = odd == titles[0] and has_word("junior_words", others[0])
        spoken = {word for title in others for word in title.casefold().split()}
        alike = is_ranked(odd) or not spoken.isdisjoint(odd.casefold().split())
        if (numbered or after_it) and not alike and not matrix.answers.levels:
            place = matrix.table.grid.place_of(matrix.levels[name_key(odd)].cell)
            raise OpenQuestionError(
                f"{place}: is “{odd}” a level, as {', '.join(others)} are?",
                f'If so, say --levels "{", ".join(titles)}"; if not, '
                f'--levels "{", ".join(others)}" leaves it out',
            )


def require_one_family(matrix: Matrix) -> None:
    """Asks where a column tells professions or tracks apart, and not their levels: nobody needs what all of
    them do."""
    table = matrix.table
    areas = dict.fromkeys(one.category for one in matrix.competencies.values() if one.category)
    named = any(name_key(table.heading(column).text) == "area" for column in table.columns("category"))
    if len(areas) > 1 and not named and are_professions(areas):
        raise OpenQuestionError(
            f"{table.grid.file}: the areas on {table.grid.name} are called after professions "
            f"({', '.join(areas)}); whose ladder is it?",
            "Leave only the rows of one ladder in the file, or write the areas into a column Area if "
            "everybody needs all of them",
        )
    for heading in map(table.heading, table.columns("family")):
        of_level: dict[str, set[str]] = {}
        for row in table.below:
            if family := table.grid.rows[row][heading.column]:
                of_level.setdefault(name_key(table.text(row, "level")), set()).add(family)
        if any(len(some) > 1 for some in of_level.values()):
            raise OpenQuestionError(
                f"{heading.place}: the column “{heading.text}” has rows of "
                f"{', '.join(sorted(set().union(*of_level.values())))}; whose ladder is it?",
                "Leave only the rows of one ladder in the file, or call the column Area if everybody needs "
                "all of them",
            )


def require_one_way(matrix: Matrix) -> None:
    """Asks whether levels whose numbers begin again, such as P1, P2, M1, M2, are one way up; where they are
    called junior or senior too, they are."""
    titles, series = matrix.titles, series_of(matrix.titles)
    ranked = any(is_ranked(name) and not has_word("management", name) for name in series)
    if len(series) < 2 or ranked or matrix.answers.levels:
        return
    first = next(place for place, title in enumerate(titles) if title.startswith(series[1]))
    one = ", ".join(titles)
    raise OpenQuestionError(
        f"{matrix.table.grid.file}: the numbers of the levels begin again ({one}); are they one way up, or "
        f"several ({' and '.join(series)})?",
        _one_way_or(titles, first),
    )


def require_no_senior_first(matrix: Matrix) -> None:
    """Asks for the order of the levels where their names fall: from Senior to Junior, from III to I."""
    numbers = number_of_level(matrix.titles[0]), number_of_level(matrix.titles[-1])
    falls = numbers[0] is not None and numbers[1] is not None and numbers[0] > numbers[1]
    ranks = [rank for title in matrix.titles if (rank := rank_of(title, matrix.titles)) is not None]
    names = any(a > b for a, b in pairwise(ranks)) and not any(a < b for a, b in pairwise(ranks))
    if not matrix.answers.levels and (names or falls):
        why = "comes first, and the levels are named from higher to lower ones"
        raise _which_is_lowest(matrix.table.grid.file, matrix.titles, why)


def require_rising(ladder: Ladder) -> None:
    """Asks for the order of the levels where the ratings fall from the first of them to the last, and whether
    a level is the next one or a branch where it asks for less as often as for more."""
    titles = [level.title for level in ladder.levels]
    less, more = _changes(ladder, 0, len(titles) - 1)
    if len(less) > len(more):
        raise _which_is_lowest(
            ladder.source,
            titles,
            "comes first and requires more than the levels behind it",
            '. If the lowest number is the best rating, write that above the matrix: "1 is best, 5 is worst"',
        )
    for lower, higher in ladder.promotions[1:]:
        less, more = _changes(ladder, lower, higher)
        if less and len(less) >= len(more):
            raise OpenQuestionError(
                f"“{titles[higher]}” requires less than “{titles[lower]}” of {', '.join(less)}; "
                "is it the next level, or another way up?",
                _one_way_or(titles, higher),
            )


def _one_way_or(titles: list[str], branch: int) -> str:
    """How to say that each level is the next one, or that another way up begins at one of them."""
    ways = f"{', '.join(titles[:branch])}; {titles[max(branch - 2, 0)]}, {', '.join(titles[branch:])}"
    return (
        f'Say it with --levels "{", ".join(titles)}" where each is the next level, or, for two ways up, such '
        f'as --levels "{ways}"'
    )


def _changes(ladder: Ladder, lower: int, higher: int) -> tuple[list[str], list[str]]:
    """The competencies of which a higher level requires less than a lower one, and those of which more."""
    less, more = list[str](), list[str]()
    for place, one in enumerate(ladder.competencies):
        here, above = (ladder.required.get((level, place)) for level in (lower, higher))
        if here and above and here.rating is not None and above.rating is not None:
            less += [one.title] if above.rating < here.rating else []
            more += [one.title] if above.rating > here.rating else []
    return less, more


def _which_is_lowest(source: str, titles: list[str], why: str, also: str = "") -> OpenQuestionError:
    upwards = ", ".join(reversed(titles))
    return OpenQuestionError(
        f"{source}: “{titles[0]}” {why}; which is the lowest level?",
        f'Say it with --levels "{upwards}", the lowest first{also}',
    )
