"""The scale of ratings that several tables hold as one list: any of them may be on a scale of its own."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

import polars as pl

from inputs.checks.ratings import RatedCells, Scales, look_at, rated_people
from inputs.fields import RATERS, Rater, RatingOf
from inputs.phrases import few
from inputs.roster import RatingScale
from inputs.words.scales.choosing import MANY_PEOPLE, top_question, wide_warning
from inputs.words.scales.in_words import ask_about_mixed
from inputs.words.scales.kinds import RaterScale, ScaleChoice, WordScale
from inputs.words.scales.seen import (
    STRAY_CELLS,
    RatingsSeen,
    Unscaled,
    Whose,
    count_of_known_words,
    seen_together,
)

_NAMED = 6
"""Tables that a question names."""


def doubted_in_parts(
    scales: Scales,
    cells: RatedCells,
    rows: pl.Series,
    pack: RatingScale,
    declared: Mapping[Rater, RaterScale],
    place: Callable[[RatingOf, int], object],
) -> Scales:
    """The scales, with a question or a warning where one of the tables seems to be on another than all of
    them together. `rows` are the numbers of the people's rows, `place` gives the cell of a value."""
    parts = {} if cells.stated else dict(_parts(cells, rows, pack, place))
    if len(parts) < 2:
        return scales
    chosen = dict(scales.of_raters)
    for rater in (one for one in RATERS if one not in declared and chosen[one].question is None):
        if any(_is_mixed_in(part.seen[rater], chosen[rater].scale) for part in parts.values()):
            chosen[rater] = ask_about_mixed(Unscaled(rater, cells.seen[rater], pack))
    asked = [rater for rater in RATERS if chosen[rater].question is not None]
    undeclared = [rater for rater in RATERS if rater not in declared and cells.seen[rater].rated]
    if asked:
        chosen |= _with_ranges({rater: chosen[rater] for rater in asked}, parts, pack)
    elif undeclared:
        whose: Whose = "both" if len(undeclared) == 2 else undeclared[0]
        for name, part in parts.items():
            of = Unscaled(whose, _seen(part, undeclared), pack)
            people = rated_people(part)
            found = top_question(of, people) if people > MANY_PEOPLE else None
            if found is not None:
                found = replace(found, text=f"In '{name}': {found.text} {_ONE_LIST}")
                chosen |= {rater: replace(chosen[rater], note=None, question=found) for rater in undeclared}
                break
    for rater, scale in declared.items():
        warnings = (wide_warning(rater, scale, part.seen[rater], pack, name) for name, part in parts.items())
        if chosen[rater].warning is None and (warning := next(filter(None, warnings), None)):
            chosen[rater] = replace(chosen[rater], note=None, warning=warning)
    return replace(scales, of_raters=chosen)


_ONE_LIST = "All tables of a list are read on one scale: put their ratings on one where they differ."


def _is_mixed_in(seen: RatingsSeen, scale: RaterScale) -> bool:
    """Whether most ratings of one table are words of a scale where those of the list are numbers, or numbers
    where those are words."""
    others = seen.numbers if isinstance(scale, WordScale) else count_of_known_words(seen)
    return others >= STRAY_CELLS and 2 * others >= seen.rated


def _with_ranges(
    asked: Mapping[Rater, ScaleChoice], parts: Mapping[str, RatedCells], pack: RatingScale
) -> Mapping[Rater, ScaleChoice]:
    """The questions, with what the ratings of each table run from where some go beyond the rule pack's scale
    and others do not."""
    seen = {name: _seen(part, list(asked)) for name, part in parts.items()}
    seen = {name: one for name, one in seen.items() if one.numbers}
    if len({one.within(pack) for one in seen.values()}) < 2:
        return asked
    shown = few([f"in '{name}' they {one.spread}" for name, one in seen.items()], _NAMED)
    more = f"{shown[0].upper()}{shown[1:]}. {_ONE_LIST}"
    return {
        rater: replace(choice, question=replace(question, text=f"{question.text} {more}"))
        for rater, choice in asked.items()
        if (question := choice.question) is not None
    }


def _seen(part: RatedCells, raters: list[Rater]) -> RatingsSeen:
    return seen_together([part.seen[rater] for rater in raters])


def _parts(
    cells: RatedCells, rows: pl.Series, pack: RatingScale, place: Callable[[RatingOf, int], object]
) -> Iterator[tuple[str, RatedCells]]:
    """Of each table of a list, by its name, its ratings among those of all people."""
    lists = {id(column.table): column.table for column in cells.columns.values() if column.table.layers}
    for whole in lists.values():
        starts = [layer.start for layer in whole.layers]
        for layer, end in zip(whole.layers, [*starts[1:], None], strict=True):
            within = {
                role: (numbers > layer.start) & (True if end is None else numbers <= end)
                for role, column in cells.columns.items()
                if column.table is whole
                for numbers in (rows if column.rows is None else column.rows,)
            }
            columns = {
                role: replace(cells.columns[role], cells=_only(cells.columns[role].cells, inside))
                for role, inside in within.items()
            }
            numbers = [_only(cells.numbers[role.name], inside) for role, inside in within.items()]
            others = {
                role: cells.others[role].filter(pl.col("at").is_in(inside.arg_true().implode()))
                for role, inside in within.items()
            }
            seen = {rater: RatingsSeen(hint=one.hint) for rater, one in cells.seen.items()}
            part = RatedCells(columns, pl.DataFrame(numbers), others, cells.written, seen, {})
            look_at(part, pack, place)
            yield layer.table.full_name, part


def _only(cells: pl.Series, some: pl.Series) -> pl.Series:
    """The cells, null where they are none of some."""
    return pl.select(pl.when(some).then(cells).alias(cells.name)).to_series()
