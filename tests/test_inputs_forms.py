"""Answers of a form that asks whom they are about: its own `Email` and `Name` are of whoever answered."""

from pathlib import Path

import pytest

from inputs import InputError, Roster
from inputs.loading import load_roster
from inputs.mapping import FileMapping
from reports.run import read_run
from tests.command_line import succeeded
from tests.inputs_vocabulary import DAY, VOCABULARY
from tests.made_files import Row, write_lines
from tests.read_rosters import assessed, points

PEOPLE = ("Runa Falk", "Timo Abel", "Zofia Lis")
BOSSES = ("oona.rask@example.test", "oona.rask@example.test", "ivo.tamm@example.test")
ASKED = FileMapping.model_validate({"raters": {"rate yourself": "self", "rate this person": "manager"}})


def csv(path: Path, *rows: str) -> Path:
    path.write_text("".join(f"{row}\n" for row in rows), encoding="utf-8")
    return path


def own_form(folder: Path) -> Path:
    rows = (
        f"3/{14 + at}/2026 9:41:07,{name.lower().replace(' ', '.')}@example.test,Senior PM,{at + 2}"
        for at, name in enumerate(PEOPLE)
    )
    return csv(
        folder / "own.csv",
        "Timestamp,Email Address,Level,How would you rate yourself? [Communication]",
        *rows,
    )


def managers_form(folder: Path, whom: str, bosses: tuple[str, ...] = BOSSES) -> Path:
    rows = (
        f"3/{20 + at}/2026 9:41:07,{boss},{name},{at + 3}"
        for at, (boss, name) in enumerate(zip(bosses, PEOPLE, strict=True))
    )
    header = f"Timestamp,Email Address,{whom},How would you rate this person? [Communication]"
    return csv(folder / "managers.csv", header, *rows)


def read(*paths: Path, mapping: FileMapping | None = None) -> Roster:
    return load_roster(list(paths), VOCABULARY, DAY, mapping)


WHOM = [
    "Who are you assessing?",
    "Whom are you rating?",
    "Name of the person you are reviewing",
    "Wen bewerten Sie?",
    "Qui évaluez-vous ?",
    "¿A quién evalúa?",
    "Chi stai valutando?",
    "Quem você está avaliando?",
    "Wie beoordeel je?",
]


@pytest.mark.parametrize("whom", WHOM)
@pytest.mark.parametrize("bosses", [BOSSES, ("a@example.test", "b@example.test", "c@example.test")])
def test_the_address_of_whoever_answered_is_nobodys_id(
    whom: str, bosses: tuple[str, ...], tmp_path: Path
) -> None:
    form = managers_form(tmp_path, whom, bosses)
    text = form.read_text(encoding="utf-8").replace("How would you rate this person?", "Manager rating")
    lines = [f"{line},{'Level' if not at else 'Senior PM'}" for at, line in enumerate(text.splitlines())]
    roster = read(csv(form, *lines))
    assert assessed(roster) == list(PEOPLE)
    assert points(roster, "communication:manager") == [3, 4, 5]


@pytest.mark.parametrize("whom", WHOM)
def test_a_form_for_managers_is_joined_to_one_for_everybody_by_names(whom: str, tmp_path: Path) -> None:
    own = own_form(tmp_path)
    lines = own.read_text(encoding="utf-8").splitlines()
    csv(own, *(f"{line},{name}" for line, name in zip(lines, ("Your name", *PEOPLE), strict=True)))
    roster = read(own, managers_form(tmp_path, whom), mapping=ASKED)
    assert roster.people["employee_name"].to_list() == list(PEOPLE)
    assert points(roster, "communication:self") == [2, 3, 4]
    assert points(roster, "communication:manager") == [3, 4, 5]


