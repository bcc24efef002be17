"""Who gave each rating of a table with several rows per person: by words, or by ids."""

import re
from collections.abc import Iterable, Mapping, Sequence

import polars as pl

from inputs import fields
from inputs.asked import Answers
from inputs.fields import (
    BY,
    COMPETENCY,
    CYCLE,
    KEYS,
    KEYS_OF_MANAGERS,
    KEYS_OF_RATERS,
    RATEE_ROLE,
    RATER,
    RATERS,
    RELATIONSHIP,
    AnyRater,
    Field,
    Role,
)
from inputs.phrases import counted, few, was
from inputs.tables.contents import (
    RATERS_OF_ROWS,
    SourceColumn,
    columns_of_people,
    keys_of,
    raters_named,
    source_columns,
)
from inputs.tables.layout import Column, Table
from inputs.tables.open_words import OpenWord
from inputs.tables.table_issues import TableIssues
from inputs.words.lexicon import BY_MAPPING, Lexicon
from inputs.words.people_names import are_one_name, have_other_ids
from inputs.words.spelling import person_key, words
from inputs.words.texts import each
from inputs.words.written_ratings import read_written_rating

Managers = Mapping[Field, Mapping[str, str]]
"""By what identifies the manager: each person's manager, by everything that identifies the person."""
RATED_BY_ANOTHER = "rated_by_another"
_TOLD = 1_000
"""People who are told one by one of whom somebody else than the manager rated."""
_NUMBERED = re.compile(r"\d+\W+(?=\w)")
"""Before each word of a list: `1 - Self`, `2 - Manager`."""
_MOST_RATERS = 12
"""Different words for raters that a column has at the most."""
OF_MANAGER = dict(zip(KEYS_OF_RATERS, zip(KEYS, KEYS_OF_MANAGERS, strict=True), strict=True))
"""What a rater is compared with: what identifies the person, and what identifies the manager."""


def managers_of(tables: Sequence[Table]) -> Managers:
    """The managers that any of the tables gives for its people, where a table tells raters by identity."""
    managers: dict[Field, dict[str, str]] = {}
    if not any(map(raters_named, tables)):
        return managers
    for table in tables:
        columns = source_columns(table)
        for _, of_manager in OF_MANAGER.values():
            if of_manager not in columns:
                continue
            found = managers.setdefault(of_manager, {})
            for key in keys_of(table):
                pairs = zip(columns[key].texts.to_list(), columns[of_manager].texts.to_list(), strict=True)
                found.update((plain(one), manager) for one, manager in pairs if one and manager)
    return managers


def raters_of(log: TableIssues, lexicon: Lexicon, ids: pl.Series, managers: Managers) -> pl.Series | None:
    """`self`, `manager` or `other` for each row; None when the table has no such column."""
    table = log.table
    field = next((one for one in RATERS_OF_ROWS if one in table.by_role), None)
    if field is None:
        return _raters_by_identity(log, lexicon, ids, managers)
    texts = table.texts(field)
    counts: dict[str, int] = dict(texts.drop_nulls().value_counts().iter_rows())
    known = _by_words(sorted(counts), lexicon)
    if field is RELATIONSHIP and not _direction_known(log, texts, known, ids, managers):
        column = table.by_role[field]
        log.ask(
            f"{table.place}, column {column.letter} ('{column.header}'): does 'Manager' there mean that the "
            "manager gave the rating, or that the rated person is the manager?",
            f"Say it in a mapping: {column.mapped_as(RATER.name)} in the first case, "
            f"`{RATEE_ROLE.name}` in the second.",
            [column],
            (
                ("The manager gave the rating", RATER.name),
                ("The rated person is the manager", RATEE_ROLE.name),
            ),
        )
    if field is not RATEE_ROLE:
        known |= dict.fromkeys(_rated_beside(table, lexicon, texts, known, ids))
    report_raters(log, lexicon, field, texts, counts, known, ids)
    raters = texts.replace_strict(known, default=None, return_dtype=pl.String)
    if field is not RATEE_ROLE:
        raters = _without_contradictions(log, raters, ids, managers)
    return raters.replace({"manager": "other", "other": "manager"}) if field is RATEE_ROLE else raters


