"""Who manages whom: managers found by whatever identifies them in the file."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Set

import polars as pl

from inputs import fields
from inputs.checks.issue_log import IssueLog
from inputs.checks.manager_names import names_beside_ids, parts_of, warn_of_several
from inputs.phrases import counted, few, was
from inputs.tables.joining.joined_tables import JoinedTables
from inputs.words.people_names import share_a_word
from inputs.words.spelling import normalise, person_key, plain_id
from inputs.words.texts import each, text_of
from inputs.words.word_lists import read_words

_BRACKET = re.compile(r"[(\[]\s*([^()\[\]]+?)\s*[)\]]")
_LISTED = 20
_LONGEST_NOBODY = 20
_NEARLY_ALL = 0.9
"""The share of people who have an id in a column of ids."""
_LOOKED_AT = 1_000
"""Rows by which it is told whose names a column holds."""
_AT_ONCE = 50_000
"""Texts of which the forms are looked at together."""


def link_managers(values: dict[str, pl.Series], joined: JoinedTables, log: IssueLog) -> None:
    """Gives everybody the id and the name of their manager, as far as the file has them."""
    given = {
        "manager_id": values["manager_id"],
        "manager_email": joined.texts(fields.MANAGER_EMAIL),
        "manager_name": values["manager_name"],
    }
    given = {name: _without_nobody(texts) for name, texts in given.items()}
    values["manager_id"], values["manager_name"] = given["manager_id"], given["manager_name"]
    names_beside_ids(values, log)
    given["manager_name"] = values["manager_name"]
    ids = values["employee_id"]
    nothing = pl.DataFrame(given).select(pl.all_horizontal(pl.all().is_null())).to_series()
    known = given["manager_id"].is_in(ids.drop_nulls().implode()).fill_null(value=False) | nothing
    if (fields.MANAGER_ID in joined.columns and known.all()) or not any(
        texts.is_not_null().any() for texts in given.values()
    ):
        return
    different = {name: set(texts.drop_nulls().unique().to_list()) for name, texts in given.items()}
    book = _PeopleBook(values, joined, set().union(*different.values()))
    rows = _managers(given, different, book)
    _use(values, rows, ids)
    _with_ids_beside(values, log)
    _note_found(given, rows, ids, log)
    for header, known_as in book.by_other.items():
        log.note(
            "managers_found",
            f"Managers are given by what column '{header}' says of people, such as '{min(known_as)}'.",
            "If it does not say who somebody is, give managers by their ids or names.",
            fields.MANAGER_NAME if fields.MANAGER_NAME in joined.columns else fields.MANAGER_ID,
        )
    _warn_of_shared(given, rows, book, ids, log)
    warn_of_several(given, book.find, log)
    _one_spelling(values, log)
    names = values["manager_name"]
    values["manager_name"] = names.zip_with(names.is_not_null(), given["manager_email"])


def _without_nobody(texts: pl.Series) -> pl.Series:
    """The texts without words such as NO_MANAGER."""
    nobody = {normalise(word) for word in read_words("cells")["nobody"]}
    short = texts.filter(texts.str.len_chars() <= _LONGEST_NOBODY).unique()
    # A first look without leaving polars: most texts are names and ids.
    letters = short.str.to_lowercase().str.replace_all("[^a-z0-9]", "")
    likely = letters.is_in({word.replace(" ", "") for word in nobody}) | short.str.contains(r"[^\x00-\x7f]")
    found = [text for text in short.filter(likely).to_list() if normalise(text) in nobody]
    return texts.set(texts.is_in(found).fill_null(value=False), None) if found else texts


class _PeopleBook:
    """Finds people by their ids, addresses and names, and by whatever else identifies them in the file.

    It knows only those who may be meant by one of the texts that are given for managers.
    """

    def __init__(self, values: Mapping[str, pl.Series], joined: JoinedTables, given: Set[str]) -> None:
        given = given | {part for text in given for part in parts_of(text)}
        self._given, self._unused = given, joined.unused
        self._own_names = values["employee_name"]
        written = {one for text in given for one in _ways(text)}
        self._ids = _alone(_rows(values["employee_id"], written))
        emails = joined.texts(fields.EMAIL).str.to_lowercase()
        self._emails = _alone(_rows(emails, {one.lower() for one in written}))
        left = {text for text in given if self._surely(text) is None}
        with_digits = {text for text in left if any(map(str.isdigit, text))}
        self._plain_ids = _alone(_rows_like(values["employee_id"], plain_id, with_digits))
        self._named = _rows_like(values["employee_name"], person_key, left)
        self._names = _alone(self._named)
        self.by_other: dict[str, dict[str, int]] = {}
        """Header of another column that holds managers, and whom its values are."""

    def learn(self, given: pl.Series, unknown: Set[str]) -> None:
        """Looks for unknown texts, of those that are given, in the other columns of the file: one of them may
        be an id too."""
        for header, cells in self._unused.items():
            texts = text_of(cells)
            there = len(texts) - texts.null_count()
            # An id is everybody's own; a column of mentors is not, and may name another one for each.
            is_id = there >= _NEARLY_ALL * len(texts) and texts.drop_nulls().n_unique() == there
            # At most the head of all is their own manager.
            is_id = is_id and (texts == given).sum() <= 1 and not self._names_others(texts)
            rows = _alone(_rows(texts, self._given)) if is_id else {}
            if 2 * len(unknown & rows.keys()) > len(unknown):
                self.by_other[header] = rows

    def _names_others(self, texts: pl.Series) -> bool:
        """Whether a column holds names, most of them not the person's own."""
        names = pl.DataFrame({"own": self._own_names, "other": texts})
        names = names.filter(pl.col("other").str.contains(r"\pL \pL|\pL, ?\pL|\pL\. ?\pL")).head(_LOOKED_AT)
        return 2 * sum(map(share_a_word, names["own"].fill_null(""), names["other"])) < names.height

    def find(self, text: str) -> int | None:
        """The row of the one person whom a text means, or None."""
        found = self._surely(text)
        if found is not None:
            return found
        others = (rows[text] for rows in self.by_other.values() if text in rows)
        by_id = self._plain_ids.get(plain_id(text)) if any(map(str.isdigit, text)) else None
        return next(others, self._names.get(person_key(text)) if by_id is None else by_id)

    def _surely(self, text: str) -> int | None:
        """The row of the person whose id or address it is, letter for letter."""
        for one in _ways(text):
            found = self._ids.get(one, self._emails.get(one.lower()))
            if found is not None:
                return found
        return None

    def sharing(self, names: pl.Series) -> dict[str, pl.Series]:
        """The names that several people have, each with the rows of these."""
        several = self._named.filter(pl.col("form").is_duplicated())
        shared = {form: rows["at"] for (form,), rows in several.partition_by("form", as_dict=True).items()}
        keys = {name: person_key(name) for name in names.drop_nulls().unique().sort().to_list()}
        return {name: shared[key] for name, key in keys.items() if key in shared}