def test_a_form_of_the_other_kind_of_program_with_a_name_and_a_number_for_each_answer(tmp_path: Path) -> None:
    people = csv(
        tmp_path / "people.csv",
        "Employee ID,Name,Email,Level",
        *(f"{at + 1},{name},{name[:4].lower()}@example.test,Senior PM" for at, name in enumerate(PEOPLE)),
        "4,Oona Rask,oona.rask@example.test,Lead PM",
        "5,Ivo Tamm,ivo.tamm@example.test,Lead PM",
    )
    named = {"oona.rask@example.test": "Oona Rask", "ivo.tamm@example.test": "Ivo Tamm"}
    answers = [
        f"{9 - at},5/4/2026 10:0{at},5/4/2026 10:1{at},{boss},{named[boss]},{name},{at + 3}"
        for at, (boss, name) in enumerate(zip(BOSSES, PEOPLE, strict=True))
    ]
    header = "ID,Start time,Completion time,Email,Name,Who are you rating?,Communication (manager)"
    roster = read(people, csv(tmp_path / "form.csv", header, *answers))
    assert assessed(roster) == ["1", "2", "3", "4", "5"]
    assert points(roster, "communication:manager") == [3, 4, 5, None, None]


def test_an_address_that_goes_with_the_person_asked_about_is_theirs(tmp_path: Path) -> None:
    rows = (
        f"{name.split()[0].lower()}@example.test,{name},Senior PM,{at + 3}" for at, name in enumerate(PEOPLE)
    )
    header = "Email,Who are you rating?,Level,Communication (manager)"
    assert assessed(read(csv(tmp_path / "form.csv", header, *rows))) == [
        "runa@example.test",
        "timo@example.test",
        "zofia@example.test",
    ]


def test_forms_that_know_people_by_different_things_are_not_joined_by_a_guess(tmp_path: Path) -> None:
    with pytest.raises(InputError) as stopped:
        read(own_form(tmp_path), managers_form(tmp_path, WHOM[0]), mapping=ASKED)
    said = str(stopped.value)
    assert "by 'Who are you assessing?', which the other does not have; that one by 'Email Address'" in said
    assert "Give both tables an employee id, or add the employee name to the other." in said


def test_the_address_beside_your_name_is_the_persons_whatever_it_says(tmp_path: Path) -> None:
    rows = (f"x{at}@example.test,{name},Senior PM,{at + 3}" for at, name in enumerate(PEOPLE))
    header = "Email,What is your full name?,Level,Communication (self)"
    named = FileMapping.model_validate({"columns": {"What is your full name?": "employee_name"}})
    roster = read(csv(tmp_path / "form.csv", header, *rows), mapping=named)
    assert assessed(roster) == ["x0@example.test", "x1@example.test", "x2@example.test"]


UNHEARD_OF = (
    "Name of your report",
    "Your direct report",
    "Which of your team is this about?",
    "Report's name",
)
FOR_ALL = "Timestamp,Email Address,Your name,Level,Communication (self)"
TEAM = (*PEOPLE, "Oona Rask", "Ivo Tamm")


def address(name: str) -> str:
    return f"{name.lower().replace(' ', '.')}@example.test"


def everybodys_form(folder: Path) -> Path:
    """Everybody's own ratings, those of the managers among them."""
    rows = (f"3/{14 + at}/2026 9:41:07,{address(name)},{name},Senior PM,2" for at, name in enumerate(TEAM))
    return csv(folder / "own.csv", FOR_ALL, *rows)


def answers_of_managers(folder: Path, whom: str, *, level: bool = False) -> Path:
    """Four people whom two managers rate."""
    people = (*PEOPLE, "Ines Vasko")
    rows = (
        f"3/{20 + at}/2026 9:41:07,{address(TEAM[3 + at % 2])},{TEAM[3 + at % 2]},{name},{at + 2}"
        + (",Senior PM" if level else "")
        for at, name in enumerate(people)
    )
    header = f"Timestamp,Email Address,Your name,{whom},Communication (manager)" + (",Level" if level else "")
    return csv(folder / "managers.csv", header, *rows)


