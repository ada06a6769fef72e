"""People, articles, rosters, reports and the book, for programs."""

from datetime import timedelta

import pytest
from django.utils import timezone

from deskbook.reports.all import REPORTS
from tests.article_factory import release, write
from tests.people_factory import BOOKS, make_agent, make_contact, make_desk
from tests.web.api.conftest import program_of


@pytest.fixture
def owner_script(desk):
    return program_of(make_agent(desk, "Olga", "owner"))


def test_people_and_organisations_are_found_and_read(script, chitra):
    [found] = script.get("people?q=chit").json()
    person = script.get(f"people/{found['id']}").json()
    assert person["name"] == "Chitra"
    assert person["ways"][0]["identifier"] == "chitra@sparkrock-customer.example"
    [organisation] = script.get("organisations?q=northwind").json()
    assert organisation["id"] == person["organisation"]["id"]
    assert script.get(f"organisations/{organisation['id']}").json() == organisation


def test_people_of_other_desks_are_not_there(script, chitra):
    noor = make_contact(make_desk("mukta"), "Noor")
    assert script.get("people?q=noor").json() == []
    assert script.get(f"people/{noor.pk}").status_code == 404
    assert script.get("people/99999999999999999999").status_code == 404
    assert script.get("organisations/99999999999999999999").status_code == 404


def test_articles_are_found_and_read(script, asha, bala):
    text = write(asha, "Resetting a password", "Open **Account**.")
    release(text, asha, bala)
    text.refresh_from_db()
    [found] = script.get("articles?q=password").json()
    article = script.get(f"articles/{found['id']}").json()
    assert article["body"] == text.published.body
    assert script.get("articles/0").status_code == 404


def test_who_is_on_duty_is_said_by_team(script, desk):
    on = make_agent(desk, "Devi", teams=("support",))
    teams = {one["team"]: one["people"] for one in script.get("rosters/on-duty").json()}
    team = next(key for key in teams)
    on.teams = [team]
    on.save()
    [only] = script.get(f"rosters/on-duty?team={team}").json()
    assert [one["name"] for one in only["people"]] == ["Devi"]
    assert script.get("rosters/on-duty?team=nobody").status_code == 404
    far = (timezone.now() + timedelta(days=9_000)).isoformat().replace("+", "%2B")
    assert script.get(f"rosters/on-duty?at={far}").status_code == 422
    assert script.get("rosters/on-duty?at=2026-03-02T10:00:00").status_code == 422, "without a zone"


def test_a_lead_reads_every_report_with_its_filters(bala_script, open_case):
    open_case()
    listed = {one["key"]: one for one in bala_script.get("reports").json()}
    assert list(listed) == list(REPORTS)
    assert "severity" in [one["name"] for one in listed["flow"]["filters"]]
    for key in REPORTS:
        assert bala_script.get(f"reports/{key}").status_code == 200, key
    flow = bala_script.get("reports/flow?by=severity").json()
    assert [row["key"] for row in flow["rows"]] == ["s2"]
    assert flow["rows"][0]["values"]["new"] == 1
    assert bala_script.get("reports/flow?first=soon").json()["errors"][0]["field"] == "first"
    assert bala_script.get("reports/nothing").status_code == 404


def test_an_agent_reads_their_own_numbers_alone(script):
    assert [one["key"] for one in script.get("reports").json()] == ["agents"]
    assert script.get("reports/flow").status_code == 403


def test_the_book_is_read_checked_asked_and_played(owner_script, script):
    book = script.get("book").json()
    assert book["text"] == (BOOKS / "sparkrock.yaml").read_text()
    assert script.post("book/check", {"text": book["text"]}).status_code == 403
    assert owner_script.post("book/check", {"text": book["text"]}).json()["is_right"]
    wrong = owner_script.post("book/check", {"text": "deskbook: 1\n"}).json()
    assert not wrong["is_right"]
    assert wrong["findings"][0]["line"]
    cases = [{"opened": "2026-03-06T19:00:00-05:00", "severity": "S1", "plan": "diamond"}, {}]
    answers = script.post("book/due", {"cases": cases}).json()["answers"]
    assert len(answers) == 2
    assert "error" in answers[1]
    scenario = next((BOOKS / "sparkrock").glob("*.scenario.yaml")).read_text()
    played = owner_script.post("book/play", {"scenarios": scenario}).json()["played"]
    assert played
    assert owner_script.post("book/due", {"cases": cases, "text": "x: ["}).status_code == 422


@pytest.mark.parametrize(
    "case", ['{"id": 1e999}', '{"id": NaN}', f'{{"id": {"[" * 300}1{"]" * 300}}}']
)
def test_a_made_up_case_is_what_json_can_give_back(script, case):
    answer = script.client.post(
        "/api/v1/book/due",
        f'{{"cases": [{case}]}}',
        "application/json",
        headers={"authorization": f"Bearer {script.secret}"},
    )
    assert answer.status_code == 422, answer.content


def test_what_is_no_cursor_is_said_and_not_taken_for_the_beginning(script, open_case):
    case = open_case()
    for address in ("tickets", f"tickets/{case}/messages"):
        for after in ("yesterday", "2026-01-01T00:00:00_1", "_"):
            assert script.get(f"{address}?after={after}").status_code == 422, (address, after)
