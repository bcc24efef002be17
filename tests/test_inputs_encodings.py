"""Text files that are not in UTF-8: never a wrong name without a word, and one answer puts it right."""

import unicodedata
from pathlib import Path

import pytest

from inputs import InputError
from inputs.answering import with_answer
from inputs.discovery import discover
from inputs.files.text_encodings import ENCODINGS
from inputs.inspection import inspect_files
from inputs.loading import load_roster
from inputs.mapping import FileMapping
from inputs.protected_groups import read_groups
from inputs.roster import MappingError
from tests.inputs_vocabulary import DAY, VOCABULARY, questions

POLISH = ("Lech Wałęsa", "Żaneta Łukasiewicz", "Michał Bożek", "Iga Świątek", "Ann Lee")
CZECH = ("Jiří Dvořák", "Karel Čapek", "Jan Němec")
RUSSIAN = ("Иван Иванов", "Ольга Смирнова")
GERMAN = ("Jürgen Groß", "Käthe Bäcker", "Jörg Müller")
FRENCH = ("Hélène Dubois", "François Lefèvre", "Noël d’Été")
ODD = [
    (POLISH, "windows-1250"),
    (POLISH, "iso-8859-2"),
    (POLISH, "cp852"),
    ((*(f"Jürgen Groß {at}" for at in range(40)), "Lech Wałęsa"), "windows-1250"),
    (("Škoda Ladislav", "Růžena Nová", *CZECH), "iso-8859-2"),
    (RUSSIAN, "windows-1251"),
    (RUSSIAN, "koi8-r"),
    (RUSSIAN, "cp866"),
    (("Γιώργος Παππάς", "Μαρία Νικολάου"), "windows-1253"),
    (GERMAN, "mac-roman"),
    (GERMAN, "cp850"),
    (FRENCH, "mac-roman"),
    (("山田太郎", "佐藤花子"), "shift-jis"),
    (("张伟", "李娜"), "gb18030"),
    (("王芳", "李娜"), "big5"),
    (("김철수", "이영희"), "euc-kr"),
]


def written(folder: Path, names: tuple[str, ...], encoding: str) -> Path:
    path = folder / "ratings.csv"
    rows = [f"E{at},{name},Senior PM,5" for at, name in enumerate(names)]
    path.write_bytes("\n".join(["Employee ID,Name,Level,Communication (manager)", *rows]).encode(encoding))
    return path


def asked(path: Path, mapping: FileMapping | None = None):
    return [question for question in questions(path, mapping) if question.kind == "encoding"]


def remarks(roster) -> list[str]:
    return [issue.problem for issue in roster.issues if issue.kind == "file_read"]


@pytest.mark.parametrize(("names", "encoding"), ODD)
def test_names_that_nobody_writes_so_stop_the_work_until_somebody_says_which_are_right(
    names, encoding, tmp_path
):
    path = written(tmp_path, names, encoding)
    (question,) = asked(path)
    assert question.needed
    (right,) = [choice for choice in question.choices if choice.given["encoding"] == encoding]
    assert names[0] in right.label or names[-1] in right.label
    with pytest.raises(InputError, match=f"`encoding: {encoding}` for “"):
        load_roster([path], VOCABULARY, DAY)
    mapping = with_answer(FileMapping(), "encoding", right.given)
    assert asked(path, mapping) == []
    roster = load_roster([path], VOCABULARY, DAY, mapping)
    assert roster.people["employee_name"].to_list() == list(names)
    assert remarks(roster)[0].startswith(
        f"The characters were read as {encoding}, as the mapping says, such as "
    )


@pytest.mark.parametrize(
    ("names", "encoding", "wrong"),
    [
        (CZECH, "windows-1250", "“Jiøí Dvoøák”"),
        (("Erdős Pál", "Szűcs Éva"), "windows-1250", "“Erdõs Pál”"),
        (("Şahin Yılmaz", "Ayşe Doğan"), "windows-1254", "“Þahin Yýlmaz”"),
        (("Jānis Bērziņš", "Kęstutis"), "windows-1257", "“Jânis Bçrziòð”"),
    ],
)
def test_names_that_could_be_names_are_shown_as_they_were_read_and_may_be_put_right(
    names, encoding, wrong, tmp_path
):
    path = written(tmp_path, names, encoding)
    assert wrong in remarks(load_roster([path], VOCABULARY, DAY))[0]
    (question,) = asked(path)
    assert not question.needed
    assert wrong in question.text
    (right,) = [choice for choice in question.choices if choice.given["encoding"] == encoding]
    roster = load_roster([path], VOCABULARY, DAY, with_answer(FileMapping(), "encoding", right.given))
    assert roster.people["employee_name"].to_list() == list(names)