@pytest.mark.parametrize("whom", [*UNHEARD_OF, "Employee", "Mitarbeiter", "Subject of this review"])
def test_what_managers_answer_about_their_people_is_never_read_as_about_them(
    whom: str, tmp_path: Path
) -> None:
    own = everybodys_form(tmp_path)
    csv(own, own.read_text(encoding="utf-8") + "3/22/2026 9:41:07,i.v@example.test,Ines Vasko,Senior PM,2")
    roster = read(own, answers_of_managers(tmp_path, whom))
    rated = dict(zip(roster.people["employee_name"], points(roster, "communication:manager"), strict=True))
    assert rated == dict(zip((*PEOPLE, "Ines Vasko", *TEAM[3:]), (2, 3, 4, 5, None, None), strict=True))
    managers = dict(roster.people.select("employee_name", "manager_name").iter_rows())
    assert [managers[name] for name in PEOPLE] == ["Oona Rask", "Ivo Tamm", "Oona Rask"]


@pytest.mark.parametrize("whom", [*UNHEARD_OF, "Subject of this review"])
def test_whom_managers_rate_is_asked_where_no_other_table_tells(whom: str, tmp_path: Path) -> None:
    form = answers_of_managers(tmp_path, whom, level=True)
    with pytest.raises(InputError, match="who is each row about") as stopped:
        read(form)
    assert f'`columns: {{"{whom}": employee}}`' in str(stopped.value)
    said = FileMapping.model_validate({"columns": {whom: "employee"}})
    assert points(read(form, mapping=said), "communication:manager") == [2, 3, 4, 5]


def test_several_reviews_of_one_person_by_the_manager_are_not_taken_for_other_people(tmp_path: Path) -> None:
    rows = (
        f"{3 + at % 3}/14/2026,{address(name)},{name},Senior PM,{at % 3 + 2},Good quarter {at}"
        for at, name in enumerate(name for name in PEOPLE for _ in range(3))
    )
    header = "Timestamp,Email,Name,Level,Communication (manager),Communication (manager comment)"
    assert points(read(csv(tmp_path / "form.csv", header, *rows)), "communication:manager") == [4, 4, 4]


NAMED = "Employee ID,Name,Email,Manager Email,Manager Name,Level,Rater Email,Rater Name,Communication"
FALK = "K1,Runa Falk,runa@example.test,oona@example.test,Oona Rask,Senior PM"


def test_columns_of_raters_that_are_empty_or_anonymous_lose_no_rating(tmp_path: Path) -> None:
    header = "Name,Level,Reviewer Email,Reviewer Name,Communication"
    for at, (email, name) in enumerate((("anonymous", ""), ("", ""), ("x@example.test", ""))):
        rows = (f"{person},Senior PM,{email},{name},4" for person in PEOPLE)
        path = csv(tmp_path / f"form{at}.csv", header, *rows)
        with pytest.raises(InputError, match=r"which of the raters|whose are they|whose ratings"):
            read(path)


def test_raters_are_known_by_whatever_identifies_them_in_their_row(tmp_path: Path) -> None:
    rows = (f"{FALK},,Oona Rask,3", f"{FALK},runa@example.test,,5")
    roster = read(csv(tmp_path / "form.csv", NAMED, *rows))
    assert points(roster, "communication:manager") == [3]
    assert points(roster, "communication:self") == [5]


def test_a_rating_whose_rater_no_column_names_is_asked_about(tmp_path: Path) -> None:
    rows = (f"{FALK},,,3", f"{FALK},runa@example.test,,5")
    with pytest.raises(InputError, match=r"1 row has a rating and nothing in column .*: whose are they"):
        read(csv(tmp_path / "form.csv", NAMED, *rows))


