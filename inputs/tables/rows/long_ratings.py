"""Tables with one row per rating or per rater: one rating per person, competency and rater, the latest."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from inputs import fields
from inputs.asked import mapped
from inputs.fields import BY, KEYS_OF_RATERS, OVERALL, RATERS, RATING_BY, AnyRater, CommentOn, RatingOf, Role
from inputs.issues import LISTED_OF_PEOPLE
from inputs.phrases import counted, few, was
from inputs.roster import Severity
from inputs.tables.contents import (
    RATERS_OF_ROWS,
    SAY_WHO_RATED,
    SourceColumn,
    keys_of,
    raters_named,
    shape_of,
    source_column,
    source_columns,
)
from inputs.tables.layout import Table
from inputs.tables.open_words import VERY_ALIKE, OpenWord, likely_competencies
from inputs.tables.raters import (
    Managers,
    ask_who_rated,
    by_manager,
    plain,
    raters_of,
    report_other_managers,
    report_raters,
    who_rated,
)
from inputs.tables.review_status import cycles, finished, is_beside_finished, report_unfinished
from inputs.tables.rows.repeated_rows import ask_what_tells_apart
from inputs.tables.table_issues import TableIssues
from inputs.words.header_scales import Scale, without_scale
from inputs.words.lexicon import Lexicon
from inputs.words.stand_ins import sums_up
from inputs.words.texts import each, text_of

_OFTEN = 10
"""Ratings of one rater that are repeated from which on it is asked what distinguishes them, if most are."""
_RATING_SCHEMA = {
    "id": pl.String(), "competency": pl.String(), "rater": pl.String(), "text": pl.String(),
    "comment": pl.String(), "row": pl.UInt32(), "order": pl.Int64(), "moment": pl.Int64(),
    "letter": pl.String(), "comment_letter": pl.String(), "finished": pl.Boolean(), "cycle": pl.String(),
}  # fmt: skip


@dataclass(frozen=True)
class _Block:
    """One column of ratings."""

    competencies: pl.Series | str
    """Of each row, or of all."""
    raters: pl.Series | str
    letter: str | None
    """None for comments on everything."""
    comment_letter: str | None
    """The column of the comments beside the ratings."""


def ratings_of(
    log: TableIssues,
    lexicon: Lexicon,
    ids: pl.Series,
    order: pl.Series,
    moment: pl.Series,
    managers: Managers,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """One row per rating, as `_RATING_SCHEMA`: one for each person, competency and rater; and what other
    raters gave, as `BY_OTHERS_SCHEMA`."""
    cells, done, cycle = log.table.cells, finished(log.table), cycles(log.table)
    parts = [
        pl.DataFrame(
            {
                "id": ids,
                "competency": block.competencies,
                "rater": block.raters,
                "text": None if block.letter is None else text_of(cells[block.letter]),
                "comment": None if block.comment_letter is None else text_of(cells[block.comment_letter]),
                "row": log.table.rows,
                "order": order,
                "moment": moment,
                "letter": block.letter or block.comment_letter,
                "comment_letter": block.comment_letter,
                "finished": done,
                "cycle": cycle,
            },
            schema_overrides=_RATING_SCHEMA,
        )
        for block in _blocks(log, lexicon, ids, raters_of(log, lexicon, ids, managers))
    ]
    given = pl.col("text").is_not_null() | pl.col("comment").is_not_null()
    frame = pl.concat(parts) if parts else pl.DataFrame(schema=_RATING_SCHEMA)
    frame = frame.filter(pl.col("id").is_not_null())
    blank, frame = frame.filter(~given & pl.col("finished")), frame.filter(given)
    _report_blanks(log, frame)
    found = _once(log, frame, blank)
    report_unfinished(log, found["row"])
    report_other_managers(log, found, managers)
    return found, _by_others(log.table, frame, found)


def _by_others(table: Table, given: pl.DataFrame, used: pl.DataFrame) -> pl.DataFrame:
    """The ratings by other raters, but for means of several, in finished reviews of the cycle whose ratings
    are used."""
    others = given.filter((pl.col("rater") == "other") & pl.col("finished"))
    by = next((one for one in RATERS_OF_ROWS if one in table.by_role), None)
    if by is not None:
        means = each(table.texts(by), sums_up, pl.Boolean).fill_null(value=False)
        others = others.filter(~pl.col("row").is_in(table.rows.filter(means).implode()))
    cycle = used.select("id", "cycle").unique()
    others = others.join(cycle, on=["id", "cycle"], how="semi", nulls_equal=True, maintain_order="left")
    return others.select(pl.col("id").alias("key"), "competency", "text").drop_nulls()


def _report_blanks(log: TableIssues, ratings: pl.DataFrame) -> None:
    """Rows that have a rating, and nothing in the column that says who gave it, or of what it is. It is asked
    whose they are where one of the raters has no others."""
    lost = {rater for rater in RATERS if not (ratings["rater"] == rater).any()}
    columns = source_columns(log.table)
    saying = [one for one in RATERS_OF_ROWS if one in columns][:1]
    for name, of, kind, what in (
        ("rater", saying or KEYS_OF_RATERS, "unknown_rater", "who gave it"),
        ("competency", (fields.COMPETENCY,), "unknown_competency", "of which competency it is"),
    ):
        said_in = [columns[one] for one in of if one in columns]
        if not said_in:
            continue
        empty = pl.DataFrame([one.texts.is_null().alias(one.letter) for one in said_in])
        blank = log.table.rows.filter(empty.select(pl.any_horizontal(pl.all())).to_series())
        column = next((one for one in said_in if one.texts.has_nulls()), said_in[0])
        sums = [text for text in ratings["id"].unique().to_list() if sums_up(text)]
        unsaid = pl.col(name).is_null() & pl.col("row").is_in(blank.implode()) & ~pl.col("id").is_in(sums)
        rows = ratings.filter(pl.col("text").is_not_null() & unsaid)["row"]
        if rows.is_empty():
            continue
        rows = rows.unique().sort()
        said = (
            f"{counted(len(rows), 'row')} {'has' if len(rows) == 1 else 'have'} a rating and nothing in "
            f"column {column.letter} ('{column.header}'), which says {what}"
        )
        if kind == "unknown_rater" and lost:
            first = log.table.row_label(rows[0])
            log.ask(
                f"{log.table.place}: {said}, the first in row {first}: whose are they?",
                "Write 'Self', 'Manager' or 'Peer' into them.",
            )
            continue
        remedy = "Fill it in; leave it if these rows should not be used."
        log.warn(
            kind,
            f"{said}. {'It was' if len(rows) == 1 else 'They were'} not used.",
            remedy,
            column.role,
            rows[0],
        )


def _blocks(log: TableIssues, lexicon: Lexicon, ids: pl.Series, raters: pl.Series | None) -> Iterator[_Block]:
    table = log.table
    if shape_of(table) == "rater rows":
        if raters is None:
            _ask_who_rated(log, lexicon)
            return
        for role, column in table.by_role.items():
            if isinstance(role, RatingOf) and role.rater is None:
                comments = _letter(log, CommentOn(role.competency, None))
                yield _Block(role.competency, raters, column.letter, comments)
        if fields.RATING_COMMENT in table.by_role:
            yield _Block(OVERALL, raters, None, table.by_role[fields.RATING_COMMENT].letter)
        return
    said = _raters_beside(table, lexicon) if raters is None else {}
    competencies = _competencies(log, lexicon, {text: competency for text, (competency, _) in said.items()})
    if said:
        by_text, texts = {text: rater for text, (_, rater) in said.items()}, table.texts(fields.COMPETENCY)
        counts = dict(texts.drop_nulls().value_counts().iter_rows())
        report_raters(log, lexicon, fields.COMPETENCY, texts, counts, by_text, ids)
        raters = texts.replace_strict(by_text, default=None, return_dtype=pl.String)
    for rater in RATERS:
        if RATING_BY[rater] in table.by_role:
            letter, comments = table.by_role[RATING_BY[rater]].letter, _letter(log, CommentOn(OVERALL, rater))
            yield _Block(competencies, rater, letter, comments)
    single = table.by_role.get(fields.RATING)
    if single is None or table.by_role.keys() & set(RATING_BY.values()):
        return
    if raters is not None:
        yield _Block(competencies, raters, single.letter, _letter(log, fields.RATING_COMMENT))
        return
    ask_who_rated(
        log,
        lexicon,
        f"{table.place}, column {single.letter} ('{single.header}'): whose ratings are they, the person's "
        "own or the manager's?",
        "Add a column 'Rater' with 'Self' or 'Manager' in every row, or say it of all of them in a mapping: "
        f"{single.mapped_as(fields.MANAGER_RATING.name)}.",
        [single],
        tuple((f"By {BY[rater]}", RATING_BY[rater].name) for rater in reversed(RATERS)),
    )


def _ask_who_rated(log: TableIssues, lexicon: Lexicon) -> None:
    column = next(column for role, column in log.table.by_role.items() if role in SAY_WHO_RATED)
    keys = keys_of(log.table)
    one_each = bool(keys) and not source_columns(log.table)[keys[0]].texts.is_duplicated().any()
    rated = [one for one in log.table.columns if isinstance(one.role, RatingOf)]
    why = "Nothing about the people can be compared with this column."
    if not log.table.cells[column.letter].count():
        why = "The column is empty."
    ask_who_rated(
        log,
        lexicon,
        f"{log.table.place}, column {column.letter} ('{column.header}'): which of the raters is the "
        f"person, and which the manager? {why}",
        "Add a column 'Rater' with 'Self', 'Manager' or 'Peer' in every row. If the same can be said of all "
        f"rows, say it in a mapping: `raters: {mapped([(log.table.title, 'other')])}`, or `manager`, or "
        "`self`.",
        rated if one_each else (),
    )


def _letter(log: TableIssues, role: Role) -> str | None:
    """The letter of a role's column, or None when the table has no such column."""
    column = log.table.by_role.get(role)
    return None if column is None else column.letter