def _without_contradictions(
    log: TableIssues, raters: pl.Series, ids: pl.Series, managers: Managers
) -> pl.Series:
    """The raters without those of rows that say that the manager rated and name the person. Warns of these,
    and of rows that say that the person rated and name somebody else: going by what names who rated in most
    of people's own rows."""
    columns = source_columns(log.table)
    for role, column in raters_named(log.table).items():
        if (person := columns.get(OF_MANAGER[role][0])) is None:
            continue
        rows = pl.DataFrame(
            {"by": raters, "id": ids, "row": log.table.rows, "given": column.texts, "person": person.texts}
        ).drop_nulls()
        pairs = rows.select("given", "person").unique()
        same = pl.Series("same", [are_one(*pair) for pair in pairs.iter_rows()], dtype=pl.Boolean)
        rows = rows.join(pairs.with_columns(same), on=["given", "person"], maintain_order="left")
        by_self, by_managers = (rows.filter(pl.col("by") == rater) for rater in RATERS)
        if 2 * by_self["same"].sum() <= by_self.height:
            continue
        above = managers.get(OF_MANAGER[role][1], {})
        pairs = by_managers.filter("same").select("id", "given").unique(maintain_order=True)
        contradicted = [
            employee for employee, who in pairs.iter_rows() if not are_one(above.get(plain(employee)), who)
        ]
        by_others = by_self.filter(~pl.col("same"))
        own = by_managers.filter(pl.col("same") & pl.col("id").is_in(contradicted))
        for wrong in (by_others, *own.partition_by("id", maintain_order=True)):
            if wrong.is_empty():
                continue
            count, first = wrong.height, wrong.row(0, named=True)
            say = "says that it is" if count == 1 else "say that they are"
            named = "the person" if first["same"] else "somebody else"
            read = "not used" if first["same"] else f"read as by {BY['self']}"
            used = f"{'It' if count == 1 else 'They'} {was(count)} {read}"
            log.warn(
                "contradicted_rater",
                f"{counted(count, 'row')} {say} by {BY[first['by']]}, but {column.called} names {named}, "
                f"such as '{first['given']}' for {first['id']}. {used}.",
                "Correct who rated there, or take the rows out.",
                column.role,
                first["row"],
                first["given"],
                first["id"] if first["same"] else None,
                "manager" if first["same"] else None,
            )
        return raters.set(log.table.rows.is_in(own["row"].implode()), None)
    return raters


def _by_words(texts: Sequence[str], lexicon: Lexicon) -> dict[str, AnyRater | None]:
    """Who each text says rated; words that may be the person are others beside a clearer word. Whether `My
    manager` gave the rating or got it, no word says."""
    numbered = all(map(_NUMBERED.match, texts))
    known: dict[str, AnyRater | None] = {}
    for text in texts:
        named = lexicon.rater(text) or (lexicon.rater(_NUMBERED.sub("", text)) if numbered else None)
        known[text] = None if _may_be_rated(text, lexicon) else named
    doubtful = {text for text in texts if words(text) in lexicon.perhaps_other}
    if any(rater == "self" for text, rater in known.items() if text not in doubtful):
        known |= dict.fromkeys(doubtful, "other")
    ours = {text: rater for text in texts if (rater := lexicon.other_or(text)) and known[text] == "other"}
    return known | {text: None for text, rater in ours.items() if rater not in known.values()}


def _rated_beside(
    table: Table,
    lexicon: Lexicon,
    texts: pl.Series,
    known: Mapping[str, AnyRater | None],
    ids: pl.Series,
) -> list[str]:
    """Different words for one rater that stand beside ratings of the same in the same cycle: they are of two
    people, and nobody knows which of them is meant, unless somebody has said it."""
    found: list[str] = []
    given = {field.name: table.texts(field) for field in (COMPETENCY, CYCLE) if field in table.by_role}
    for rater in RATERS:
        own = {text: lexicon.without_noise(text) for text, one in known.items() if one == rater}
        if len(set(own.values())) < 2 or all(words(text) in lexicon.explained for text in own):
            continue
        by = texts.replace_strict(own, default=None, return_dtype=pl.String)
        rows = pl.DataFrame({"id": ids, "by": by, **given}).drop_nulls(["id", "by"])
        several = pl.col("by").n_unique().over("id", *given) > 1
        named = set(rows.filter(several)["by"])
        found += [text for text, word in own.items() if word in named]
    return found


def _may_be_rated(text: str, lexicon: Lexicon) -> bool:
    spoken = words(text)
    return (
        spoken[:1] in lexicon.first_person
        and spoken not in lexicon.explained
        and "manager" in (lexicon.rater(text), lexicon.other_or(text))
    )