def test_a_file_with_nobodys_ratings_but_peers_is_assessed_and_says_so(tmp_path: Path) -> None:
    rows = ("E1,Runa Falk,Senior PM,Peer,3", "E2,Timo Abel,Senior PM,Peer,4")
    path = csv(tmp_path / "peers.csv", "Employee ID,Name,Level,Rater,Communication", *rows)
    out = tmp_path / "run"
    succeeded("assess", path, "--out", out, "--as-of", "2026-06-30")
    run = read_run(out)
    assert {one.recommendation for one in run.recommendations} == {"insufficient_evidence"}
    assert len(list(run.explanations)) == 4
    assert any("No ratings by the manager at all" in issue.problem for issue in run.issues)


@pytest.mark.parametrize("person", ["Employee", "Employee Name", "Who are you rating?", "Employee ID"])
def test_answers_by_the_person_and_by_the_manager_in_columns_of_their_own_are_of_one_person(
    person: str, tmp_path: Path
) -> None:
    header = ["ID", "Start time", "Email", "Name", person, "Level"]
    header += ["Communication (self)", "Communication (manager)"]
    rows: list[Row] = []
    for at in range(1, 5):
        who = f"E{at}" if person == "Employee ID" else f"{('Runa', 'Timo', 'Ines', 'Oona')[at - 1]} Falk"
        rows.append([2 * at, f"2026-05-0{at}", f"k{at}@example.test", f"Person {at}", who, "PM", at, ""])
        rows.append([2 * at + 1, f"2026-05-1{at}", "boss@example.test", "Boss", who, "PM", "", 5 - at])
    roster = read(write_lines(tmp_path / "form.csv", header, *rows))
    assert points(roster, "communication:self") == [1, 2, 3, 4]
    assert points(roster, "communication:manager") == [4, 3, 2, 1]


LIST = (
    "Employee ID,Name,Email,Level",
    *(f"K{at},{name},{name.split()[0].lower()}@example.test,Senior PM" for at, name in enumerate(PEOPLE)),
)


def answers(folder: Path, title: str, header: str, key: str = "Email") -> Path:
    """A form about several competencies, each person's answers from 2 to 4."""
    asked = (header.format(one) for one in ("Communication", "Delegation"))
    quoted = ",".join(f'"{one}"' for one in asked)
    lines = (f"{name.split()[0].lower()}@example.test,{at + 2},{at + 2}" for at, name in enumerate(PEOPLE))
    return csv(folder / f"{title}.csv", f"{key},{quoted}", *lines)


OF_ONESELF = [
    "I would rate my {} as",
    "My {} [1-5]",
    "How do you assess your own {}?",
    "Q3. How would you rate your {} over the last six months?",
    "On a scale of 1-5, how strong is your {} this half?",
]


@pytest.mark.parametrize("header", OF_ONESELF)
def test_a_question_about_ones_own_competency_is_rated_by_the_person(header: str, tmp_path: Path) -> None:
    people = csv(tmp_path / "people.csv", *LIST)
    roster = read(people, answers(tmp_path, "Form Responses 1", header))
    assert points(roster, "communication:self") == points(roster, "delegation:self") == [2, 3, 4]


@pytest.mark.parametrize(
    "header",
    ["Does the person show {} in daily work?", "I would rate this person's {} as", "I demonstrate {} often"],
)
def test_a_competency_in_the_midst_of_a_question_is_a_rating_of_somebodys(
    header: str, tmp_path: Path
) -> None:
    people = csv(tmp_path / "people.csv", *LIST)
    with pytest.raises(InputError, match=r"who rated under this word: '.*….*'") as asked:
        read(people, answers(tmp_path, "Form Responses 1", header))
    word = str(asked.value).partition("who rated under this word: '")[2].partition("' (")[0]
    told = FileMapping.model_validate({"raters": {word: "manager"}})
    roster = read(people, answers(tmp_path, "Form Responses 1", header), mapping=told)
    assert points(roster, "communication:manager") == [2, 3, 4]


