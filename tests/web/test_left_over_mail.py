"""Mails nobody could make a ticket of."""

import inspect
import re
from importlib import import_module

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from deskbook.channels.all import carrying
from deskbook.channels.email.models import InboundMail, OutboundMail
from deskbook.channels.email.storing import ingest
from deskbook.channels.email.understanding import receive
from deskbook.delivery.states import State, Taken
from deskbook.jobs.failure_models import JobFailure
from deskbook.jobs.given_up import OF_NO_DESK, of_desks
from deskbook.jobs.letters import acknowledge
from deskbook.people.refusals import in_words
from deskbook.tasks import JOBS
from deskbook.tickets.messages import Written, store_blob
from deskbook.tickets.models import Ticket
from deskbook.tickets.opening import NewCase, open_ticket
from tests.people_factory import MONDAY, make_agent, make_contact, make_desk


@pytest.fixture
def held(desk):
    return hold(desk)


def hold(desk, subject="", sender="", raw=b""):
    raw = raw or b"From: ghost\r\nSubject: <script>alert(1)</script>\r\n\r\nHelp me \xff"
    return InboundMail.objects.create(
        desk=desk,
        raw=store_blob(raw),
        content_hash=f"h{desk.pk}{subject}",
        envelope_from="ghost@far.example",
        received_at=timezone.now(),
        state=Taken.HELD,
        reason="Its sender has no address.",
        subject=subject,
        sender=sender,
    )


def test_a_held_mail_is_listed_with_its_reason_and_its_raw_text_is_only_text(console, held):
    listed = console.get("/console/left-over/").content.decode()
    assert "ghost@far.example" in listed
    assert "Its sender has no address." in listed
    raw = console.get(f"/console/left-over/mails/{held.pk}").content.decode()
    assert "Help me" in raw
    assert "<script>alert" not in raw


def test_a_retried_mail_is_new_again_and_has_a_job(console, held):
    console.post("/console/left-over/trying", {"row": f"mail-in {held.pk}"})
    held.refresh_from_db()
    assert held.state == Taken.NEW
    assert ProcrastinateJob.objects.filter(
        task_name="receive_mail", args={"inbound_id": held.pk}
    ).exists()


def test_a_held_mail_is_filed_by_hand(console, held):
    form = console.get(f"/console/tickets/new?left=mail-in%20{held.pk}").content.decode()
    assert "ghost@far.example" in form
    assert "Help me" in form
    given = {
        "left": f"mail-in {held.pk}",
        "requester": "ghost@far.example",
        "text": "Help me",
        "channel": "email",
    }
    assert console.post("/console/tickets/new", given).status_code == 302
    held.refresh_from_db()
    assert held.state == Taken.DONE
    assert held.ticket == Ticket.objects.get()


def test_a_mail_filed_by_hand_says_whom_it_names_that_follow_nothing_by_it(console, desk):
    raw = (
        b"From: Bo <bo@far.example>\nTo: desk@small.example\nCc: Kai <kai@far.example>\nSubject:"
        b" Help\n\nHelp me"
    )
    row = hold(desk, "Help", raw=raw)
    given = {
        "left": f"mail-in {row.pk}",
        "requester": "bo@far.example",
        "text": "Help me",
        "channel": "email",
    }
    ticket = console.get(
        console.post("/console/tickets/new", given).headers["Location"]
    ).content.decode()
    assert "Add them where they should follow" in ticket
    assert "kai@far.example" in ticket


def test_only_a_lead_discards_and_the_mail_stays_stored(console, as_bala, held):
    given = {"row": f"mail-in {held.pk}"}
    assert console.post("/console/left-over/discarding", given).status_code == 404
    assert "Discard" not in console.get(f"/console/left-over/mails/{held.pk}").content.decode()
    as_bala.post("/console/left-over/discarding", given)
    held.refresh_from_db()
    assert (held.state, held.dropped_by[:6]) == (Taken.DROPPED, "agent:")
    assert bytes(held.raw.data).startswith(b"From: ghost")
    listed = as_bala.get("/console/left-over/?show=left-out").content.decode()
    assert "Its sender has no address. Discarded by Bala." in " ".join(listed.split())


def test_what_was_discarded_is_taken_back_at_once_or_later_many_together(
    console, as_bala, desk, held
):
    other = hold(desk, "Another")
    both = [f"mail-in {mail.pk}" for mail in (held, other)]
    page = as_bala.post(
        "/console/left-over/discarding", {"row": both}, follow=True
    ).content.decode()
    assert "2 were discarded." in page
    assert page.count(f'<input type="hidden" name="row" value="mail-in {held.pk}">') == 1
    assert console.post("/console/left-over/taking-back", {"row": both}).status_code == 404
    as_bala.post("/console/left-over/taking-back", {"row": both})
    assert InboundMail.objects.filter(state="held", dropped_by="").count() == 2


