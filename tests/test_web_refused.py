"""A form of the upload page that is refused comes back with the reason, and with what was chosen in it."""

from collections.abc import Iterator

import lxml.html
import pytest

from tests.test_web_twice import DAY, HEADS, ROWS, about_of, decision, dropped, folder_of, made
from tests.web_server import Answer, Client, Served, served

LONG_AGO = "0026-06-30"
"""What a field for a day makes of the year 26."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("refused") / "data") as running:
        yield running


@pytest.fixture(scope="module")
def client(server: Served) -> Client:
    return server.client()


@pytest.fixture(scope="module")
def session(client: Client) -> str:
    """The address of a run's session."""
    return f"{made(client)}/session"


def forms(answer: Answer, address: str) -> list[dict[str, str]]:
    """What each form of a page that goes to an address would send, were it sent as it is."""
    found = [one for one in lxml.html.fromstring(answer.text).forms if one.action == address]
    return [dict(one.form_values()) for one in found]


def refused(answer: Answer, said: str) -> Answer:
    assert answer.status in (400, 409, 422), answer.text
    assert said in lxml.html.fromstring(answer.text).xpath("string(//*[@role='alert'])")
    return answer


def test_an_upload_keeps_the_rules_and_the_day(client):
    sent = {"day": LONG_AGO, "pack": "software_engineering"}
    answer = refused(client.upload(("x.csv", b"a,b\n"), **sent), "write the year in full")
    assert sent.items() <= forms(answer, "/files")[0].items()
    answer = refused(client.upload(("x.yaml", b"a: 1\n"), **(sent | {"day": DAY})), "along with its mapping")
    assert (sent | {"day": DAY}).items() <= forms(answer, "/files")[0].items()


@pytest.mark.parametrize("where", ["settings", "start"])
def test_settings_keep_what_was_chosen_and_none_of_it_counts(server, client, where):
    address = dropped(client)
    sent = {
        "day": LONG_AGO,
        "pack": "software_engineering",
        "group_by": "level",
        "guideline": "ready_now=1..2%",
    }
    answer = refused(client.post(f"{address}/{where}", sent), "write the year in full")
    assert sent.items() <= forms(answer, f"{address}/start")[0].items()
    assert about_of(server, address).guideline == ""


def test_settings_that_come_with_answers_from_before_are_kept(client):
    address = dropped(client)
    sent = {"day": DAY, "pack": "product_management", "group_by": "level", "guideline": "ready_now=1..2%"}
    client.post(f"{address}/answer", {"kind": "columns", "title": "What is it?", "given:Manager": ""})
    answer = refused(client.post(f"{address}/start", {**sent, "seen": "of before"}), "changed meanwhile")
    assert sent.items() <= forms(answer, f"{address}/start")[0].items()


def test_an_answer_keeps_what_was_typed(client):
    text = HEADS + ROWS.replace(",4,4", ",17,23")
    address = dropped(client, text)
    kept = [one for one in forms(client.get(address), f"{address}/answer") if one["kind"] == "scale"]
    asked = next(one for one in kept if one.get("asked") and not one["given:worst"])
    sent = {**asked, "given:worst": "one", "given:best": "25"}
    answer = refused(client.post(f"{address}/answer", sent), "one")
    again = [one for one in forms(answer, f"{address}/answer") if one["kind"] == "scale"]
    assert sent in again
    assert [one.get("given:best") for one in again].count("25") == 1


def test_a_scale_that_is_corrected_keeps_what_was_typed(client):
    address = dropped(client)
    sent = {"kind": "scale", "title": "Which scale are the ratings on?", "given:whose": "manager"}
    sent |= {"given:worst": "one", "given:best": "10"}
    answer = refused(client.post(f"{address}/answer", sent), "one")
    assert any(sent.items() <= one.items() for one in forms(answer, f"{address}/answer"))


def test_a_decision_without_scripts_keeps_its_words(client, session):
    sent = {**decision(client, f"{session}/1"), "reason": "Seen by all", "follow_up": "In May"}
    sent |= {"decided_on": LONG_AGO}
    answer = refused(client.post(f"{session}/1/decide", sent), "write the year in full")
    assert sent.items() <= forms(answer, f"{session}/1/decide")[0].items()
    said = client.post(f"{session}/1/decide", {**sent, "scripted": "yes"}, Accept="application/json")
    assert (said.status, "write the year in full" in said.text) == (422, True)