@pytest.mark.parametrize(
    "header",
    [
        *("My rating of their {}", "Your {}", "My manager on my {}", "Peers on your {}"),
        *("My {} - as my manager sees it", "My {} seen by my peers", "Rate your {} as your manager does"),
    ],
)
def test_words_that_may_be_a_managers_are_never_taken_for_the_persons(header: str, tmp_path: Path) -> None:
    people = csv(tmp_path / "people.csv", *LIST)
    try:
        roster = read(people, answers(tmp_path, "Form Responses 1", header))
    except InputError:
        return
    assert "communication:self" not in roster.ratings.columns


@pytest.mark.parametrize("title", ["self_survey", "Self-survey 2026", "Self questionnaire"])
def test_a_survey_of_ones_own_says_by_its_title_who_rated(title: str, tmp_path: Path) -> None:
    people = csv(tmp_path / "people.csv", *LIST)
    roster = read(people, answers(tmp_path, title, "{}"))
    assert points(roster, "communication:self") == [2, 3, 4]


def test_a_username_is_the_address_where_its_values_are_addresses(tmp_path: Path) -> None:
    people = csv(tmp_path / "people.csv", *LIST)
    roster = read(people, answers(tmp_path, "Responses", "Rate yourself: [{}]", key="Username"))
    assert points(roster, "communication:self") == [2, 3, 4]


def test_a_title_does_not_make_a_rating_of_one_column_that_only_ends_in_a_competency(tmp_path: Path) -> None:
    people = csv(tmp_path / "people.csv", *LIST)
    form = answers(tmp_path, "Self assessment", "Strategic {}")
    text = form.read_text(encoding="utf-8").replace("Strategic Delegation", "Vendor Management")
    with pytest.raises(InputError, match="competency of the rule pack is this: 'Strategic Communication'"):
        read(people, csv(form, *text.splitlines()))


COLLEAGUES = {"Runa Falk": "Oona Rask", "Timo Abel": "Oona Rask", "Zofia Lis": "Runa Falk", "Oona Rask": ""}
ROLES = ("Self", "Manager", "Peer")


def rated_by(person: str, role: str) -> int:
    return 1 + (list(COLLEAGUES).index(person) + 2 * ROLES.index(role)) % 5


def everybodys_answers(folder: Path, whom: str, peers: int, *, among_people: bool) -> tuple[Path, Path]:
    """What people, managers, who are people too, and some peers answered in one form about each."""
    names = list(COLLEAGUES)
    given = [(name, name, "Self") for name in names]
    given += [(boss, name, "Manager") for name, boss in COLLEAGUES.items() if boss]
    given += [
        (names[(at + 1 + more) % 4], name, "Peer") for at, name in enumerate(names) for more in range(peers)
    ]
    rows = [f"{address(by)},{name},{role},{rated_by(name, role)}" for by, name, role in given]
    listed = names if among_people else names[:3]
    people = (f"K{at},{name},{address(name)},Senior PM" for at, name in enumerate(listed))
    return (
        csv(folder / "people.csv", "Employee ID,Name,Email,Level", *people),
        csv(folder / "form.csv", f"Email Address,{whom},Your role,Communication", *rows),
    )


@pytest.mark.parametrize(
    "whom", ["Who are you giving feedback on?", "Focal person", "Person in focus", "Name (rated)"]
)
@pytest.mark.parametrize("peers", [0, 1, 3])
@pytest.mark.parametrize("among_people", [True, False])
def test_what_people_answer_about_others_is_never_read_as_about_them(
    whom: str, peers: int, among_people: bool, tmp_path: Path
) -> None:
    """Also where many answered about each person, and where managers are rated themselves."""
    files = everybodys_answers(tmp_path, whom, peers, among_people=among_people)
    try:
        roster = read(*files)
    except InputError as error:
        assert "who is each row about?" in str(error)  # noqa: PT017
        assert f'`columns: {{"{whom}": employee}}`' in str(error)  # noqa: PT017
        roster = read(*files, mapping=FileMapping.model_validate({"columns": {whom: "employee"}}))
    names = list(COLLEAGUES)[: 4 if among_people else 3]
    assert points(roster, "communication:self") == [rated_by(name, "Self") for name in names]
    expected = [rated_by(name, "Manager") if COLLEAGUES[name] else None for name in names]
    assert points(roster, "communication:manager") == expected


