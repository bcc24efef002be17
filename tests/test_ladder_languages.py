"""Ladders in Italian, Portuguese, Dutch, Polish and Swedish, and in two languages at once."""

from pathlib import Path

import pytest

from tests.ladder_books import made, refused

NUMBERS = {
    "Italian": """
        Area | Competenza | Peso | Junior | Medio | Responsabile
        Tecnica | Programmazione | 60% | 1 | 2 | 4
         | Collaudo | 10% | 1 | minimo 2 | 3
        Persone | Comunicazione | 30% | non richiesto | 2 | 3
        Media | | | 1 | 2 | 3,33
        Anzianità minima nel livello precedente | | | - | 1 | 24 mesi
        Esperienza | | | 0-2 anni | 2-5 anni | 5+ anni
        Stipendio | | | 30000 | 40000 | 60000""",
    "Portuguese": """
        Área | Competência | Peso | Júnior | Pleno | Sênior
        Técnica | Código | 60% | 1 | 2 | 4
         | Testes | 10% | 1 | no mínimo 2 | 3
        Pessoas | Comunicação | 30% | não aplicável | 2 | 3
        Média | | | 1 | 2 | 3,33
        Tempo mínimo no nível anterior | | | - | 1 ano | 24 meses
        Anos de experiência | | | 0-2 | 2-5 | 5+
        Salário | | | 3000 | 4000 | 6000""",
    "Dutch": """
        Gebied | Competentie | Gewicht | Junior | Medior | Senior
        Vak | Programmeren | 60% | 1 | 2 | 4
         | Testen | 10% | 1 | minstens 2 | 3
        Mensen | Communicatie | 30% | n.v.t. | 2 | 3 of hoger
        Gemiddelde | | | 1 | 2 | 3,33
        Minimumjaren in vorige niveau | | | - | 1 | 24 maanden
        Ervaring | | | 0-2 jaar | 2-5 jaar | 5+ jaar
        Salaris | | | 3000 | 4000 | 6000""",
    "Polish": """
        Obszar | Kompetencja | Waga | Młodszy specjalista | Specjalista | Starszy specjalista
        Technika | Programowanie | 60% | 1 | 2 | 4
         | Testowanie | 10% | 1 | co najmniej 2 | 3
        Ludzie | Komunikacja | 30% | nie dotyczy | 2 | 3 lub wyżej
        Średnia | | | 1 | 2 | 3,33
        Minimalny staż na poprzednim poziomie | | | brak | 1 rok | 24 miesiące
        Doświadczenie | | | 0-2 lata | 2-5 lat | 5+ lat
        Wynagrodzenie | | | 6000 | 9000 | 14000""",
    "Swedish": """
        Område | Kompetens | Vikt | Junior | Erfaren | Chef
        Teknik | Programmering | 60% | 1 | 2 | 4
         | Test | 10% | 1 | minst 2 | 3
        Människor | Kommunikation | 30% | ej tillämpligt | 2 | 3 eller högre
        Medelvärde | | | 1 | 2 | 3,33
        Minsta tid på föregående nivå | | | ingen | 1 år | 24 månader
        Erfarenhet | | | 0-2 år | 2-5 år | 5+ år
        Lön | | | 30000 | 40000 | 50000""",
}


@pytest.mark.parametrize("language", NUMBERS)
def test_a_matrix_is_read_with_its_areas_weights_and_times(language: str, tmp_path: Path) -> None:
    pack, said = made(tmp_path, {"Matrix": NUMBERS[language]})
    found = [[float(one.rating) for one in level.expects] for level in pack.levels]
    assert found == [[1, 1], [2, 2, 2], [4, 3, 3]]
    assert len({one.category for one in pack.competencies}) == 2
    assert [one.tenure and one.tenure.from_years for one in pack.promotions] == [1, 2]
    assert {*pack.promotions[1].signals[0].competencies.values()} == {60, 10, 30}
    assert said.count("and is not a competency") == 2
    assert "0-2" in said


