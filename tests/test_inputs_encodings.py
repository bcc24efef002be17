"""Text files that are not in UTF-8: never a wrong name without a word, and one answer puts it right."""

import unicodedata
from pathlib import Path

import pytest

from inputs import InputError
from inputs.answering import understand, with_answer
from inputs.files.text_encodings import ENCODINGS
from inputs.loading import load_roster, read_files
from inputs.mapping import FileMapping
from inputs.roster import MappingError
from tests.inputs_vocabulary import DAY, VOCABULARY

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
    found = understand(read_files([path]), VOCABULARY, DAY, mapping or FileMapping()).questions
    return [question for question in found if question.kind == "encoding"]


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
    french = written(tmp_path, FRENCH, "cp1252")
    assert [question.needed for question in asked(french)] == [False]
    kept = FileMapping(encoding="windows-1252")
    assert asked(french, kept) == []
    people = load_roster([french], VOCABULARY, DAY, kept).people
    assert people["employee_name"].to_list() == list(FRENCH)


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
    (question, *_) = understand(read_files([path]), VOCABULARY, DAY, FileMapping()).questions
    assert question.kind == "encoding"
    assert "Lech Wałęsa" in question.choices[0].label


def test_every_byte_of_a_single_byte_encoding_comes_back(tmp_path):
    single = [name for name in ENCODINGS if name not in ("shift-jis", "gb18030", "big5", "euc-kr")]
    for encoding in single:
        given = bytes(range(0x80, 0x100)).decode(encoding, "ignore")
        letters = [one for one in given if one.isalpha() and unicodedata.is_normalized("NFKC", one)]
        names = tuple(f"a{letter}b" for letter in letters)
        path = written(tmp_path, names, encoding)
        people = load_roster([path], VOCABULARY, DAY, FileMapping(encoding=encoding)).people
        assert people["employee_name"].to_list() == list(names)