def _ways(text: str) -> Iterator[str]:
    """A text, and what stands in its brackets."""
    yield text
    if inside := _BRACKET.search(text):
        yield inside[1]


def _rows(texts: pl.Series, wanted: Set[str]) -> pl.DataFrame:
    """The rows whose text, in the column `form`, is wanted; which they are is in `at`."""
    found = pl.DataFrame({"form": texts}).with_row_index("at")
    return found.filter(pl.col("form").is_in(list(wanted)))


def _rows_like(texts: pl.Series, form: Callable[[str], str], like: Iterable[str]) -> pl.DataFrame:
    """The rows whose text has the form of one of some texts; the form in the column `form`, which they are in
    `at`."""
    wanted = {form(text) for text in like} - {""}
    found = dict[str, str]()
    if wanted:
        for some in texts.drop_nulls().unique().to_frame().iter_slices(_AT_ONCE):
            forms = ((text, form(text)) for text in some.to_series().to_list())
            found.update((text, key) for text, key in forms if key in wanted)
    rows = _rows(texts, found.keys())
    return rows.with_columns(pl.col("form").replace_strict(found, return_dtype=pl.String))


def _alone(rows: pl.DataFrame) -> dict[str, int]:
    """Each form that only one person has, to the row of that person."""
    return dict(rows.unique("form", keep="none").select("form", "at").iter_rows())


def _managers(
    given: Mapping[str, pl.Series], different: Mapping[str, Set[str]], book: _PeopleBook
) -> pl.Series:
    """For each person the row of the manager, null where the file has none. What is given, and each of its
    texts once, the surest first."""
    for name, texts in different.items():
        book.learn(given[name], {text for text in texts if book.find(text) is None})
    rows = []
    for name, texts in different.items():
        known = {text: book.find(text) for text in texts}
        rows.append(given[name].replace_strict(known, default=None, return_dtype=pl.UInt32))
    return pl.select(pl.coalesce(map(pl.lit, rows))).to_series()


def _use(values: dict[str, pl.Series], rows: pl.Series, ids: pl.Series) -> None:
    """Puts the ids and names of the managers who were found in place of what was written."""
    found = rows.is_not_null()
    at = rows.fill_null(0)
    for name, of_people in (("manager_id", ids), ("manager_name", values["employee_name"])):
        theirs = of_people.gather(at)
        values[name] = theirs.zip_with(found & theirs.is_not_null(), values[name]).alias(name)