def _raters_beside(table: Table, lexicon: Lexicon) -> dict[str, tuple[str, AnyRater]]:
    """The competency and the rater of each text that names both, `Communication (self)`, where none names a
    competency alone."""
    texts = table.texts(fields.COMPETENCY).drop_nulls().unique().to_list()
    named = {text: both for text in texts if (both := lexicon.rated_by(text)) is not None}
    whole = {text: (competency, rater) for text, (competency, rater) in named.items() if rater is not None}
    return whole if len(whole) == len(named) and fields.RATING in table.by_role else {}


def _competencies(log: TableIssues, lexicon: Lexicon, said: Mapping[str, str]) -> pl.Series:
    """The competency of each row; a warning for each name that is not in the rule pack. `said` are the texts
    that name a rater too."""
    texts = log.table.texts(fields.COMPETENCY)
    different = texts.drop_nulls().unique().sort().to_list()
    known = {text: said.get(text) or lexicon.competency(text) for text in different}
    unknown = [text for text, found in known.items() if found is None and not lexicon.is_ignored(text)]
    most = 2 * len(unknown) > len(known)
    taken = [found for found in known.values() if found]
    # `Self` among competencies is of a row whose values are shifted.
    names = [text for text in unknown if lexicon.rater(text) not in RATERS]
    asked = unknown if most else [*likely_competencies(_alone(names), lexicon, taken, VERY_ALIKE)]
    _ask_for(log, lexicon, texts, taken, asked)
    for text in unknown:
        if text in asked:
            continue
        rows = log.table.rows.filter((texts == text).fill_null(value=False))
        like = lexicon.suggestion(f"{text} manager")
        role = None if like is None else like.role
        meant = (
            f"If {lexicon.titles[role.competency]} is meant, write that."
            if isinstance(role, RatingOf)
            else "Nothing to do if no rule uses it."
        )
        log.warn(
            "unknown_competency",
            f"'{text[:60]}' is not a competency in this rule pack; {counted(len(rows), 'row')} with it "
            f"{was(len(rows))} not used.",
            meant,
            fields.COMPETENCY,
            rows[0],
            text,
        )
    return texts.replace_strict(known, default=None, return_dtype=pl.String)


