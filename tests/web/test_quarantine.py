"""Mails nobody could make a ticket of."""

import pytest
from django.test import Client
from django.utils import timezone

from deskbook.channels.email.models import InboundMail, OutboundMail
from deskbook.tickets.messages import store_blob
from deskbook.tickets.models import Ticket
from tests.people_factory import make_agent, make_desk


@pytest.fixture
def held(desk):
    return hold(desk)


def hold(desk):
    raw = b"From: ghost\r\nSubject: <script>alert(1)</script>\r\n\r\nHelp me \xff"
    return InboundMail.objects.create(
        desk=desk, raw=store_blob(raw), content_hash=f"h{desk.pk}", envelope_from="ghost@far.example",
        received_at=timezone.now(), state=InboundMail.State.QUARANTINED, reason="Its sender has no address.",
    )  # fmt: skip


def test_a_held_mail_is_listed_with_its_reason_and_its_raw_text_is_only_text(console, held):
    listed = console.get("/console/quarantine").content.decode()
    assert "ghost@far.example" in listed
    assert "Its sender has no address." in listed
    raw = console.get(f"/console/quarantine/{held.pk}").content.decode()
    assert "Help me" in raw
    assert "<script>alert" not in raw


def test_a_retried_mail_is_new_again_and_has_a_job(console, held):
    from procrastinate.contrib.django.models import ProcrastinateJob

    console.post(f"/console/quarantine/{held.pk}/retrial")
    held.refresh_from_db()
    assert held.state == InboundMail.State.NEW
    assert ProcrastinateJob.objects.filter(task_name="receive_mail", args={"inbound_id": held.pk}).exists()


def test_a_held_mail_is_filed_by_hand(console, held):
    form = console.get(f"/console/tickets/new?mail={held.pk}").content.decode()
    assert "ghost@far.example" in form
    assert "Help me" in form
    given = {"mail": held.pk, "requester": "ghost@far.example", "text": "Help me", "channel": "email"}
    assert console.post("/console/tickets/new", given).status_code == 302
    held.refresh_from_db()
    assert held.state == InboundMail.State.DONE
    assert held.ticket == Ticket.objects.get()


def test_only_a_lead_discards_and_the_mail_stays_stored(console, as_bala, held):
    assert console.post(f"/console/quarantine/{held.pk}/discarding").status_code == 404
    as_bala.post(f"/console/quarantine/{held.pk}/discarding")
    held.refresh_from_db()
    assert held.state == InboundMail.State.IGNORED
    assert held.reason.startswith("Discarded by agent:")
    assert bytes(held.raw.data).startswith(b"From: ghost")


def test_another_desks_mail_is_not_shown(console, desk):
    foreign = hold(make_desk("mukta"))
    assert "ghost" not in console.get("/console/quarantine").content.decode()
    assert console.get(f"/console/quarantine/{foreign.pk}").status_code == 404
    assert console.post(f"/console/quarantine/{foreign.pk}/retrial").status_code == 404


def test_a_mail_that_names_no_desk_is_shown_to_leads_only(console, as_bala, held):
    held.desk = None
    held.save()
    assert "ghost" not in console.get("/console/quarantine").content.decode()
    assert "ghost" in as_bala.get("/console/quarantine").content.decode()


@pytest.fixture
def unsent(case):
    return OutboundMail.objects.create(
        ticket=case, desk=case.desk,
        entry=case.log.order_by("seq").first(), recipient="chitra@customer.example", purpose="reminder",
        mail_id="t.1.2@desk.example", subject="Still there?", raw=b"", queued_at=timezone.now(),
        state=OutboundMail.State.HELD, reason="Mail to chitra@customer.example came back before.",
    )  # fmt: skip


def test_a_mail_that_was_held_back_is_listed_and_counted_with_its_reason(console, unsent):
    page = console.get("/console/quarantine").content.decode()
    assert "came back before" in page
    assert "Still there?" in page
    assert '<span class="count">1</span>' in page
    assert "Send it after all" not in page