def report_raters(
    log: TableIssues,
    lexicon: Lexicon,
    field: Field,
    texts: pl.Series,
    counts: Mapping[str, int],
    known: Mapping[str, AnyRater | None],
    ids: pl.Series,
) -> None:
    """Asks or warns of texts of a field that do not say who rated, and tells of other raters. `known` are the
    raters of the texts, `counts` how many rows have each."""
    missing = set(RATERS) - set(known.values())
    raters: tuple[AnyRater, ...] = ("manager", "other")
    by_manager, by_others = (dict.fromkeys(ids.filter(_called(one, texts, known))) for one in raters)
    for text in (text for text, rater in known.items() if rater is None):
        people = set(ids.filter((texts == text).fill_null(value=False)).drop_nulls())
        # Beside words for both raters a number is a rating, of a row whose values are shifted.
        is_shifted = not missing and read_written_rating(text).kind == "number"
        open_ = missing or (people - by_manager.keys() and not is_shifted)
        if open_ and field is not RATEE_ROLE:
            column, rows = log.table.by_role[field], counted(counts[text], "row")
            where = f"{rows} of column {column.letter}, '{column.header}'"
            only = next(iter(missing)) if len(missing) == 1 and len(known) == 2 else None
            likely = only if lexicon.may_be(text, only) else None
            log.open_words.append(OpenWord("raters", text, log.table.place, where, "", likely))
            continue
        log.warn(
            "unknown_rater",
            f"'{text[:60]}' does not say who rated; {counted(counts[text], 'row')} with it "
            f"{was(counts[text])} not used.",
            "Write 'Self' or 'Manager', or 'Peer' for anybody else.",
            field,
            log.table.rows[(texts == text).arg_true()[0]],
            text,
        )
    others = [text for text, rater in known.items() if rater == "other"]
    if others:
        count = sum(counts[text] for text in others)
        names = ", ".join(f"'{text}'" for text in others)
        problem = (
            f"{counted(count, 'row')} by other raters ({names}) {was(count)} kept apart: not part of the "
            "manager's rating."
        )
        lost = [one for one in by_others if one is not None and one not in by_manager]
        if field is RATEE_ROLE or not by_manager or not lost:
            log.note("other_raters", problem, "Nothing to do.", field)
            return
        log.warn(
            "other_raters",
            f"{problem} Nobody rated {few(lost)} as the manager.",
            "If one of them stood in for the manager, write 'Manager' there; otherwise nothing to do.",
            field,
        )


def _called(wanted: AnyRater, texts: pl.Series, known: Mapping[str, AnyRater | None]) -> pl.Series:
    """Whether the text of each row is a word for a rater."""
    return texts.is_in([text for text, rater in known.items() if rater == wanted]).fill_null(value=False)


def name_both(texts: Sequence[str], lexicon: Lexicon) -> bool:
    """Whether the texts of a column say who rated, and name both raters."""
    raters = [lexicon.rater(text) for text in texts]
    return None not in raters and set(raters) >= set(RATERS)


def few_texts(table: Table, column: Column) -> list[str]:
    """The different texts of a column in their order; none where they are many."""
    texts = table.texts_of(column).drop_nulls().unique().sort().head(_MOST_RATERS + 1).to_list()
    return texts if len(texts) <= _MOST_RATERS else []


def names_of_raters(table: Table, lexicon: Lexicon) -> tuple[Column, str] | None:
    """A column that is taken for nothing and whose values name both raters, or tell the rows of nearly
    everybody apart who has several; and these values."""
    unused = [column for column in table.unknown if column.why != BY_MAPPING]
    found = [(column, few_texts(table, column)) for column in unused]
    named = (one for one in found if name_both(one[1], lexicon))
    telling = (one for one in found if _tells_rows_apart(table, *one))
    column, texts = next(named, None) or next(telling, (None, []))
    return None if column is None else (column, few([f"'{text}'" for text in texts], 3, " and "))


def _tells_rows_apart(table: Table, column: Column, texts: Sequence[str]) -> bool:
    """Whether half of the people or more have a second row, and nobody two with one text of a column. What is
    different in nearly every row, such as the number of an answer, tells nothing."""
    rows = table.cells[column.letter].drop_nulls().len()
    often = len(texts) == len(RATERS) or rows >= 2 * len(texts) > 2 * len(RATERS)
    return often and any(_second_rows(table, key, column) for key in columns_of_people(table))


def _second_rows(table: Table, key: Column, column: Column) -> bool:
    rows = pl.DataFrame({"key": table.texts_of(key), "text": table.texts_of(column)})
    rows = rows.drop_nulls()
    return 3 * rows["key"].n_unique() <= 2 * rows.height and not rows.is_duplicated().any()