def test_people_of_another_table_in_a_column_say_whom_many_answers_are_about(tmp_path: Path) -> None:
    roster = read(*everybodys_answers(tmp_path, "Who are you giving feedback on?", 3, among_people=True))
    assert points(roster, "communication:manager") == [
        rated_by(name, "Manager") if boss else None for name, boss in COLLEAGUES.items()
    ]


def test_departments_say_of_nobody_whom_answers_are_about(tmp_path: Path) -> None:
    files = everybodys_answers(tmp_path, "Employee name", 1, among_people=True)
    form = files[1].read_text(encoding="utf-8").splitlines()
    units = ["Unit", *("ABC"[at % 3] for at in range(len(form) - 1))]
    csv(files[1], *(f"{line},{unit}" for line, unit in zip(form, units, strict=True)))
    assert points(read(*files), "communication:self") == [rated_by(name, "Self") for name in COLLEAGUES]


def test_the_name_of_whoever_answered_is_no_second_table_beside_that_of_the_employee(tmp_path: Path) -> None:
    people, form = everybodys_answers(tmp_path, "Name of the employee", 1, among_people=True)
    lines = [line.split(",") for line in form.read_text(encoding="utf-8").splitlines()]
    names = {address(name): name for name in COLLEAGUES}
    csv(form, *(",".join([names.get(line[0], "Name"), *line[1:]]) for line in lines))
    roster = read(people, form)
    assert points(roster, "communication:self") == [rated_by(name, "Self") for name in COLLEAGUES]
    assert points(roster, "communication:manager")[0] == rated_by("Runa Falk", "Manager")


@pytest.mark.parametrize("header", ["What's your relationship to them?", "Type", "Your relation", "I am"])
def test_a_column_that_names_both_raters_says_who_rated_under_whatever_forms_ask(
    header: str, tmp_path: Path
) -> None:
    people, form = everybodys_answers(tmp_path, "Who are you assessing?", 1, among_people=True)
    text = form.read_text(encoding="utf-8").replace("Your role", header).replace(",Peer,", ",I'm their peer,")
    csv(form, *text.splitlines())
    roster = read(people, form)
    assert points(roster, "communication:self") == [rated_by(name, "Self") for name in COLLEAGUES]


def test_a_number_beside_the_words_of_each_rater_is_their_rating(tmp_path: Path) -> None:
    header = (
        "Employee ID,Level,Competency,Manager Evaluation - Rating,Manager Evaluation - Rating Numeric Value,"
        "Self Evaluation - Rating,Self Evaluation - Rating Numeric Value"
    )
    words = ("", "Unsatisfactory", "Needs Improvement", "Meets Expectations", "Exceeds Expectations")
    rows = (f"K{at},Senior PM,Communication,{words[at]},{at},{words[5 - at]},{5 - at}" for at in (1, 2, 3, 4))
    roster = read(csv(tmp_path / "export.csv", header, *rows))
    assert points(roster, "communication:manager") == [1, 2, 3, 4]
    assert points(roster, "communication:self") == [4, 3, 2, 1]


def test_a_missing_address_beside_a_name_is_no_sign_of_whoever_answered(tmp_path: Path) -> None:
    rows = [f"{name},{address(name)},{role},{rated_by(name, role)}" for name in COLLEAGUES for role in ROLES]
    rows[0] = rows[0].replace(address("Runa Falk"), "")
    people = [f"{name},{address(name)},Senior PM" for name in COLLEAGUES]
    roster = read(
        csv(tmp_path / "people.csv", "Name,Email,Level", *people),
        csv(tmp_path / "ratings.csv", "Name,Email,Rater,Communication", *rows),
    )
    assert points(roster, "communication:manager") == [rated_by(name, "Manager") for name in COLLEAGUES]