def test_a_mail_that_was_left_out_for_another_reason_is_not_held_again(as_bala, held):
    InboundMail.objects.update(state="ignored")
    as_bala.post("/console/left-over/taking-back", {"row": f"mail-in {held.pk}"})
    held.refresh_from_db()
    assert held.state == "ignored"


def test_every_button_of_the_list_is_on_the_page_of_the_mail_too(as_bala, held):
    InboundMail.objects.update(flooding="ghost@far.example")
    page = as_bala.get(f"/console/left-over/mails/{held.pk}").content.decode()
    for button in (
        "Try again",
        "Let all of this sender in",
        "Make a ticket",
        "Discard",
        "Open the original",
    ):
        assert f">{button}<" in page


def test_all_that_is_held_is_reached_page_by_page_with_sender_and_subject(
    as_bala, desk, django_assert_max_num_queries
):
    for number in range(104):
        hold(desk, f"Report {number:03}", sender="Ghost <ghost@far.example>")
    address, seen = "/console/left-over/", []
    while address:
        with django_assert_max_num_queries(16):
            page = as_bala.get(address).content.decode()
        assert "Ghost &lt;ghost@far.example&gt;" in page
        seen += re.findall(r"Report \d{3}(?=</p>)", page)
        more = re.search(r'rel="next"\s+href="([^"]+)"', page)
        address = f"/console/left-over/{more[1]}".replace("&amp;", "&") if more else None
    assert sorted(seen) == [f"Report {number:03}" for number in range(104)]


def test_what_was_left_out_is_found_by_its_words_and_made_a_ticket_with_its_files(console, desk):
    letter = (
        b"From: Web <support@sparkrock.example>\nTo: support@sparkrock.example\nSubject:"
        b" Form\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nCall tiago@home.example, the"
        b" lift is stuck.\n--b\nContent-Type: image/png; name=lift.png\nContent-Disposition:"
        b" attachment\n\nPNG\n--b--\n"
    )
    row = receive(ingest(letter))
    assert row.state == "ignored"
    assert "Form" not in console.get("/console/left-over/").content.decode()
    for query, found in (("stuck lift", True), ("web form", True), ("elevator", False)):
        page = console.get("/console/left-over/", {"show": "left-out", "q": query}).content.decode()
        assert ("names nobody else to answer" in page) == found
    form = console.get(f"/console/tickets/new?left=mail-in%20{row.pk}").content.decode()
    assert "the lift is stuck" in form
    assert 'value="Form"' in form
    assert "Files that come with it: lift.png" in form
    given = {
        "left": f"mail-in {row.pk}",
        "requester": "tiago@home.example",
        "text": "The lift is stuck.",
        "channel": "email",
    }
    console.post("/console/tickets/new", given)
    row.refresh_from_db()
    assert (row.state, str(row.ticket.requester)) == ("done", "tiago@home.example")
    acknowledge(row.ticket.log.get(kind="Opened").pk)  # a person read it and said whom it is for
    assert row.ticket.log.filter(kind="Acknowledged").count() == 1
    assert [file.name for file in row.message.attachments.all()] == ["lift.png"]
    assert "Open the original" in console.get(f"/console/tickets/{row.ticket}").content.decode()


def test_a_mail_that_named_no_desk_is_its_desks_once_a_ticket_was_made_of_it(as_bala, held):
    InboundMail.objects.update(desk=None)
    given = {
        "left": f"mail-in {held.pk}",
        "requester": "tiago@home.example",
        "text": "The lift is stuck.",
        "channel": "email",
    }
    as_bala.post("/console/tickets/new", given)
    held.refresh_from_db()
    assert (held.state, held.desk) == ("done", held.ticket.desk)
    assert as_bala.get(f"/console/mails/{held.pk}/original").status_code == 200


def test_mail_left_out_before_it_was_looked_at_for_codes_is_read_by_nobody_after_the_upgrade(desk):
    row, held_before = hold(desk), hold(desk, "Held")
    InboundMail.objects.filter(pk=row.pk).update(state="ignored", may_be_read=True)
    [step] = import_module("deskbook.migrations.0037_left_out_before").Migration.operations
    with connection.cursor() as cursor:
        cursor.execute(step.sql)
    assert [InboundMail.objects.get(pk=one.pk).may_be_read for one in (row, held_before)] == [
        False,
        True,
    ]