def test_taking_a_decision_back_keeps_its_words_and_shows_the_decision_as_it_is(client, session):
    sent = {**decision(client, f"{session}/2"), "reason": "Seen by all"}
    assert client.post(f"{session}/2/decide", sent).status == 303
    told = {"why": "Too early", "decided_by": "Ben", "version": "99"}
    answer = refused(client.post(f"{session}/2/withdraw", told), "changed meanwhile")
    (again,) = forms(answer, f"{session}/2/withdraw")
    assert (again["why"], again["decided_by"]) == ("Too early", "Ben")
    (decided,) = forms(answer, f"{session}/2/decide")
    assert (decided["decision"], decided["reason"]) == (sent["decision"], "Seen by all")
    assert '<details class="sure" open>' in answer.text
    assert client.post(f"{session}/2/withdraw", again).status == 303


def test_the_rest_keeps_who_was_ticked_and_why_it_is_taken_back(client, session):
    groups = lxml.html.fromstring(client.get(f"{session}/rest").text).xpath("//input[@name='groups']")
    ticked, others = groups[-1].get("value"), {one.get("value") for one in groups[:-1]}
    version = forms(client.get(f"{session}/rest"), f"{session}/rest")[0]["version"]
    sent = {"groups": ticked, "decided_by": "-", "decided_on": "2026-06-29", "version": version}
    answer = refused(client.post(f"{session}/rest", sent), "not a word")
    form = next(one for one in lxml.html.fromstring(answer.text).forms if one.action == f"{session}/rest")
    assert sent.items() <= dict(form.form_values()).items()
    assert others.isdisjoint({value for name, value in form.form_values() if name == "groups"})
    answer = refused(
        client.post(f"{session}/rest", {**sent, "decided_on": LONG_AGO}), "write the year in full"
    )
    assert forms(answer, f"{session}/rest")[0]["groups"] == ticked
    assert client.post(f"{session}/rest", {**sent, "decided_by": "Panel"}).status == 303
    told = {"why": "Too early", "decided_by": "Ben", "version": "99"}
    answer = refused(client.post(f"{session}/rest/withdraw", told), "decided meanwhile")
    (again,) = forms(answer, f"{session}/rest/withdraw")
    assert (again["why"], again["decided_by"]) == ("Too early", "Ben")
    assert client.post(f"{session}/rest/withdraw", again).status == 303


def test_a_name_that_nobody_has_is_looked_for_again_in_the_session(client, session):
    answer = client.post(f"{session}/find", {"q": "Adda"})
    assert (answer.status, "Nobody here is called “Adda”" in answer.text) == (404, True)
    assert forms(answer, f"{session}/find")[0]["q"] == "Adda"
    assert f'href="{session}"' in answer.text


@pytest.mark.parametrize("content", [b"a: [", b"\xff\xfe\x00", b"- 1", b"nonsense: 1"])
def test_a_mapping_that_cannot_be_read_any_more_is_said_on_every_page(server, client, content):
    files = ("three.csv", (HEADS + ROWS).encode()), ("map.yaml", b'columns: {"Manager": manager_name}')
    address = client.upload(*files, day=DAY).headers["location"]
    assert "Assess 3 people" in client.get(address).text
    (folder_of(server, address) / "files" / "map.yaml").write_bytes(content)
    for page in ("", "/mapping.yaml"):
        answer = client.get(f"{address}{page}")
        assert answer.status == 422, answer.text
        assert "map.yaml" in answer.text
    assert client.post(f"{address}/without-mapping").status == 303
    assert "Assess 3 people" in client.get(address).text


def test_two_runs_to_compare_that_are_one_can_be_chosen_anew(client):
    one, other = (made(client).rpartition("/")[2] for _ in range(2))
    answer = refused(client.get(f"/compare?before={one}&after={one}"), "two different runs")
    assert {"before": one, "after": one}.items() <= forms(answer, "/compare")[0].items()
    assert client.get(f"/compare?before={one}&after={other}").status == 200
