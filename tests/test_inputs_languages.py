"""Headers in other languages, as HR departments write them."""

from pathlib import Path

import pytest

from inputs.loading import load_roster
from tests.inputs_vocabulary import DAY, VOCABULARY
from tests.made_files import write_sheet
from tests.read_rosters import assessed, points

HEADERS = {
    "Italian": "Matricola|Livello|{} - Autovalutazione|{} - Valutazione responsabile",
    "Italian, for short": "Codice dipendente|Inquadramento|{} (auto)|{} (capo)",
    "Portuguese": "Nº mecanográfico|Categoria|{} - Colaborador|{} - Chefia",
    "Brazilian": "ID do funcionário|Cargo|{} - Autoavaliação|{} - Avaliação do líder",
    "Dutch": "Personeelsnummer|Niveau|{} (zelfbeoordeling)|{} (leidinggevende)",
    "Dutch, turned": "Medewerker-ID|Functieniveau|Zelfevaluatie {}|Beoordeling manager {}",
    "Polish": "Numer pracownika|Poziom|{} (samoocena)|{} (ocena przełożonego)",
    "Swedish": "Anställningsnummer|Nivå|{} (självskattning)|{} (chef)",
    "Swedish, by people": "Anst.nr|Befattning|{} - Medarbetare|{} - Närmaste chef",
    "Danish": "Medarbejdernr.|Niveau|{} (selvvurdering)|{} (leder)",
    "Finnish": "Henkilönumero|Taso|{} (itsearvio)|{} (esihenkilön arvio)",
    "Finnish, by people": "Työntekijänumero|Nimike|{} - Työntekijä|{} - Esimies",
    "Czech": "Osobní číslo|Úroveň|{} (sebehodnocení)|{} (hodnocení nadřízeného)",
    "Czech, by people": "ID zaměstnance|Pracovní pozice|{} - Zaměstnanec|{} - Vedoucí",
    "Hungarian": "Törzsszám|Szint|{} (önértékelés)|{} (vezetői értékelés)",
    "Hungarian, by people": "Dolgozói azonosító|Munkakör|{} - Dolgozó|{} - Felettes",
    "Romanian": "Număr matricol|Nivel|{} (autoevaluare)|{} (evaluarea managerului)",
    "Romanian, by people": "Marcă|Funcție|{} - Angajat|{} - Șef direct",
    "Russian": "Табельный номер|Уровень|{} (самооценка)|{} (оценка руководителя)",
    "Russian, by people": "ID сотрудника|Должность|{} - Сотрудник|{} - Руководитель",
    "Norwegian": "Ansattnr|Nivå|{} (egenvurdering)|{} (leder)",
}


@pytest.mark.parametrize("language", HEADERS)
def test_headers_are_understood(language: str, tmp_path: Path) -> None:
    key, level, own, boss = HEADERS[language].split("|")
    header = (
        key,
        level,
        *(form.format(name) for name in ("Communication", "Delegation") for form in (own, boss)),
    )
    rows = (("K1", "Senior PM", 4, 3, 2, 5), ("K2", "PM", 3, 2, 1, 4))
    roster = load_roster([write_sheet(tmp_path / "people.xlsx", header, *rows)], VOCABULARY, DAY)
    assert assessed(roster) == ["K1", "K2"]
    assert [points(roster, f"communication:{rater}") for rater in ("self", "manager")] == [[4, 3], [3, 2]]
    assert [points(roster, f"delegation:{rater}") for rater in ("self", "manager")] == [[2, 1], [5, 4]]