def test_a_lead_sends_it_after_all_and_it_has_a_job(as_bala, unsent):
    from procrastinate.contrib.django.models import ProcrastinateJob

    assert "Send it after all" in as_bala.get("/console/quarantine").content.decode()
    as_bala.post(f"/console/quarantine/unsent/{unsent.pk}/release")
    unsent.refresh_from_db()
    assert (unsent.state, unsent.released_by[:6]) == ("queued", "agent:")
    assert ProcrastinateJob.objects.filter(task_name="deliver_mail", args={"outbound_id": unsent.pk}).count() == 1
    assert as_bala.post(f"/console/quarantine/unsent/{unsent.pk}/release").status_code == 404


def test_a_lead_drops_it_and_it_stays_stored(as_bala, unsent):
    as_bala.post(f"/console/quarantine/unsent/{unsent.pk}/discarding")
    unsent.refresh_from_db()
    assert unsent.state == "dropped"
    assert unsent.reason.startswith("Discarded by agent:")


@pytest.mark.parametrize("act", ["release", "discarding"])
def test_who_does_not_lead_this_desk_decides_nothing_about_its_mail(console, unsent, act):
    from django.test import Client

    stranger = Client()
    lead_elsewhere = make_agent(make_desk("mukta"), "Farid", role="lead")
    stranger.force_login(lead_elsewhere.user, "django.contrib.auth.backends.ModelBackend")
    assert "chitra@customer" not in stranger.get("/console/quarantine").content.decode()
    for client in (console, stranger):
        assert client.post(f"/console/quarantine/unsent/{unsent.pk}/{act}").status_code == 404
    unsent.refresh_from_db()
    assert unsent.state == "held"


def test_a_lead_sends_all_that_was_not_sent_and_all_that_waits_with_one_click_each(as_bala, console, unsent, desk):
    from deskbook.channels.email.trouble import note_trouble

    OutboundMail.objects.filter(pk=unsent.pk).update(state="failed", reason="The mail server said: 451 Later")
    note_trouble("The mail server said: 535 No", stops=True, refused=True, at=timezone.now())
    page = as_bala.get("/console/quarantine").content.decode()
    assert "451 Later" in page
    assert "535 No" in page  # above every screen, for as long as it lasts
    for client in (console, as_bala):
        client.post("/console/quarantine/unsent/release")
        unsent.refresh_from_db()
        assert unsent.state == ("failed" if client is console else "queued")
    OutboundMail.objects.filter(pk=unsent.pk).update(reason="The mail server said: 535 No")
    assert "Try now" in as_bala.get("/console/quarantine").content.decode()
    assert console.post("/console/quarantine/waiting/trying").status_code == 404
    assert as_bala.post("/console/quarantine/waiting/trying").status_code == 302


def test_owners_see_what_was_given_up_and_have_it_tried_again(desk, console, as_bala):
    from django.db import connection
    from procrastinate.contrib.django.models import ProcrastinateJob

    with connection.cursor() as cursor:
        cursor.execute(
            "insert into procrastinate_jobs (queue_name, task_name, priority, status, attempts)"
            " values ('suspects', 'react', 0, 'failed', 3), ('reactions', 'fold', 0, 'failed', 1)"
        )
    esha, owner = make_agent(desk, "Esha", role="owner").user, Client()
    owner.force_login(esha, "django.contrib.auth.backends.ModelBackend")
    listed = owner.get("/console/quarantine").content.decode()
    assert (">react<" in listed, ">fold<" in listed) == (True, False)
    for other in (console, as_bala):
        assert ">react<" not in other.get("/console/quarantine").content.decode()
        assert other.post("/console/quarantine/jobs/trying").status_code == 404
    assert owner.post("/console/quarantine/jobs/trying").status_code == 302
    assert list(ProcrastinateJob.objects.filter(task_name="react").values_list("status", "queue_name")) == [
        ("todo", "suspects")
    ]