def ask_who_rated(
    log: TableIssues,
    lexicon: Lexicon,
    text: str,
    remedy: str,
    columns: Iterable[Column] = (),
    answers: Answers = (),
) -> None:
    """Asks who rated: with the values of a column that is taken for nothing and names both raters, unless
    somebody has said what it is; else with the remedy and the answers that are given."""
    for column in log.table.columns:
        unknown = column.role in (None, fields.DEPARTMENT) and column.header
        texts = few_texts(log.table, column) if unknown else []
        if column.why == BY_MAPPING or not name_both(texts, lexicon):
            continue
        named = few([f"'{text}'" for text in texts], 3, " and ")
        log.ask(
            f"{text} Does {column.called} say who rated, with {named}?",
            f"If so, say it in a mapping: {column.mapped_as(RATER.name)}; if not, `null`.",
            [column],
            says_who_rated(column),
        )
        return
    log.ask(text, remedy, columns, answers)


def says_who_rated(column: Column) -> Answers:
    """The answers to the question whether a column does."""
    return (f"Yes, “{column.header}” says who rated", RATER.name), ("No", "")


def _raters_by_identity(
    log: TableIssues, lexicon: Lexicon, ids: pl.Series, managers: Managers
) -> pl.Series | None:
    """Who rated, from what identifies rater, person and manager; a question where no manager is known."""
    given = raters_named(log.table)
    found = _comparisons(log, ids, managers)
    if not found:
        return None
    nobodys = not any(managers.get(OF_MANAGER[role][1]) for role in given)
    column = next(iter(given.values()))
    if nobodys and any((raters == "other").any() for raters in found):
        ask_who_rated(
            log,
            lexicon,
            f"{log.table.place}, column {column.letter} ('{column.header}'): which of the raters are "
            "managers? None of them is given as anybody's manager.",
            "Add a column 'Rater' with 'Self', 'Manager' or 'Peer' in every row, or a column with each "
            "person's manager.",
        )
    surest = next((raters for raters in found if (raters == "manager").any()), found[0])
    each_way = pl.DataFrame([raters.alias(str(at)) for at, raters in enumerate((surest, *found))])
    chosen = each_way.select(pl.coalesce(pl.all())).to_series()
    if not nobodys:
        _report_others(log, column, chosen, ids)
    return chosen


def _report_others(log: TableIssues, column: SourceColumn, raters: pl.Series, ids: pl.Series) -> None:
    """Tells of rows by neither the person nor the manager; warns where they are all that somebody has."""
    by = pl.DataFrame({"id": ids, "rater": raters, "who": column.texts, "row": log.table.rows})
    others = by.filter(pl.col("rater") == "other")
    if others.is_empty():
        return
    count, role = others.height, column.role
    named = few([f"'{who}'" for who in others["who"].unique().sort().to_list() if who])
    problem = (
        f"{counted(count, 'row')} by raters in column {column.letter} ('{column.header}') who are neither "
        f"the person nor the manager ({named}) {was(count)} kept apart: not part of the manager's rating."
    )
    rated = by.filter(pl.col("rater") == "manager")["id"].drop_nulls()
    lost = others.filter(pl.col("id").is_not_null() & ~pl.col("id").is_in(rated.implode()))
    if lost.is_empty():
        log.note("other_raters", problem, "Nothing to do.", role)
        return
    people = few(lost["id"].unique(maintain_order=True).to_list())
    log.warn(
        "other_raters",
        f"{problem} Only self ratings are left for {people}.",
        "If a former manager rated them, give that one as the manager, or add a column 'Rater' with 'Self', "
        "'Manager' or 'Peer' in every row.",
        role,
        lost["row"][0],
        lost["who"][0],
    )


def _comparisons(log: TableIssues, ids: pl.Series, managers: Managers) -> list[pl.Series]:
    """`self`, `manager` or `other` for each row, by each thing that identifies raters and people."""
    compared = (_compared(log, one, ids, managers) for one in KEYS_OF_RATERS)
    return [raters for raters in compared if raters is not None]


def _compared(log: TableIssues, rater: Field, ids: pl.Series, managers: Managers) -> pl.Series | None:
    """The same by one thing; None when no rater or no person has such a thing."""
    columns = source_columns(log.table)
    of_person, of_manager = OF_MANAGER[rater]
    if any(one not in columns or not columns[one].texts.count() for one in (rater, of_person)):
        return None
    people = columns[of_person].texts.to_list()
    known = managers.get(of_manager, {})
    raters = []
    for key, person, given in zip(ids.to_list(), people, columns[rater].texts.to_list(), strict=True):
        above = known.get(plain(key)) or known.get(plain(person))
        who = "self" if are_one(given, person) else "manager" if are_one(given, above) else "other"
        raters.append(who if plain(given) else None)
    return pl.Series(raters, dtype=pl.String)


