"""What happens in Jira happens on the case, where the book allows it; what it refuses is shown, not
lost.
"""

import pytest
from django.test import Client
from django.utils import timezone

from deskbook.bridges.jira.incoming import take_event
from deskbook.bridges.jira.models import JiraAct, JiraEvent, JiraIssue, JiraLink
from deskbook.people.refusals import in_words
from deskbook.tickets.messages import Written
from deskbook.tickets.models import Message
from deskbook.tickets.opening import NewCase, open_ticket
from deskbook.tickets.relations import merge_ticket
from tests.people_factory import make_agent

FARID = {"accountId": "farid-1", "name": "farid", "displayName": "Farid"}


def moved(to, before="To Do", by=FARID, **more):
    items = [{"field": "status", "fieldId": "status", "fromString": before, "toString": to}]
    return {
        "timestamp": 1,
        "webhookEvent": "jira:issue_updated",
        "user": by,
        "issue": {"id": "1", "key": "MUK-1"},
        "changelog": {"id": "5", "items": items},
        **more,
    }


def commented(text, kind="comment_created", by=FARID, number="77"):
    comment = {"id": number, "body": text, "author": by, "updateAuthor": by}
    return {
        "timestamp": 2,
        "webhookEvent": kind,
        "issue": {"id": "1", "key": "MUK-1"},
        "comment": comment,
        "user": by,
    }


def taken():
    for event in JiraEvent.objects.filter(state="new").order_by("pk"):
        take_event(event.pk)


def test_a_status_moves_the_case_and_nothing_goes_back(mirrored, told, jira, follows):
    assert told(moved("In Progress"), "e1").status_code == 200
    taken()
    mirrored.refresh_from_db()
    assert mirrored.stage == "in progress"
    entry = mirrored.log.filter(kind="StageChanged").get()
    assert entry.actor == "system:jira"
    before = JiraAct.objects.count()
    from deskbook.bridges.jira.outgoing import mirror

    mirror(entry.pk, at=timezone.now())
    assert JiraAct.objects.count() == before


def test_the_same_event_twice_happens_once(mirrored, told):
    for identifier in ("e1", "e1", "another, though the body is the same"):
        told(commented("Which device?"), identifier)
    taken()
    taken()
    assert JiraEvent.objects.count() == 1
    assert Message.objects.filter(ticket=mirrored, kind="note").count() == 1


def test_a_comment_is_a_note_with_its_author_as_text_once_for_both_events(mirrored, told):
    told(commented("Which device? <b>"), "e1")
    told(commented("Which device? <b>", kind="jira:issue_updated"), "e2")
    taken()
    note = Message.objects.get(ticket=mirrored, kind="note")
    assert note.text == "Farid in Jira:\n\nWhich device? <b>"
    assert (note.author_user, note.author_contact, note.channel) == (None, None, "jira")


@pytest.mark.parametrize("event", [moved, commented], ids=["a move", "a comment"])
def test_what_our_own_account_did_there_is_left_alone(mirrored, told, event, link):
    own = {"accountId": link.account_id} if link.cloud else {"name": link.account_id}
    told(event("In Progress", by=own))
    taken()
    assert in_words(JiraEvent.objects.get().reason) == "Our own account did it."
    assert not mirrored.log.filter(actor="system:jira").exists()


def test_a_move_the_book_refuses_is_held_with_its_sentence_and_can_be_tried_again(mirrored, told):
    told(moved("In Progress"), "e1")
    told(moved("Reopened", before="In Progress"), "e2")
    taken()
    held = JiraEvent.objects.get(mark="e2")
    assert (held.state, held.ticket) == ("held", mirrored)
    assert "From “In progress” the book does not allow “New”" in in_words(held.reason)
    assert held.what == "Farid moved MUK-1 to “Reopened”."
    JiraLink.objects.update(statuses={"Reopened": "waiting for the user"})
    assert take_event(held.pk).state == "done"
    mirrored.refresh_from_db()
    assert mirrored.stage == "waiting for the user"