def test_what_may_hold_a_code_of_somebody_else_is_listed_and_read_by_nobody(as_bala, held):
    InboundMail.objects.update(state="ignored", may_be_read=False)
    assert "ghost@far.example" in as_bala.get("/console/left-over/?show=left-out").content.decode()
    assert "Help me" not in as_bala.get(f"/console/left-over/mails/{held.pk}").content.decode()
    assert (
        "Help me"
        not in as_bala.get(f"/console/tickets/new?left=mail-in%20{held.pk}").content.decode()
    )
    assert as_bala.get(f"/console/mails/{held.pk}/original").status_code == 404


def test_another_desks_mail_is_not_shown(console, desk):
    foreign = hold(make_desk("mukta"))
    assert "ghost" not in console.get("/console/left-over/").content.decode()
    assert console.get(f"/console/left-over/mails/{foreign.pk}").status_code == 404
    assert (
        "Nothing was chosen"
        in console.post(
            "/console/left-over/trying", {"row": f"mail-in {foreign.pk}"}, follow=True
        ).content.decode()
    )


def test_a_mail_that_names_no_desk_is_shown_to_leads_only(console, as_bala, held):
    held.desk = None
    held.save()
    assert "ghost" not in console.get("/console/left-over/").content.decode()
    assert "ghost" in as_bala.get("/console/left-over/").content.decode()


@pytest.fixture
def unsent(case):
    return OutboundMail.objects.create(
        ticket=case,
        desk=case.desk,
        entry=case.log.order_by("seq").first(),
        recipient="chitra@customer.example",
        purpose="reminder",
        mail_id="t.1.2@desk.example",
        subject="Still there?",
        raw=b"",
        queued_at=timezone.now(),
        state=State.HELD,
        reason="Mail to chitra@customer.example came back before.",
    )


def test_a_mail_that_was_held_back_is_listed_and_counted_with_its_reason(console, unsent):
    page = console.get("/console/left-over/").content.decode()
    assert "came back before" in page
    assert "Still there?" in page
    assert '<span class="count">1</span>' in page
    assert ">Try again<" not in page


def test_a_lead_sends_it_after_all_and_it_has_a_job(as_bala, unsent):
    assert ">Try again<" in as_bala.get("/console/left-over/").content.decode()
    as_bala.post("/console/left-over/trying", {"row": f"mail-out {unsent.pk}"})
    unsent.refresh_from_db()
    assert (unsent.state, unsent.released_by[:6]) == ("queued", "agent:")
    assert (
        ProcrastinateJob.objects.filter(
            task_name="deliver_mail", args={"outbound_id": unsent.pk}
        ).count()
        == 1
    )
    again = as_bala.post("/console/left-over/trying", {"row": f"mail-out {unsent.pk}"}, follow=True)
    assert "Nothing was chosen that is still left over." in again.content.decode()


def test_a_lead_drops_it_and_it_stays_stored(as_bala, unsent):
    as_bala.post("/console/left-over/discarding", {"row": f"mail-out {unsent.pk}"})
    unsent.refresh_from_db()
    assert unsent.state == "dropped"
    assert in_words(unsent.reason).startswith("Discarded by Bala. ")


@pytest.mark.parametrize("act", ["trying", "discarding"])
def test_who_does_not_lead_this_desk_decides_nothing_about_its_mail(console, unsent, act):
    stranger = Client()
    lead_elsewhere = make_agent(make_desk("mukta"), "Farid", role="lead")
    stranger.force_login(lead_elsewhere.user, "django.contrib.auth.backends.ModelBackend")
    assert "chitra@customer" not in stranger.get("/console/left-over/").content.decode()
    for client, answered in ((console, 404), (stranger, 302)):
        given = {"row": f"mail-out {unsent.pk}"}
        assert client.post(f"/console/left-over/{act}", given).status_code == answered
    unsent.refresh_from_db()
    assert unsent.state == "held"


