"""The Jira of a demo."""

import pytest
from django.utils import timezone

from deskbook.bridges.jira.models import JiraIssue
from deskbook.bridges.jira.outgoing import do_acts, mirror
from deskbook.demo.past.jira import keep_issues
from deskbook.tickets.assignment import hand_over_ticket
from deskbook.tickets.conversation import answer_ticket
from deskbook.tickets.messages import Written
from deskbook.tickets.models import Message
from deskbook.tickets.opening import NewCase, open_ticket
from tests.people_factory import make_agent, make_contact, make_desk


@pytest.fixture
def case(db, demo):
    desk = make_desk("mukta")
    asha, chitra = make_agent(desk), make_contact(desk)
    keep_issues(desk, at=timezone.now())
    case = open_ticket(
        chitra, NewCase("It crashes", Written("Help"), "email"), at=timezone.now(), by=chitra
    ).ticket
    acts = [hand_over_ticket(case, "egov", at=timezone.now(), by=asha)]
    acts += [answer_ticket(case, Written("eGov looks at it."), at=timezone.now(), by=asha)]
    for entry in [entry for recorded in acts for entry in recorded.entries]:
        mirror(entry.pk, at=timezone.now())
    do_acts(JiraIssue.objects.get().pk)
    return case


def test_an_issue_of_a_demo_is_shown_commented_on_and_moved(client, case):
    key = f"EGOV-{case.number}"
    assert key in client.get("/demo/jira/").content.decode()
    page = client.get(f"/demo/jira/{key}/").content.decode()
    assert "eGov looks at it." in page
    assert "In Progress" in page
    client.post(f"/demo/jira/{key}/act/", {"text": "Fixed."})
    assert "Farid in Jira" in Message.objects.get(ticket=case, kind="note").text
    client.post(f"/demo/jira/{key}/act/", {"status": "Done"})
    case.refresh_from_db()
    assert case.stage == "resolved"


def test_what_the_book_refuses_is_said(client, case):
    said = client.post(
        f"/demo/jira/EGOV-{case.number}/act/", {"status": "To Do"}, follow=True
    ).content.decode()
    assert "the book does not allow" in said


def test_without_a_demo_there_is_no_jira_to_play_with(client, case, settings):
    settings.ROOT_URLCONF = "deskbook.config.urls"
    assert client.get("/demo/jira/").status_code == 404
    assert client.get(f"/demo/jira/EGOV-{case.number}/").status_code == 404
    assert client.post(f"/demo/jira/EGOV-{case.number}/act/", {"status": "Done"}).status_code == 404