def _alone(names: Sequence[str]) -> dict[str, str]:
    """Names beside which nothing stands."""
    return dict(zip(names, names, strict=True))


def _ask_for(
    log: TableIssues, lexicon: Lexicon, texts: pl.Series, taken: Sequence[str], unknown: Sequence[str]
) -> None:
    """Asks for the names of competencies."""
    likely = likely_competencies(_alone(unknown), lexicon, taken)
    column = log.table.by_role[fields.COMPETENCY]
    counts = dict(texts.drop_nulls().value_counts().iter_rows())
    for text in unknown:
        where = f"{counted(counts[text], 'row')} of column {column.letter}"
        log.open_words.append(OpenWord("competencies", text, log.table.place, where, "", likely.get(text)))


def _once(log: TableIssues, frame: pl.DataFrame, blank: pl.DataFrame) -> pl.DataFrame:
    """One rating per person, competency and rater: the latest, unless a later row is `blank`; empty where two
    of one time differ."""
    frame = frame.filter(pl.col("competency").is_not_null() & pl.col("rater").is_in(RATERS))
    group = ["id", "competency", "rater"]
    frame = _of_latest_reviews(log, _without_drafts(log, frame, group), group)
    frame = _latest(log, _latest(log, frame, group, "order"), group, "moment")
    frame = _but_for_blank(log, frame, blank, group)
    if not frame.select(group).is_duplicated().any():
        return frame.with_columns(comment_row="row")
    several = frame.filter(pl.col("text").is_not_null()).filter(pl.len().over(group) > 1)
    differ = several.filter(pl.struct("text").n_unique().over(group) > 1)
    for raters in (RATERS, *([one] for one in RATERS)):
        given, found = (one.filter(pl.col("rater").is_in(raters)) for one in (frame, differ))
        count, of = (one.select(group).n_unique() for one in (found, given))
        if not log.questions and 2 * count > of and (raters is RATERS or count >= _OFTEN):
            _ask_which_counts(log, given, found, group)
            break
    else:
        _report_repeats(log, differ, group)
    none = differ.select(group).unique().with_columns(_none=pl.lit(value=True))
    frame = frame.join(none, on=group, how="left", maintain_order="left")
    used = frame.with_columns(text=pl.when(pl.col("_none").is_null()).then("text")).drop("_none")
    return _with_comments(log, used, group)