def test_names_of_western_europe_are_read_as_before_with_an_example(tmp_path):
    path = written(tmp_path, GERMAN, "cp1252")
    assert asked(path) == []
    roster = load_roster([path], VOCABULARY, DAY)
    assert roster.people["employee_name"].to_list() == list(GERMAN)
    assert remarks(roster) == [
        "The characters were read as Windows-1252, such as “Jürgen Groß”, “Käthe Bäcker”, “Jörg Müller”. If "
        "names look wrong, say `encoding` in a mapping, or save the file as CSV UTF-8."
    ]


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1"])
@pytest.mark.parametrize(
    "names",
    [
        ("Hélène Dubois", "François Lefèvre", "Noël d'Été"),
        ("José Núñez", "Íñigo Peña", "Begoña Güell"),
        ("Søren Kjær", "Åse Bjørnstad", "Jürgen Ødegård"),
        ("João Gonçalves", "Inês Simões"),
        ("Hélène Dubois", "José Peña", "Åse Bjørn", "Jörg Groß"),
        ("Berg²", "Ann Lee¹", "Jörg Müller"),
        ("Käthe Bäcker",),
    ],
)
def test_letters_that_are_those_of_a_language_in_one_reading_alone_raise_no_question(
    names, encoding, tmp_path
):
    path = written(tmp_path, names, encoding)
    assert asked(path) == []
    kept = FileMapping(encoding="windows-1252")
    assert asked(path, kept) == []
    for mapping in (None, kept):
        people = load_roster([path], VOCABULARY, DAY, mapping).people
        assert people["employee_name"].to_list() == [unicodedata.normalize("NFKC", name) for name in names]


def test_one_name_that_is_two_in_two_languages_is_offered(tmp_path):
    (question,) = asked(written(tmp_path, ("Hélène", "Ann"), "cp1252"))
    assert not question.needed
    assert {choice.label.partition(" ")[0] for choice in question.choices} == {"“Hélène”", "“Hélčne”"}


def test_signs_in_their_places_are_no_odd_words(tmp_path):
    texts = (
        "“Well done” – 10 €",
        "¿Qué tal?",
        "AT&T® 1º",
        "the team’s",
        "€5m",
        "ÉLÈVE",
        "McÉwan & Cie",
        "«Bon»",
    )
    path = written(tmp_path, (*texts[:-2], texts[-1]), "cp1252")
    assert not any(question.needed for question in asked(path))


def test_an_encoding_that_does_not_fit_or_does_not_exist_is_refused(tmp_path):
    path = written(tmp_path, GERMAN, "cp1252")
    with pytest.raises(MappingError, match="the mapping says that it is in shift-jis, and 'J"):
        load_roster([path], VOCABULARY, DAY, FileMapping(encoding="shift-jis"))
    with pytest.raises(MappingError, match="'latin' is none of: windows-1252"):
        load_roster([path], VOCABULARY, DAY, FileMapping(encoding="latin"))


def test_a_file_that_says_how_it_is_written_is_not_read_otherwise(tmp_path):
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        path = written(tmp_path, POLISH, encoding)
        assert asked(path) == []
        roster = load_roster([path], VOCABULARY, DAY, FileMapping(encoding="windows-1251"))
        assert roster.people["employee_name"].to_list() == list(POLISH)


def test_letters_are_asked_about_first_where_no_header_can_be_read_with_them(tmp_path):
    path = tmp_path / "ratings.csv"
    text = "Numer pracownika,Imię i nazwisko,Szczebel,Słuchanie\nE1,Lech Wałęsa,starszy,4\n"
    path.write_bytes(text.encode("windows-1250"))
    (question, *_) = questions(path)
    assert question.kind == "encoding"
    assert "Lech Wałęsa" in question.choices[0].label
    with pytest.raises(InputError, match=r"`encoding: windows-1250` for “.*Read as windows-1252: "):
        load_roster([path], VOCABULARY, DAY)


def test_a_mapping_written_before_somebody_said_the_encoding_fits_afterwards(tmp_path):
    path = tmp_path / "ratings.csv"
    text = "Employee ID,Имя,Level,Communication (manager)\nE1,Иван Иванов,Senior PM,4\n"
    path.write_bytes(text.encode("windows-1251"))
    proposed = inspect_files([path], VOCABULARY, DAY).mapping
    (name,) = [column for column in proposed.tables[0].columns.values() if column.header == "Èìÿ"]
    columns = {**proposed.tables[0].columns, "B": name.model_copy(update={"taken_for": "employee_name"})}
    table = proposed.tables[0].model_copy(update={"columns": columns})
    mapping = FileMapping(tables=(table,), encoding="windows-1251")
    assert load_roster([path], VOCABULARY, DAY, mapping).people["employee_name"].to_list() == ["Иван Иванов"]


def test_work_that_takes_no_mapping_is_refused_with_the_way_out(tmp_path):
    groups = tmp_path / "groups.csv"
    groups.write_bytes("Employee ID,Gender\nE1,Mężczyzna\nE2,Kobieta\n".encode("windows-1250"))
    ratings = written(tmp_path, POLISH, "windows-1250")
    for work in (lambda: read_groups(groups, VOCABULARY), lambda: discover([ratings])):
        with pytest.raises(
            InputError, match=r"names and words look so: .*Save the file as CSV UTF-8, in Exc"
        ):
            work()
    assert discover([ratings], "windows-1250").levels == {"Senior PM": 5}


def test_every_byte_of_a_single_byte_encoding_comes_back(tmp_path):
    single = [name for name in ENCODINGS if name not in ("shift-jis", "gb18030", "big5", "euc-kr")]
    for encoding in single:
        given = bytes(range(0x80, 0x100)).decode(encoding, "ignore")
        letters = [one for one in given if one.isalpha() and unicodedata.is_normalized("NFKC", one)]
        names = tuple(f"a{letter}b" for letter in letters)
        path = written(tmp_path, names, encoding)
        people = load_roster([path], VOCABULARY, DAY, FileMapping(encoding=encoding)).people
        assert people["employee_name"].to_list() == list(names)