def test_a_lead_sends_all_that_was_not_sent_and_all_that_waits_with_one_click_each(
    as_bala, console, unsent, desk
):
    from deskbook.channels.email.trouble import note_trouble

    OutboundMail.objects.filter(pk=unsent.pk).update(
        state="failed", reason="The mail server said: 451 Later"
    )
    note_trouble("The mail server said: 535 No", stops=True, refused=True, at=timezone.now())
    page = as_bala.get("/console/left-over/").content.decode()
    assert "451 Later" in page
    assert "535 No" in page  # above every screen, for as long as it lasts
    for client in (console, as_bala):
        client.post("/console/left-over/mail-out/trying")
        unsent.refresh_from_db()
        assert unsent.state == ("failed" if client is console else "queued")
    OutboundMail.objects.filter(pk=unsent.pk).update(reason="The mail server said: 535 No")
    assert "Try now" in as_bala.get("/console/left-over/?show=waiting").content.decode()
    assert console.post("/console/left-over/waiting/trying").status_code == 404
    assert as_bala.post("/console/left-over/waiting/trying").status_code == 302


def test_owners_see_what_was_given_up_and_have_it_tried_again(desk, console, as_bala):
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into procrastinate_jobs (queue_name, task_name, priority, status, attempts)"
            " values ('suspects', 'react', 0, 'failed', 3), ('reactions', 'fold', 0, 'failed', 1)"
        )
    esha, owner = make_agent(desk, "Esha", role="owner").user, Client()
    owner.force_login(esha, "django.contrib.auth.backends.ModelBackend")
    listed = owner.get("/console/left-over/?show=given-up").content.decode()
    assert (">react<" in listed, ">fold<" in listed) == (True, False)
    assert "the log of the desk says why" in listed
    number = ProcrastinateJob.objects.get(task_name="react").pk
    JobFailure.objects.create(job=number, words="KeyError: <stage>", at=timezone.now())
    assert (
        "failed for good: KeyError: &lt;stage&gt;"
        in owner.get("/console/left-over/?show=given-up").content.decode()
    )
    for other in (console, as_bala):
        assert ">react<" not in other.get("/console/left-over/?show=given-up").content.decode()
        assert other.post("/console/left-over/jobs/trying").status_code == 404
    assert owner.post("/console/left-over/jobs/trying").status_code == 302
    assert list(
        ProcrastinateJob.objects.filter(task_name="react").values_list("status", "queue_name")
    ) == [("todo", "suspects")]


@pytest.fixture
def two_desks(desk):
    """A case of this desk and one of another, each with a mail that waits and a job that was given
    up.
    """
    other, entries = make_desk("mukta"), {}
    for here in (desk, other):
        contact = make_contact(here)
        ticket = open_ticket(
            contact, NewCase("PIN", Written("Mine?"), "email"), at=MONDAY, by=contact
        ).ticket
        entries[here.key] = entry = ticket.log.get(kind="Opened")
        OutboundMail.objects.create(
            desk=here,
            entry=entry,
            ticket=ticket,
            recipient="x@x.example",
            purpose="answer",
            mail_id=here.key,
            raw=b"",
            subject="x",
            queued_at=MONDAY,
            next_try_at=MONDAY,
            reason="The mail server said: 451 Later",
        )
        with connection.cursor() as cursor:
            cursor.execute(
                "insert into procrastinate_jobs (queue_name, task_name, priority, status, attempts,"
                " args) values ('reactions', 'carry_answer', 0, 'failed', 3,"
                " jsonb_build_object('entry_id', %s))",
                [entry.pk],
            )
    return entries


def test_an_owner_sees_and_tries_again_what_was_given_up_of_their_own_desk(desk, two_desks):
    owner = Client()
    owner.force_login(
        make_agent(desk, "Esha", role="owner").user, "django.contrib.auth.backends.ModelBackend"
    )
    assert "1 ×" in owner.get("/console/left-over/?show=given-up").content.decode()
    owner.post("/console/left-over/jobs/trying")
    failed = ProcrastinateJob.objects.filter(task_name="carry_answer", status="failed")
    assert [job.args["entry_id"] for job in failed] == [two_desks["mukta"].pk]


def test_a_lead_has_only_what_waits_of_their_own_desk_tried_now(desk, as_bala, two_desks):
    as_bala.post("/console/left-over/waiting/trying")
    tried = ProcrastinateJob.objects.filter(task_name="deliver_mail", status="todo").order_by("pk")
    assert [OutboundMail.objects.get(pk=job.args["outbound_id"]).desk for job in tried] == [desk]


def test_of_every_kind_of_work_it_is_known_whose_desk_it_is():
    named = set()
    another_way = [channel.another_way for channel in carrying().values() if channel.another_way]
    for job in (*(job.run for job in JOBS.values()), *another_way):
        named |= set(inspect.signature(job).parameters)
    assert {name for name in named if name.endswith("_id")} - {"by_id"} == of_desks().keys() | set(
        OF_NO_DESK
    )
