"""Jira at the console: the link owners make, the panel of a ticket, and what is left over for a
person.
"""

from html import unescape

import pytest
from django.test import Client
from django.utils import timezone

from deskbook.bridges.jira.models import JiraAct, JiraEvent, JiraIssue, JiraLink
from deskbook.bridges.jira.outgoing import do_acts
from deskbook.people.models import User
from deskbook.people.sealing import sealed, unsealed
from deskbook.refusals.kept import kept
from deskbook.tickets.models import Message
from tests.bridges.jira.conftest import connect
from tests.bridges.jira.stub_jira import stub_jira
from tests.people_factory import make_agent, make_desk


def signed_in(agent):
    client = Client()
    client.force_login(agent.user, "django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def desk(db):
    return make_desk("mukta")


@pytest.fixture
def chitra(desk):
    from tests.people_factory import make_contact

    return make_contact(desk)


@pytest.fixture
def open_case(chitra):
    from deskbook.tickets.messages import Written
    from deskbook.tickets.opening import NewCase, open_ticket

    def opened():
        new = NewCase("The muster roll is empty", Written("Since Monday."), "email")
        return open_ticket(chitra, new, at=timezone.now(), by=chitra).ticket

    return opened


@pytest.fixture
def jira(settings):
    settings.DESKBOOK_PRIVATE_HOSTS = ("127.0.0.1",)
    with stub_jira() as jira:
        yield jira


@pytest.fixture
def owner(desk):
    return signed_in(make_agent(desk, "Omar", role="owner"))


@pytest.fixture
def issue(desk, case, jira):
    link = connect(desk, jira)
    jira.create({"project": {"key": "MUK"}, "labels": [], "summary": "x"})
    return JiraIssue.objects.create(
        link=link, ticket=case, key="MUK-1", status="To Do", synced_at=timezone.now()
    )


@pytest.fixture
def failed(issue):
    return JiraAct.objects.create(
        issue=issue,
        kind="move",
        key="move 1",
        stage="resolved",
        state="failed",
        queued_at=timezone.now(),
        reason="From “To Do” Jira's workflow does not lead to “Done”.",
    )


@pytest.fixture
def held(issue, case):
    return JiraEvent.objects.create(
        link=issue.link,
        mark="e1",
        digest="d",
        state="held",
        ticket=case,
        came_at=timezone.now(),
        what="Farid moved MUK-1 to “Reopened”.",
        reason="From “New” the book does not allow it.",
        payload={
            "webhookEvent": "jira:issue_updated",
            "issue": {"key": "MUK-1"},
            "user": {"displayName": "Farid"},
            "changelog": {"items": [{"field": "status", "toString": "In Progress"}]},
        },
    )


def form(address, **changes):
    return {
        "active": "1",
        "cloud": "1",
        "base_url": address,
        "project": "MUK",
        "issue_type": "Bug",
        "account": "desk@mukta.example",
        "token": "token-1",
        "webhook_secret": "hook-secret",
        "teams": ["egov"],
        "share_answers": "1",
        "stage.in progress": "In Progress",
        "stage.resolved": "Done",
        "statuses": "Done = resolved\nNothing = no stage",
        "priority.p1": "Highest",
        **changes,
    }


def test_an_owner_makes_the_link_and_it_is_tried_at_once(owner, desk, jira):
    said = owner.post("/console/bridges/jira", form(jira.address), follow=True).content.decode()
    assert "Jira knows the account: the link works." in said
    link = JiraLink.objects.get(desk=desk)
    assert (link.account_id, link.teams, link.trouble) == ("deskbook-1", ["egov"], "")
    assert (link.stages, link.statuses) == (
        {"in progress": "In Progress", "resolved": "Done"},
        {"Done": "resolved"},
    )
    assert link.priorities == {"p1": "Highest"}
    assert "/hooks/jira/mukta/" in said


def test_the_secrets_are_never_shown_and_stay_when_left_empty(owner, jira):
    owner.post("/console/bridges/jira", form(jira.address))
    page = owner.get("/console/bridges/jira").content.decode()
    assert "token-1" not in page
    assert "hook-secret" not in page
    owner.post(
        "/console/bridges/jira", form(jira.address, token="", webhook_secret="", project="OTHER")
    )
    link = JiraLink.objects.get()
    assert (link.project, unsealed(link.token), unsealed(link.webhook_secret)) == (
        "OTHER",
        "token-1",
        "hook-secret",
    )
    assert "token-1" not in link.token


def test_the_token_does_not_follow_the_address_elsewhere(owner, jira):
    owner.post("/console/bridges/jira", form(jira.address))
    refused = owner.post("/console/bridges/jira", form("https://elsewhere.example", token=""))
    assert refused.status_code == 422
    assert "it goes to this address and nowhere else" in refused.content.decode()
    assert JiraLink.objects.get().base_url == jira.address


def test_a_token_jira_does_not_know_is_said_in_its_words(owner, jira):
    said = owner.post(
        "/console/bridges/jira", form(jira.address, token="wrong"), follow=True
    ).content.decode()
    assert "Jira said: 401 Who are you?" in said
    assert "Jira said: 401 Who are you?" in owner.get("/console/bridges/").content.decode()
    JiraLink.objects.update(token=sealed("token-1"))
    assert (
        "the link works" in owner.post("/console/bridges/jira/trial", follow=True).content.decode()
    )


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"base_url": "mukta.atlassian.net"}, "is no address of a service"),
        ({"project": "MUK-1"}, "The key of the project"),
        ({"account": "desk"}, "by their mail address"),
        ({"token": ""}, "Type the token in"),
        ({"stage.resolved": "D" * 121}, "This has 121 characters; at most 120 fit."),
    ],
)
def test_what_cannot_work_is_said_and_nothing_typed_is_lost(owner, jira, changes, words):
    refused = owner.post("/console/bridges/jira", form(jira.address, **changes))
    assert refused.status_code == 422
    assert words in refused.content.decode()
    assert "Highest" in refused.content.decode()
    assert 'value="egov" checked' in refused.content.decode()
    assert not JiraLink.objects.exists()