def test_what_is_said_on_the_issue_of_a_merged_case_is_a_note_where_that_goes_on(
    mirrored, told, link
):
    asha = make_agent(link.desk, "Asha Two", role="lead")
    kept = open_ticket(
        mirrored.requester, NewCase("Again", Written("x"), "phone"), at=timezone.now(), by=asha
    ).ticket
    merge_ticket(mirrored, kept, at=timezone.now(), by=asha)
    told(commented("Which device?"), "e1")
    told(moved("In Progress"), "e2")
    taken()
    said = list(Message.objects.filter(ticket=kept, kind="note").values_list("text", flat=True))
    assert said == [
        "Farid in Jira:\n\nWhich device?",
        "Farid moved the issue MUK-1 to “In Progress” in Jira.",
    ]
    assert [event.state for event in JiraEvent.objects.order_by("pk")] == ["done", "done"]
    assert f"{mirrored} was merged into {kept}" in in_words(JiraEvent.objects.get(mark="e2").reason)
    kept.refresh_from_db()
    assert kept.stage != "in progress"


def test_a_status_that_stands_for_nothing_is_said(mirrored, told):
    told(moved("Somewhere"))
    taken()
    event = JiraEvent.objects.get()
    assert (event.state, in_words(event.reason)) == (
        "done",
        "The status “Somewhere” stands for no stage of the desk.",
    )
    assert JiraIssue.objects.get().status == "Somewhere"


def test_what_happened_there_is_told_with_no_more_than_a_part_of_a_long_name(mirrored, told):
    told({**commented("Hello"), "user": {**FARID, "displayName": "F" * 5_000}})
    taken()
    assert JiraEvent.objects.get().what == f"{'F' * 79}…: comment created (MUK-1)."


def test_an_issue_deleted_there_is_noted(mirrored, told):
    told({"webhookEvent": "jira:issue_deleted", "user": FARID, "issue": {"key": "MUK-1"}})
    taken()
    assert JiraIssue.objects.get().gone
    assert (
        "Farid deleted the issue MUK-1 in Jira."
        in Message.objects.get(ticket=mirrored, kind="note").text
    )


def test_an_event_about_no_issue_is_nothing_to_a_case_that_waits_for_its_own(mirrored, told):
    JiraIssue.objects.update(key="")
    told({**commented("Which device?"), "issue": {}}, "e1")
    taken()
    event = JiraEvent.objects.get()
    assert (event.state, in_words(event.reason)) == ("ignored", "It is about no issue.")
    assert not Message.objects.filter(ticket=mirrored, kind="note").exists()


def test_an_issue_of_somebody_elses_is_ignored(link, told):
    told(moved("Done"))
    taken()
    assert in_words(JiraEvent.objects.get().reason) == "No case of this desk is that issue."


def test_without_the_right_signature_nothing_is_kept(link, told, desk):
    assert told(moved("Done"), secret="guessed").status_code == 403
    assert told(moved("Done"), desk="sparkrock").status_code == 404
    outside = Client()
    for signature in ("", "sha256=", "sha256=ü", "sha1=00"):
        refused = outside.post(
            "/hooks/jira/mukta/",
            b"{}",
            content_type="application/json",
            headers={"X-Hub-Signature": signature},
        )
        assert refused.status_code == 403
    assert outside.get("/hooks/jira/mukta/").status_code == 405
    assert not JiraEvent.objects.exists()


def test_a_link_without_a_secret_believes_nobody(link, told):
    JiraLink.objects.update(webhook_secret="")
    assert told(moved("Done"), secret="").status_code == 403


@pytest.mark.parametrize("body", [b"", b"[1]", b"{", b"[" * 90_000, b"\xff"])
def test_what_is_no_event_is_said_to_be_none(link, told, body):
    assert told(body).status_code == 422


@pytest.mark.parametrize(
    "strange",
    [
        {},
        {"webhookEvent": 5, "issue": "MUK-1", "changelog": [], "comment": "x", "user": None},
        {"issue": {"key": "MUK-1"}, "changelog": {"items": {"field": "status"}}},
        {
            "issue": {"key": "MUK-1"},
            "changelog": {"items": [{"field": "status", "toString": None}]},
        },
        {
            "issue": {"key": "MUK-1"},
            "comment": {"body": "nul \x00 and half a character \ud800", "id": 1},
            "webhookEvent": "comment_created",
        },
    ],
)
def test_whatever_is_signed_is_kept_and_never_stops_the_next(mirrored, told, strange):
    assert told(strange, "e1").status_code == 200
    assert told(moved("In Progress"), "e2").status_code == 200
    taken()
    mirrored.refresh_from_db()
    assert mirrored.stage == "in progress"


def test_more_than_an_event_can_be_is_refused(link, told):
    assert told(b'"' + b"x" * 2_000_000 + b'"').status_code == 413