def _latest(log: TableIssues, frame: pl.DataFrame, group: Sequence[str], by: str) -> pl.DataFrame:
    """Of several ratings of one thing those of the highest order, or of the latest moment; one that does not
    say when it was given is neither earlier nor later."""
    known = pl.col(by).is_not_null().all().over(group)
    latest = frame.with_columns(_latest=pl.when(known).then(pl.col(by).max().over(group)))
    older = latest.filter(pl.col(by) < pl.col("_latest"))
    frame = latest.filter(pl.col("_latest").is_null() | (pl.col(by) == pl.col("_latest"))).drop("_latest")
    if older.height:
        others = _by_other_managers(log.table, older, frame, group)
        log.add(
            Severity.WARNING if others else Severity.NOTE,
            "earlier_rating",
            f"{counted(older.height, 'earlier rating')} {was(older.height)} left out, because the same "
            f"person has a later one by the {'manager' if others else 'same rater'} for the same competency."
            + (f" Another manager gave the later ones: {few(others)}." if others else ""),
            "Nothing to do if the latest one is to count.",
        )
    return frame


def _but_for_blank(
    log: TableIssues, ratings: pl.DataFrame, blank: pl.DataFrame, group: Sequence[str]
) -> pl.DataFrame:
    """Without the ratings that a later row of the same rater for the same competency leaves blank."""
    at = ("order", "moment")
    last = blank.sort(at, nulls_last=False).unique(group, keep="last").select(*group, *at)
    both = ratings.select("row", *group, *at).join(last, on=group, suffix="_blank")
    later = pl.col("order_blank") > pl.col("order")
    later |= (pl.col("order_blank") == pl.col("order")) & (pl.col("moment_blank") > pl.col("moment"))
    left_blank = both.filter(later).select("row", *group)
    _note_left_blank(log, left_blank)
    return ratings.join(left_blank, on=["row", *group], how="anti", maintain_order="left")


