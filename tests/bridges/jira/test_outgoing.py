"""A case that reaches eGov is an issue of its Jira, and stays one in step."""

from datetime import timedelta
from email import message_from_bytes
from email.policy import default

import pytest
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from deskbook.bridges.jira.models import JiraAct, JiraIssue, JiraLink
from deskbook.bridges.jira.outgoing import TRIED_FOR, do_acts, do_due_acts, mirror, share, try_again
from deskbook.bridges.jira.settings import try_link
from deskbook.bridges.jira.words import label_of
from deskbook.channels.email.models import OutboundMail
from deskbook.delivery.patience import SHORTEST_PAUSE
from deskbook.jobs.service_trouble import alert_service_trouble
from deskbook.people.refusals import in_words
from deskbook.people.sealing import sealed
from deskbook.tickets.assignment import hand_over_ticket
from deskbook.tickets.conversation import answer_ticket, note_on_ticket, take_in_message
from deskbook.tickets.messages import File, Written
from deskbook.tickets.models import Message
from deskbook.tickets.opening import NewCase, open_ticket
from deskbook.tickets.stages import move_ticket
from tests.people_factory import make_agent


def now():
    return timezone.now()


def test_a_case_that_reaches_the_team_becomes_one_issue(mirrored, jira, asha, link):
    issue = jira.issues["MUK-1"]
    assert issue["summary"] == f"[{mirrored}] The muster roll is empty"
    assert issue["labels"] == ["deskbook", label_of(mirrored)]
    assert issue["priority"] == {"name": "Highest"}
    assert "Since Monday." in issue["description"]
    assert f"Requester: {mirrored.requester}" in issue["description"]
    assert jira.links == [f"http://127.0.0.1:8000/console/tickets/{mirrored}"]
    assert [file["filename"].partition("-")[2] for file in issue["attachment"]] == ["roll.csv"]
    assert JiraIssue.objects.get().key == "MUK-1"


def test_nobody_is_mentioned_and_no_macro_runs_there_by_what_a_requester_writes(mirrored, jira):
    assert r"\[~admin] \{panel}" in jira.issues["MUK-1"]["description"]


def test_a_case_of_another_team_is_no_issue(case, asha, link, follows, jira):
    follows(hand_over_ticket(case, "master trainers", at=now(), by=asha))
    assert jira.calls == []


def test_what_was_said_before_comes_along(case, asha, link, follows, jira):
    answer_ticket(case, Written("We look at it."), at=now(), by=asha)
    follows(hand_over_ticket(case, "egov", at=now(), by=asha))
    assert [
        "We look at it." in one["body"] for one in jira.issues["MUK-1"]["comment"]["comments"]
    ] == [True]


def test_a_case_already_worked_on_begins_there_where_it_stands(case, asha, link, follows, jira):
    move_ticket(case, "in progress", at=now(), by=asha)
    follows(hand_over_ticket(case, "egov", at=now(), by=asha))
    assert jira.issues["MUK-1"]["status"] == {"name": "In Progress"}
    assert JiraIssue.objects.get().status == "In Progress"


def test_reaching_the_team_again_makes_no_second_issue(mirrored, asha, follows, jira):
    follows(hand_over_ticket(mirrored, "help desk", at=now(), by=asha))
    follows(hand_over_ticket(mirrored, "egov", at=now(), by=asha))
    assert list(jira.issues) == ["MUK-1"]


def test_answers_and_what_the_requester_writes_are_comments_once(
    mirrored, asha, chitra, follows, jira
):
    answered = answer_ticket(
        mirrored, Written("Look now.", files=(File("a.png", "image/png", b"x"),)), at=now(), by=asha
    )
    follows(answered)
    follows(answered)
    follows(take_in_message(mirrored, Written("It works."), channel="email", at=now(), by=chitra))
    bodies = [one["body"] for one in jira.issues["MUK-1"]["comment"]["comments"]]
    assert [body.splitlines()[0] for body in bodies] == [
        "Asha, MUKTASoft O&M Help Desk, answered the requester:",
        "Chitra wrote to MUKTASoft O&M Help Desk:",
    ]
    assert len(jira.issues["MUK-1"]["attachment"]) == 2


def test_a_note_stays_here_unless_it_is_written_for_jira(mirrored, asha, follows, jira):
    follows(note_on_ticket(mirrored, Written("They are slow."), at=now(), by=asha))
    assert jira.issues["MUK-1"]["comment"]["comments"] == []
    note = Message.objects.get(text="They are slow.")
    assert share(note, at=now())
    do_acts(JiraIssue.objects.get().pk)
    assert "They are slow." in jira.issues["MUK-1"]["comment"]["comments"][0]["body"]


def test_conversations_stay_here_where_the_owner_says_so(mirrored, asha, follows, jira):
    JiraLink.objects.update(share_answers=False)
    follows(answer_ticket(mirrored, Written("Look now."), at=now(), by=asha))
    assert jira.issues["MUK-1"]["comment"]["comments"] == []