def by_manager(ratings: pl.DataFrame) -> pl.DataFrame:
    """Of rows with the columns `rater` and `text`, the ratings that the manager gave."""
    return ratings.filter(pl.col("rater") == "manager", pl.col("text").is_not_null())


def report_other_managers(log: TableIssues, ratings: pl.DataFrame, managers: Managers) -> None:
    """Tells of ratings that are called the manager's and were given by another one than the file names as the
    person's manager; `ratings` are those that count."""
    named = raters_named(log.table)
    role = next((one for one in named if managers.get(OF_MANAGER[one][1])), None)
    if role is None or not any(one in log.table.by_role for one in RATERS_OF_ROWS):
        return
    column, known = named[role], managers[OF_MANAGER[role][1]]
    theirs = by_manager(ratings).join(who_rated(column), on="row", how="inner", maintain_order="left")
    groups = theirs.group_by("id", "who", maintain_order=True).agg(pl.len(), pl.col("row").first())
    others = [
        (employee, one, above, count, row)
        for employee, one, count, row in groups.iter_rows()
        if (above := known.get(plain(employee))) and not are_one(one, above) and not are_one(employee, above)
    ]
    if not others:
        return
    tell_who_rated(log, others, role)
    count = sum(count for *_, count, _ in others)
    people = [f"{employee} ('{one}', and not '{above}')" for employee, one, above, *_ in others]
    log.warn(
        "new_manager",
        f"{counted(count, 'rating')} by the manager {was(count)} given, as column "
        f"{column.letter} ('{column.header}') says, by somebody else than the person's manager: "
        f"{few(people)}. They count as the manager's, and pages speak of the manager whom the file "
        "names.",
        "If the manager is another one now, write that one; if no manager gave these ratings, write 'Peer'.",
        role,
    )


def tell_who_rated(log: TableIssues, others: Iterable[tuple[str, str, str, int, int]], role: Role) -> None:
    """Tells with each person, once, that somebody else than the manager gave ratings that count as the
    manager's: the id, who rated, the manager, how many ratings, and a row of theirs."""
    known = {issue.employee_id for issue in log.issues if issue.kind == RATED_BY_ANOTHER}
    for employee, one, above, count, row in list(others)[:_TOLD]:
        if employee not in known:
            log.note(
                RATED_BY_ANOTHER,
                f"{counted(count, 'rating')} by the manager {was(count)} given by '{one}'; the manager is "
                f"'{above}'.",
                "Nothing to do if that is right: it is an open question beside the recommendation.",
                *(role, row, one, employee, role.name),
            )


def who_rated(column: SourceColumn) -> pl.DataFrame:
    """What identifies the rater of each row that says it: `row` and `who`."""
    return pl.DataFrame({"row": column.table.rows, "who": column.texts}).drop_nulls()


def are_one(who: str | None, other: str | None) -> bool:
    """Whether two ids, addresses or names are somebody's, however they are written."""
    one, another = plain(who), plain(other)
    if one == another:
        return not have_other_ids([who or "", other or ""])
    share_a_word = not set(one.split()).isdisjoint(another.split())
    return share_a_word and are_one_name(who or "", other or "")


def plain(text: str | None) -> str:
    """An id, an address or a name, however it is written."""
    if text is None:
        return ""
    return text.casefold() if "@" in text else person_key(text)


def _direction_known(
    log: TableIssues,
    texts: pl.Series,
    known: Mapping[str, AnyRater | None],
    ids: pl.Series,
    managers: Managers,
) -> bool:
    """Whether the raters called manager are the people's managers; or several of them rated several people
    so, who have one each: nobody has two managers to rate."""
    found = _comparisons(log, ids, managers)
    called = _called("manager", texts, known)
    if any(len(one := raters.filter(called)) and bool((one == "manager").all()) for raters in found):
        return True
    for column in raters_named(log.table).values():
        pairs = (
            pl.DataFrame({"id": ids, "by": each(column.texts, plain)}).filter(called).drop_nulls().unique()
        )
        teams = pairs.filter(pl.col("by").is_duplicated())
        if not pairs["id"].is_duplicated().any() and teams["by"].n_unique() > 1:
            return True
    return False