def test_only_owners_make_links(console, as_bala, jira):
    for client in (console, as_bala):
        assert client.get("/console/bridges/jira").status_code == 404
        assert client.post("/console/bridges/jira", form(jira.address)).status_code == 404
        assert client.post("/console/bridges/jira/trial").status_code == 404


def test_the_ticket_shows_its_issue_and_what_is_left_over(console, at_ticket, issue, failed, held):
    page = console.get(at_ticket()).content.decode()
    assert f'href="{issue.link.base_url}/browse/MUK-1"' in page
    assert "does not lead to" in page
    assert "Farid moved MUK-1" in page


def test_a_note_for_both_is_here_and_there_once(console, at_ticket, case, issue, jira):
    for _twice in range(2):
        console.post(at_ticket("jira"), {"text": "Logs attached to the mail.", "client_key": "k"})
    assert Message.objects.filter(ticket=case, kind="note").count() == 1
    do_acts(issue.pk)
    assert "Logs attached" in jira.issues["MUK-1"]["comment"]["comments"][0]["body"]
    assert console.post(at_ticket("jira"), {"text": " "}).status_code == 302


def test_what_the_book_refused_is_tried_again_from_the_ticket(console, held, case):
    gone_to = console.post(
        "/console/left-over/trying", {"row": f"jira-in {held.pk}", "ticket": str(case)}
    )
    assert gone_to.url == f"/console/tickets/{case}"
    case.refresh_from_db()
    assert case.stage == "in progress"


def test_the_bridges_say_how_much_waits_for_jira_since_when_and_why(owner, issue):
    assert (
        "Nothing waits and nothing is left over." in owner.get("/console/bridges/").content.decode()
    )
    for number, reason in enumerate(("Jira said: 500 Down.", "")):  # the second waits for the first
        JiraAct.objects.create(
            issue=issue,
            kind="move",
            key=f"move {number}",
            stage="resolved",
            state="queued",
            queued_at=timezone.now(),
            reason=reason,
        )
    page = " ".join(owner.get("/console/bridges/").content.decode().split())
    assert "2 acts wait since" in page and "Jira said: 500 Down." in page
    assert "Nothing waits" not in page


def test_the_bridges_say_how_much_is_left_over(owner, failed, held):
    page = owner.get("/console/bridges/").content.decode()
    assert "2 are left over for a person" in page


def test_another_desks_bridge_is_nobodys_business(failed, held, case):
    stranger = signed_in(make_agent(make_desk("sparkrock"), "Farid", role="owner"))
    assert "MUK-1" not in stranger.get("/console/bridges/").content.decode()
    assert stranger.post(f"/console/tickets/{case}/jira", {"text": "x"}).status_code == 404
    assert Client().get("/console/bridges/").status_code == 302


def test_what_is_left_over_is_said_in_the_language_of_who_reads_it_and_sentences_of_before_as_they_are(
    owner, failed, held
):
    User.objects.filter(name="Omar").update(language="pt")
    JiraEvent.objects.filter(pk=held.pk).update(reason=kept("jira.no_stage", status="Nothing"))
    JiraLink.objects.update(trouble=kept("jira.said", words="401 Who are you?"))
    pages = [owner.get(f"/console/{screen}/") for screen in ("bridges", "left-over")]
    page = unescape("".join(page.content.decode() for page in pages))
    assert "O estado “Nothing” não corresponde a nenhuma fase do serviço." in page
    assert "O Jira disse: 401 Who are you?" in page
    assert "Jira's workflow does not lead to “Done”." in page