LISTS = {
    "Italian": ("Livello | Competenza | Punteggio richiesto | Obbligatorio", "sì", "no"),
    "Portuguese": ("Nível | Competência | Nível exigido | Obrigatório", "sim", "não"),
    "Dutch": ("Niveau | Vaardigheid | Gewenst niveau | Verplicht", "ja", "nee"),
    "Polish": ("Poziom | Umiejętność | Wymagany poziom | Obowiązkowe", "tak", "nie"),
    "Swedish": ("Nivå | Färdighet | Kravnivå | Obligatorisk", "ja", "nej"),
}


@pytest.mark.parametrize("language", LISTS)
def test_a_list_is_read_with_what_is_mandatory(language: str, tmp_path: Path) -> None:
    headings, yes, no = LISTS[language]
    rows = "\n".join(f"{level} | Excel | {n} | {yes}\n{level} | Word | {n} | {no}" for n, level in _LEVELS)
    pack, _ = made(tmp_path, {"Matrix": f"{headings}\n{rows}"})
    assert [[one.rating for one in level.expects] for level in pack.levels] == [[2, 2], [3, 3]]
    assert [one.importance for one in pack.promotions[0].signals] == ["core", "supporting"]


_LEVELS = ((2, "Analyst"), (3, "Senior Analyst"))


@pytest.mark.parametrize("language", LISTS)
def test_yes_marks_what_is_expected_and_no_what_is_not(language: str, tmp_path: Path) -> None:
    _, yes, no = LISTS[language]
    text = f"Skill | Junior | Senior\nExcel | {yes} | {yes}\nWord | {no} | {yes}\nAccess | {no} | {yes}"
    pack, _ = made(tmp_path, {"Matrix": text})
    assert [len(level.expects) for level in pack.levels] == [1, 3]


def test_a_senior_level_that_comes_first_is_asked_about(tmp_path: Path) -> None:
    for senior, junior in (("Starszy", "Młodszy"), ("Erfaren", "Yngre"), ("Responsabile", "Stagista")):
        text = f"Skill | {senior} programmer | {junior} programmer\nExcel | Teaches it | Uses it when told to"
        assert "which is the lowest level?" in refused(tmp_path, {"Matrix": text})


IN_TWO_LANGUAGES = {
    "columns": "Kompetenz | Competency | L1 | L2\nProgrammieren | Coding | 1 | 2\nTesten | Testing | 1 | 3",
    "columns and a definition": (
        "Kompetenz | Competency | Beschreibung | L1 | L2\n"
        "Programmieren | Coding | Schreibt Code, der läuft | 1 | 2\nTesten | Testing | Prüft alles | 1 | 3"
    ),
    "one column, two lines": (
        "Kompetenz\\nCompetency | L1 | L2\nProgrammieren\\nCoding | 1 | 2\nTesten\\nTesting | 1 | 3"
    ),
    "one column": "Kompetenz / Skill | L1 | L2\nProgrammieren / Coding | 1 | 2\nTesten / Testing | 1 | 3",
    "a list": (
        "Stufe | Kompetenz | Competency | Soll\nL1 | Programmieren | Coding | 1\nL1 | Testen | Testing | 1\n"
        "L2 | Programmieren | Coding | 2\nL2 | Testen | Testing | 3"
    ),
}


@pytest.mark.parametrize("name", IN_TWO_LANGUAGES)
def test_a_competency_in_two_languages_has_both_names(name: str, tmp_path: Path) -> None:
    pack, _ = made(tmp_path, {"Ladder": IN_TWO_LANGUAGES[name]})
    first = pack.competencies[0]
    assert {first.title, *first.aliases} >= {"Programmieren", "Coding"}
    assert first.definition != "Coding"
    assert [[one.rating for one in level.expects] for level in pack.levels] == [[1, 1], [2, 3]]


def test_a_second_line_of_headings_in_another_language_names_the_levels(tmp_path: Path) -> None:
    for cells in ("1 | 2", "Writes small changes with help | Writes features on their own"):
        text = f"Competency | Junior | Senior\nKompetenz | Nachwuchs | Erfahrene\nCoding | {cells}"
        pack, _ = made(tmp_path, {"Ladder": text})
        assert [one.title for one in pack.competencies] == ["Coding"]
        assert [one.aliases for one in pack.levels] == [("Nachwuchs",), ("Erfahrene",)]