def test_a_stage_is_a_transition_by_where_it_leads(mirrored, asha, follows, jira):
    follows(move_ticket(mirrored, "in progress", at=now(), by=asha))
    follows(move_ticket(mirrored, "resolved", at=now(), by=asha))
    assert jira.issues["MUK-1"]["status"] == {"name": "Done"}
    assert JiraIssue.objects.get().status == "Done"
    before = jira.calls.count("POST issue/MUK-1/transitions")
    do_acts(JiraIssue.objects.get().pk)
    assert jira.calls.count("POST issue/MUK-1/transitions") == before


def test_a_status_the_workflow_does_not_lead_to_is_shown_and_tried_again(
    mirrored, asha, follows, jira
):
    JiraLink.objects.update(stages={"in progress": "Done"})
    follows(move_ticket(mirrored, "in progress", at=now(), by=asha))
    act = JiraAct.objects.get(kind="move")
    assert act.state == "failed"
    assert (
        in_words(act.reason)
        == "From “To Do” Jira's workflow does not lead to “Done”. It leads to: “In Progress”."
    )
    jira.issues["MUK-1"]["status"] = {"name": "In Progress"}
    assert try_again(act, at=now())
    do_acts(act.issue_id)
    assert jira.issues["MUK-1"]["status"] == {"name": "Done"}
    act.refresh_from_db()
    assert (act.state, try_again(act, at=now())) == ("sent", False)


def test_a_busy_jira_is_asked_again_when_it_says_and_the_order_is_kept(
    mirrored, asha, follows, jira
):
    jira.answers, jira.retry_after = [429], "600"
    first = now()
    follows(answer_ticket(mirrored, Written("One."), at=first, by=asha), at=first)
    follows(answer_ticket(mirrored, Written("Two."), at=now(), by=asha), at=first)
    assert jira.issues["MUK-1"]["comment"]["comments"] == []
    assert do_due_acts(at=first + timedelta(seconds=590)) == 0
    # Two comments and the stage the answer set.
    assert do_due_acts(at=first + timedelta(seconds=601)) == 3
    bodies = [one["body"] for one in jira.issues["MUK-1"]["comment"]["comments"]]
    assert ["One." in bodies[0], "Two." in bodies[1]] == [True, True]


def test_what_was_done_before_a_worker_died_is_found_and_not_done_again(
    case, asha, link, follows, jira
):
    def dies(path):
        if path in ("issue", "issue/MUK-1/comment", "issue/MUK-1/attachments"):
            raise ConnectionError("the worker is gone before the answer came")

    first = now()
    handed = hand_over_ticket(case, "egov", at=first, by=asha)
    for entry in handed.entries:
        mirror(entry.pk, at=first)
    answered = answer_ticket(case, Written("Look now."), at=first, by=asha)
    for entry in answered.entries:
        mirror(entry.pk, at=first)
    jira.after, at = dies, first
    for _attempt in range(8):
        do_due_acts(at=at)
        at += timedelta(minutes=10)
    assert list(jira.issues) == ["MUK-1"]
    assert len(jira.issues["MUK-1"]["comment"]["comments"]) == 1
    assert len(jira.issues["MUK-1"]["attachment"]) == 1
    assert not JiraAct.objects.exclude(state="sent").exists()


def test_what_waited_behind_others_is_tried_again_soon_after_its_first_failure(
    mirrored, asha, jira
):
    first, later = now(), now() + timedelta(hours=2)
    for entry in answer_ticket(mirrored, Written("Look now."), at=first, by=asha).entries:
        mirror(entry.pk, at=first)
    jira.answers = [503]
    do_due_acts(at=later)
    act = JiraAct.objects.filter(state="queued").earliest("pk")
    assert (act.attempts, act.next_try_at) == (1, later + SHORTEST_PAUSE)


def test_jira_down_for_days_is_given_up_and_said(case, asha, link, follows, jira):
    jira.answers = [503] * 500
    first = now()
    follows(hand_over_ticket(case, "egov", at=first, by=asha), at=first)
    do_due_acts(at=first + TRIED_FOR)
    act = JiraAct.objects.get(kind="create")
    assert (act.state, in_words(act.reason)) == ("failed", "Jira said: 503, try later.")


def test_an_answer_nobody_understands_waits_and_is_given_up_and_holds_up_no_other(
    mirrored, asha, follows, jira
):
    jira.strange = {"issue/MUK-1/transitions": {"transitions": ["11"]}}
    first = now()
    follows(move_ticket(mirrored, "in progress", at=first, by=asha), at=first)
    act = JiraAct.objects.get(kind="move")
    assert (act.state, in_words(act.reason)) == (
        "queued",
        "Jira's answer was not understood (AttributeError).",
    )
    assert do_due_acts(at=first + TRIED_FOR) == 0
    act.refresh_from_db()
    assert act.state == "failed"


def test_a_token_with_signs_no_token_has_is_said_to_be_wrong(link, jira):
    link.token = sealed("tok…1")
    expected = "Jira said: 401 Who are you?" if jira.cloud else "signs that no token has"
    assert expected in in_words(try_link(link, at=now()))