def _note_left_blank(log: TableIssues, ratings: pl.DataFrame) -> None:
    """A note of ratings that a later review by the same rater leaves blank."""
    if ratings.is_empty():
        return
    count, people = ratings.height, ratings["id"].unique(maintain_order=True).to_list()
    log.note(
        "earlier_rating",
        f"{counted(count, 'rating')} of earlier reviews {was(count)} left out, because the same person has "
        f"a later review by the same rater, which leaves the competency blank: {few(people)}.",
        "Nothing to do if the later review is to count.",
    )


def _raters_of(table: Table) -> pl.DataFrame:
    """What identifies the rater of each row, as `who_rated`; no rows where no column does."""
    column = next(iter(raters_named(table).values()), None)
    if column is None:
        return pl.DataFrame(schema={"row": pl.UInt32(), "who": pl.String()})
    return who_rated(column)


def _by_other_managers(
    table: Table, older: pl.DataFrame, kept: pl.DataFrame, group: Sequence[str]
) -> list[str]:
    """Whose later ratings by the manager another one gave than the earlier ones, with both."""
    who = _raters_of(table)
    earlier, later = (by_manager(one).select(*group, "row").join(who, on="row") for one in (older, kept))
    pairs = earlier.join(later, on=group, suffix="_now").sort("row", "row_now")
    found = pairs.select("id", "who", "who_now").unique(maintain_order=True).iter_rows()
    return [f"{one} ('{then}', later '{now}')" for one, then, now in found if plain(then) != plain(now)]


def _with_comments(log: TableIssues, ratings: pl.DataFrame, group: Sequence[str]) -> pl.DataFrame:
    """One row for each rating, with the comment that stands beside it or in a row of its own."""
    written = ratings.filter(pl.col("comment").is_not_null())
    written = written.unique([*group, "comment"], keep="first", maintain_order=True)
    first = written.unique(group, keep="first", maintain_order=True)
    if more := written.join(first.select("row", "letter"), on=["row", "letter"], how="anti").height:
        log.warn(
            "repeated_rating",
            f"{counted(more, 'comment')} {was(more)} left out, because the same rating has another one.",
            "Write all that is to be read of a rating into one comment.",
            fields.RATING_COMMENT,
        )
    given = ratings.sort(pl.col("text").is_null(), maintain_order=True)
    given = given.unique(group, keep="first", maintain_order=True).drop("comment", "comment_letter")
    beside = first.select(*group, "comment", "comment_letter", comment_row="row")
    return given.join(beside, on=list(group), how="left", maintain_order="left")


def _of_latest_reviews(log: TableIssues, ratings: pl.DataFrame, group: Sequence[str]) -> pl.DataFrame:
    """Without the ratings of earlier cycles that the review of a later one by the same rater leaves out: what
    was left out is not rated."""
    if fields.CYCLE not in log.table.by_role:
        return ratings
    latest = pl.col("order").max()
    dated = pl.col("order").is_not_null().all().over(group)
    left_blank = dated & (latest.over(group) < latest.over("id", "rater"))
    _note_left_blank(log, ratings.filter(left_blank))
    return ratings.filter(~left_blank)


def _without_drafts(log: TableIssues, ratings: pl.DataFrame, group: Sequence[str]) -> pl.DataFrame:
    """Without the ratings of unfinished reviews that stand beside those of a finished one of the cycle."""
    kept = ratings.filter(~is_beside_finished(*group))
    count = ratings.height - kept.height
    if count:
        log.note(
            "unfinished_review",
            f"{counted(count, 'rating')} of reviews that are not finished {was(count)} left out, because the "
            "same person has one of a finished review by the same rater for the same competency.",
            "Nothing to do if the finished review is to count.",
            fields.REVIEW_STATUS,
        )
    return kept