def _with_ids_beside(values: dict[str, pl.Series], log: IssueLog) -> None:
    """Gives managers who are named without an id the one that stands beside the name in other rows."""
    ids, names = values["manager_id"], values["manager_name"]
    if not ids.count() or not (ids.is_null() & names.is_not_null()).any():
        return
    named = pl.DataFrame({"id": ids, "key": each(names, person_key)})
    beside = named.drop_nulls().unique().filter(~pl.col("key").is_duplicated() & (pl.col("key") != ""))
    meant = named.join(beside, on="key", how="left", maintain_order="left")["id_right"]
    known = ids.zip_with(ids.is_not_null(), meant)
    if count := known.count() - ids.count():
        values["manager_id"] = known
        log.note(
            "managers_found",
            f"{counted(count, 'row')} without a manager's id {was(count)} read as of the manager of that "
            "name in other rows.",
            "If that is somebody else, write the id there.",
            fields.MANAGER_NAME,
        )


def _note_found(given: Mapping[str, pl.Series], rows: pl.Series, ids: pl.Series, log: IssueLog) -> None:
    """A note for managers given by something else than their id or name."""
    for name, role, what in (
        ("manager_id", fields.MANAGER_ID, "something other than the employee id"),
        ("manager_email", fields.MANAGER_EMAIL, "their address"),
    ):
        texts = given[name]
        other = texts.is_not_null() & rows.is_not_null() & (texts != ids.gather(rows.fill_null(0)))
        if other.fill_null(value=False).any():
            first = int(other.arg_true()[0])
            log.note(
                "managers_found",
                f"Managers are given by {what}; they were found in the file, such as '{texts[first]}', who "
                f"is {ids[int(rows[first])]}.",
                "Nothing to do.",
                role,
            )


def _warn_of_shared(
    given: Mapping[str, pl.Series], rows: pl.Series, book: _PeopleBook, ids: pl.Series, log: IssueLog
) -> None:
    """Warns of managers given by a name that several people of the file have."""
    names = given["manager_name"].filter(rows.is_null())
    for name, theirs in list(book.sharing(names).items())[:_LISTED]:
        count = int((names == name).sum())
        log.warn(
            "shared_manager_name",
            f"'{name}', the manager of {counted(count, 'person', 'people')}, is the name of {len(theirs)} "
            f"people in the file: {few(ids.gather(theirs).drop_nulls().to_list())}. Who of them is meant "
            "is not known, so one manager's page holds the reports of all of them.",
            "Add a column 'Manager ID' with the employee id of each person's manager.",
            fields.MANAGER_NAME,
        )


def _one_spelling(values: dict[str, pl.Series], log: IssueLog) -> None:
    """Gives managers who are not in the file one spelling each, and tells of names that may be one
    manager."""
    counts = dict(values["manager_name"].drop_nulls().value_counts().iter_rows())
    by_key: dict[str, list[str]] = {}
    for name in sorted(counts, key=lambda name: (-counts[name], name)):
        by_key.setdefault(person_key(name) or name, []).append(name)
    usual = {name: spelled[0] for spelled in by_key.values() for name in spelled[1:]}
    if usual:
        values["manager_name"] = values["manager_name"].replace(usual)
        shown = few([f"'{name}' for '{as_usual}'" for name, as_usual in usual.items()], 4)
        log.note(
            "similar_managers",
            f"{counted(len(usual), 'spelling')} of managers' names differ only in case, order, accents or "
            f"punctuation and were read as one person: {shown}.",
            "Nothing to do if each is one person.",
            fields.MANAGER_NAME,
        )
    for one, other in list(_initials([spelled[0] for spelled in by_key.values()]))[:_LISTED]:
        log.warn(
            "similar_managers",
            f"'{one}' may be the same person as '{other}': each has a manager's page.",
            "If they are one person, spell the name the same way everywhere.",
            fields.MANAGER_NAME,
        )


def _initials(names: list[str]) -> Iterator[tuple[str, str]]:
    """Pairs of names of which one has an initial where the other has a first name."""
    spoken = {name: person_key(name).split() for name in names}
    for one, short in spoken.items():
        initials = [word for word in short if len(word) == 1]
        rest = {word for word in short if len(word) > 1}
        if not initials or not rest:
            continue
        for other, whole in spoken.items():
            left = [word for word in whole if word not in rest]
            if rest <= set(whole) and left and len(left[0]) > 1 and left[0][0] == initials[0]:
                yield one, other
