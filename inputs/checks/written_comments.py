"""What people wrote into rating cells or into notes to them: comments on what was rated."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from inputs.checks.issue_log import IssueLog
from inputs.checks.ratings import RatedCells
from inputs.fields import OVERALL, RATERS, CommentOn, Rater, RatingOf
from inputs.tables.contents import SourceColumn
from inputs.tables.joining.joined_tables import JoinedTables
from inputs.words.rating_words import HELD_BY_COMMENT, WRITE_IT, held_ratings, is_word_of_a_scale
from inputs.words.scales.seen import seen_together
from inputs.words.statuses import progress
from inputs.words.texts import Fault, text_of, tidy
from inputs.words.word_lists import word_key, word_keys
from inputs.words.written_ratings import is_unrated, names_another_rating


def with_written_comments(joined: JoinedTables, cells: RatedCells) -> JoinedTables:
    """The people with what stands beside ratings in their cells, and in notes to these cells, as comments."""
    found = {role: _in_cells(role, cells) for role in cells.columns}
    for role, column in cells.columns.items():
        for at, note in _in_notes(joined, column).items():
            found[role][at] = f"{found[role][at]} {note}" if at in found[role] else note
    columns = dict(joined.columns)
    for role, texts in found.items():
        if texts:
            comment = CommentOn(role.competency, role.known_rater)
            columns[comment] = _with_texts(columns.get(comment), cells.columns[role], comment, texts)
    return replace(joined, columns=columns)


def report_notes(joined: JoinedTables, cells: RatedCells, log: IssueLog) -> None:
    """A warning of each note that is all that a cell holds, or that seems to hold another rating, of each
    comment that begins with a rating where there is none, and of each rating that is marked as not final."""
    for role, column in cells.columns.items():
        faults = _not_final(cells, role)
        for at, note in _in_notes(joined, column).items():
            text, shown = column.cells[at], f"'{note[:60]}'"
            if text is None or is_unrated(tidy(str(text))):
                problem = f"{shown} is a note to a cell without a rating: kept as a comment, and not rated."
                remedy = "If it holds the rating, write that into the cell; otherwise nothing to do."
            elif names_another_rating(note):
                problem = f"The note {shown} seems to hold another rating than the cell, which was read."
                remedy = "If the one in the note counts, write it into the cell; otherwise nothing to do."
            else:
                continue
            faults.append(Fault(at, note, "note_on_rating", problem, remedy))
        log.cells(role, faults)
        comment = joined.columns.get(CommentOn(role.competency, role.known_rater))
        if comment is not None:
            log.cells(comment.role, _held_by_comments(comment, column.texts.is_null()))
    for rater in RATERS:
        comment = joined.columns.get(CommentOn(OVERALL, rater))
        empty = [column.texts.is_null() for role, column in cells.columns.items() if role.rater == rater]
        if comment is not None and empty:
            some = pl.select(pl.any_horizontal(empty)).to_series()
            log.cells(comment.role, _held_by_comments(comment, some))


def _not_final(cells: RatedCells, role: RatingOf) -> list[Fault]:
    """The ratings beside which somebody wrote that they may still change, `4 (tbc)`, or that there is none;
    not where `In progress` is the name of a number on the scale."""
    others, labels = cells.others[role], _labels(cells, role)
    marks: defaultdict[str, list[str]] = defaultdict(list)
    for text, label in labels.items():
        marks[label[:_LONGEST_MARK]].append(text)
    are_names = 2 * others["text"].is_in(list(labels)).sum() > cells.columns[role].cells.count()
    says: dict[str, str] = {}
    for label, texts in marks.items():
        if progress(label) == "unfinished" or word_key(label) in word_keys("cells", "not_final"):
            is_name = are_names and len({cells.written[text].number for text in texts}) == 1
            says |= {} if is_name else dict.fromkeys(texts, "not final")
        elif is_unrated(tidy(label)):
            says |= dict.fromkeys(texts, "not rated")
    problem = "'{}' says that it is {}, and was read as the rating."
    remedy = "Write the rating alone if it is final; otherwise leave the cell empty until it is."
    return [
        Fault(at, text, "rating_not_final", problem.format(text, says[text]), remedy)
        for at, text in others.filter(pl.col("text").is_in(list(says))).iter_rows()
    ]


_LONGEST_MARK = 40
"""Letters of such a mark; what is longer is a comment."""


def _held_by_comments(comment: SourceColumn, empty: pl.Series) -> list[Fault]:
    """The comments that begin with a rating beside cells that are empty."""
    texts = comment.texts
    return [
        Fault(at, texts[at], "note_on_rating", HELD_BY_COMMENT.format(texts[at][:60]), WRITE_IT)
        for at in held_ratings(texts, empty)
    ]


def _in_cells(role: RatingOf, cells: RatedCells) -> dict[int, str]:
    """What stands beside the ratings, unless it is the name of each number, or without one."""
    kinds = {"word", "comment"} | ({"number"} if role.known_rater in _commenting(cells) else set())
    labels = {
        text: label
        for text, label in _labels(cells, role).items()
        if cells.written[text].kind in kinds and " " in label and not is_word_of_a_scale(label)
    }
    rows = cells.others[role].filter(pl.col("text").is_in(list(labels))) if labels else pl.DataFrame()
    return {at: labels[text] for at, text in rows.iter_rows()}


def _labels(cells: RatedCells, role: RatingOf) -> dict[str, str]:
    """What stands beside the rating in each different text in which something does."""
    texts = cells.others[role]["text"].unique().to_list()
    return {text: label for text in texts if (label := cells.written[text].label)}


def _commenting(cells: RatedCells) -> set[Rater]:
    """The raters whose words beside numbers are not one name for each number."""
    seen = {rater: seen_together([cells.seen[rater], *cells.stated_of(rater)]) for rater in RATERS}
    return {rater for rater, one in seen.items() if one.labels and not one.labels_are_names}


def _in_notes(joined: JoinedTables, column: SourceColumn) -> dict[int, str]:
    sheets = [table.sheet for table in column.table.originals]
    if not any(sheet.notes for sheet in sheets):
        return {}
    rows = joined.rows if column.rows is None else column.rows
    found = {}
    for at, row in enumerate(rows.to_list()):
        if row is None:
            continue
        layer, cell = column.table.layer(row), column.table.cell(row, column.letter)
        note = layer.table.sheet.notes.get((cell.row, cell.column))
        if note:
            found[at] = " ".join(note.split())
    return found


def _with_texts(
    known: SourceColumn | None, rated: SourceColumn, comment: CommentOn, texts: Mapping[int, str]
) -> SourceColumn:
    """The column of comments with more texts; one of its own, in the cells of the ratings, where there was
    none."""
    if known is None:
        cells = pl.Series(comment.name, dtype=pl.String).clear(len(rated.cells))
        known = replace(rated, role=comment, why="written to the rating itself", cells=cells)
    both = text_of(known.cells).to_list()
    for at, text in texts.items():
        both[at] = text if both[at] is None else f"{both[at]} {text}"
    return replace(known, cells=pl.Series(both, dtype=pl.String))