def test_a_token_that_ended_is_told_the_owner(mirrored, asha, follows, jira, link):
    JiraLink.objects.update(token=sealed("old"))
    follows(answer_ticket(mirrored, Written("Look now."), at=now(), by=asha))
    link.refresh_from_db()
    assert in_words(link.trouble) == "Jira said: 401 Who are you?"
    act = JiraAct.objects.get(kind="comment")
    late = act.queued_at + TRIED_FOR + timedelta(days=4)  # however long it takes somebody to look
    JiraAct.objects.filter(pk=act.pk).update(next_try_at=late)
    do_due_acts(at=late)
    act.refresh_from_db()
    assert (act.state, in_words(act.reason)) == ("queued", "Jira said: 401 Who are you?")
    assert ProcrastinateJob.objects.filter(task_name="alert_service_trouble").count() == 1
    link.token = sealed("token-1")
    link.save()
    assert try_link(link, at=now()) == ""  # what an owner does who has put it right
    do_due_acts(at=now())
    act.refresh_from_db()
    assert (act.state, link.trouble) == ("sent", "")


def another(case, asha, follows, at):
    new = NewCase("Another", Written("Too"), "email", severity="p1")
    follows(
        hand_over_ticket(
            open_ticket(case.requester, new, at=at, by=case.requester).ticket,
            "egov",
            at=at,
            by=asha,
        )
    )
    return JiraIssue.objects.latest("pk").ticket


def comments(jira, key):
    return len(jira.issues[key]["comment"]["comments"])


def test_an_issue_the_account_may_not_comment_on_holds_up_no_other(mirrored, asha, follows, jira):
    other, first = another(mirrored, asha, follows, now()), now()
    jira.forbidden = {"issue/MUK-1/comment"}
    for case in (other, mirrored):
        for entry in answer_ticket(case, Written("Look now."), at=first, by=asha).entries:
            mirror(entry.pk, at=first)
    do_due_acts(at=first)
    assert (comments(jira, "MUK-1"), comments(jira, "MUK-2")) == (0, 1)
    assert "403" in in_words(JiraAct.objects.get(kind="comment", issue__key="MUK-1").reason)
    assert ProcrastinateJob.objects.filter(task_name="alert_service_trouble").count() == 1


def test_what_was_told_to_wait_is_not_called_forward_by_what_goes_through_after_a_refusal(
    mirrored, asha, follows, jira
):
    other, first = another(mirrored, asha, follows, now()), now()
    jira.answers, jira.retry_after = [429], "3000"
    follows(answer_ticket(mirrored, Written("One."), at=first, by=asha), at=first)
    jira.forbidden = {"issue/MUK-2/comment"}
    follows(answer_ticket(other, Written("Two."), at=first, by=asha), at=first)
    jira.forbidden = set()
    do_due_acts(at=first + timedelta(minutes=10))
    do_due_acts(at=first + timedelta(minutes=11))
    assert (comments(jira, "MUK-1"), comments(jira, "MUK-2")) == (0, 1)


def test_leads_are_told_once_a_day_that_a_service_takes_nothing(desk):
    bala = make_agent(desk, "Bala", role="lead")
    for said in ("401", "401", "403"):
        alert_service_trouble(desk.pk, "Jira", f"Jira said: {said}", "2026-03-02")
    mail = OutboundMail.objects.get()
    assert mail.recipient == bala.user.email
    assert (
        "/console/bridges/jira"
        in message_from_bytes(bytes(mail.raw), policy=default).get_body().get_content()
    )


def test_what_jira_does_not_take_is_said_in_its_words(case, asha, link, follows, jira):
    JiraLink.objects.update(issue_type="Epic")
    follows(hand_over_ticket(case, "egov", at=now(), by=asha))
    act = JiraAct.objects.get(kind="create")
    assert (act.state, in_words(act.reason)) == (
        "failed",
        "Jira said: 400 issuetype: Specify a valid issue type",
    )
    follows(answer_ticket(case, Written("Look now."), at=now(), by=asha))
    assert JiraAct.objects.get(kind="comment").state == "queued"


def test_an_issue_deleted_there_is_not_written_on_any_more(mirrored, asha, follows, jira):
    jira.issues.clear()
    follows(answer_ticket(mirrored, Written("Look now."), at=now(), by=asha))
    assert JiraIssue.objects.get().gone
    follows(answer_ticket(mirrored, Written("And now?"), at=now(), by=asha))
    assert JiraAct.objects.filter(kind="comment").count() == 1


@pytest.mark.usefixtures("link")
def test_an_address_inside_the_network_is_not_called(case, asha, follows, jira, settings):
    settings.DESKBOOK_PRIVATE_HOSTS = ()
    follows(hand_over_ticket(case, "egov", at=now(), by=asha))
    assert "private network" in in_words(JiraAct.objects.get(kind="create").reason)
    assert jira.calls == []