def _ask_which_counts(
    log: TableIssues, ratings: pl.DataFrame, differ: pl.DataFrame, group: Sequence[str]
) -> None:
    """Where most ratings are given several times, the rows are about something else besides."""
    found = differ.group_by(group, maintain_order=True).agg("row", "text")
    employee_id, competency, rater, rows, texts = found.row(0)
    pairs = zip(texts, rows, strict=True)
    shown = ", ".join(f"{text} (row {log.table.row_label(row)})" for text, row in pairs)
    problem = (
        f"{log.table.place}: {found.height:,} of {ratings.select(group).n_unique():,} ratings "
        f"appear more than once with different values, such as, for {employee_id}, the "
        f"{RatingOf(competency, rater).label}: {shown}."
    )
    groups = found.with_row_index("group").select("group", "row").explode("row")
    if not log.swappable and ask_what_tells_apart(log, problem, groups):
        return
    log.ask(
        f"{problem} What distinguishes these rows besides person, rater and competency?",
        "Leave one row for each rating, the one that is to count."
        if not log.swappable
        else f"If the dates of '{log.swappable}' do, say in a mapping whether they are day first or month "
        "first: `date_order: day first`.",
    )


def _report_repeats(log: TableIssues, differ: pl.DataFrame, group: Sequence[str]) -> None:
    when = pl.col("order").is_null()
    found = differ.join(_raters_of(log.table), on="row", how="left", maintain_order="left")
    found = found.group_by(group, maintain_order=True).agg(
        "row", "letter", "text", (when.any() & ~when.all()).alias("some"), "who"
    )
    for employee_id, competency, rater, rows, letters, texts, some, by in found.head(
        LISTED_OF_PEOPLE
    ).iter_rows():
        several = len({*map(plain, by)}) > 1
        shown = ", ".join(
            f"{text}{f' by {who!r}' if several and who else ''} ({log.table.cell(row, letter)})"
            for text, row, letter, who in zip(texts, rows, letters, by, strict=True)
        )
        log.warn(
            "repeated_rating",
            f"The {RatingOf(competency, rater).label} is given several times "
            f"{'and not always dated' if some else 'for the same time'}: {shown}. None was used.",
            "Keep the one that counts: write 'Peer' for the other rater."
            if several
            else "Keep the one that counts, or add the date of each.",
            fields.RATING if fields.RATING in log.table.by_role else RATING_BY[rater],
            rows[0],
            texts[0],
            employee_id,
            RatingOf(competency, rater).name,
        )
    more = found.height - LISTED_OF_PEOPLE
    if more > 0:
        log.warn(
            "repeated_rating",
            f"{counted(more, 'more repeated rating')} {'differs' if more == 1 else 'differ'}. None was used.",
            "Keep the one that counts, or add the date of each.",
        )


def _scales_of_names(table: Table, lexicon: Lexicon) -> dict[str, Scale]:
    """The scales that rows name beside a competency: `Communication (1-10)`."""
    if fields.COMPETENCY not in table.by_role:
        return {}
    texts = table.texts(fields.COMPETENCY).drop_nulls().unique().to_list()
    named = ((lexicon.competency(text), without_scale(text)[1]) for text in texts)
    return {competency: scale for competency, scale in named if competency is not None and scale is not None}


def rating_columns(
    log: TableIssues, ratings: pl.DataFrame, keys: pl.Series, lexicon: Lexicon
) -> dict[Role, SourceColumn]:
    """A column for each competency and rater, and one for the comments beside it, one cell for each key."""
    table = log.table
    columns: dict[Role, SourceColumn] = {}
    people = keys.rename("id").to_frame()
    by_letter = {column.letter: column for column in table.columns}
    scales = _scales_of_names(table, lexicon)
    parts = ratings.partition_by("competency", "rater", "letter", as_dict=True) if ratings.height else {}
    for (competency, rater, letter), part in sorted(parts.items()):
        rating, comment = RatingOf(competency, rater), CommentOn(competency, rater)
        found = part.select("id", "text", "comment", "row", "comment_row")
        found = people.join(found, on="id", how="left", maintain_order="left")
        why = f"rows of {competency.replace('_', ' ')} by {rater}"
        column = by_letter[letter]
        if competency != OVERALL and found["text"].is_not_null().any():
            own = replace(column, scale=scales.get(competency, column.scale))
            rows = table.rows_in(letter, found["row"])
            columns[rating] = source_column(table, own, rating, why, found["text"], rows)
        if found["comment"].is_not_null().any():
            beside = by_letter[part["comment_letter"].drop_nulls()[0]]
            columns[comment] = source_column(
                table, beside, comment, why, found["comment"], found["comment_row"]
            )
    return columns
