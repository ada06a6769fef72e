"""What a case's system is told: answers and how it stands, in order, signed, as often as it takes;
who is not told by it is told by mail.
"""

from datetime import timedelta

import pytest
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob
from standardwebhooks import Webhook

from deskbook.channels.all import carrying
from deskbook.channels.app.left_over import SORTS
from deskbook.channels.app.models import AppEvent, AppSystem
from deskbook.channels.app.telling import TRIED_FOR, tell, tell_due
from deskbook.channels.email.deliver import fail
from deskbook.channels.email.models import OutboundMail
from deskbook.channels.email.signing import signer_for
from deskbook.channels.email.storing import ingest
from deskbook.channels.email.understanding import receive
from deskbook.delivery.endpoints import end_connected, make_new_secret
from deskbook.delivery.states import State
from deskbook.jobs.another_way import carry_another_way
from deskbook.jobs.carriers import reached_at
from deskbook.jobs.deliveries import deliveries_on
from deskbook.jobs.letters import carry_answer
from deskbook.jobs.mirroring import mirror, mirrored
from deskbook.jobs.on_their_way import words_wait
from deskbook.tickets.conversation import answer_ticket
from deskbook.tickets.messages import Written
from deskbook.tickets.models import LogEntry, Ticket
from deskbook.tickets.stages import close_ticket
from tests.channels.whatsapp.conftest import do_jobs

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def case(opened):
    opened(reference="LP-7")
    return Ticket.objects.get()


def answered(case, asha, text="Try the new address."):
    """Answer it, and do what follows."""
    recorded = answer_ticket(case, Written(text), at=timezone.now(), by=asha)
    entry = next(one for one in recorded.entries if one.kind == "Answered")
    carry_answer(entry.pk)
    return entry


def closed(case):
    """Their person closes it; do what follows for the system."""
    close_ticket(case, at=timezone.now(), by=case.requester)
    entry = LogEntry.objects.get(ticket=case, kind="Closed")
    mirror(entry.pk)
    return entry


def told(case, at=None):
    return tell(AppEvent.objects.filter(entry__ticket=case).first().case_id, at=at)


def test_the_system_is_told_the_answer_signed_with_its_secret(case, asha, there, secret):
    answered(case, asha)
    assert words_wait(case)
    assert told(case) == 1
    [event] = there.told
    assert (event["specversion"], event["type"]) == ("1.0", "case.answered")
    assert event["data"]["text"] == "Try the new address."
    assert (event["data"]["case"], event["data"]["reference"]) == (str(case), "LP-7")
    headers = there.headers[0]
    assert Webhook(secret).verify(headers["body"], headers)["id"] == headers["webhook-id"]
    assert not OutboundMail.objects.exists()
    assert not words_wait(case)


def test_the_desk_sees_that_it_reached_them_there(case, asha):
    entry = answered(case, asha)
    told(case)
    [delivery] = deliveries_on(case.pk, [entry.seq])[entry.seq]
    assert (delivery.way, delivery.to, delivery.state) == (
        "app",
        "SPARK login page",
        State.HANDED_OVER,
    )
    [reached] = reached_at(case, [case.requester], at=NOW)
    assert (reached.kind, reached.address) == ("app", "SPARK login page")


def test_how_the_case_stands_is_told_after_the_answer_and_in_order(case, asha, there):
    there.statuses = [503]
    answered(case, asha)
    closed(case)
    assert told(case) == 0
    assert tell_due(at=timezone.now() + timedelta(hours=1)) == 2
    assert there.types() == ["case.answered", "case.closed"]
    assert there.told[1]["data"]["open"] is False
    assert AppEvent.objects.filter(state=State.HANDED_OVER).count() == 2


def test_both_secrets_sign_while_the_one_before_is_valid(case, asha, there, login_page, secret):
    new = make_new_secret(login_page, at=timezone.now())
    answered(case, asha)
    told(case)
    headers = there.headers[0]
    for one in (secret, new):
        Webhook(one).verify(headers["body"], headers)


def test_each_attempt_has_the_same_id_and_waits_as_long_as_it_is_told_to(case, asha, there):
    there.statuses, there.more = [429], {"Retry-After": "1200"}
    answered(case, asha)
    told(case)
    event = AppEvent.objects.get()
    assert event.next_try_at - event.tried_at == timedelta(minutes=20)
    there.more = {}
    tell_due(at=event.next_try_at)
    assert len({headers["webhook-id"] for headers in there.headers}) == 1
    assert len(there.told) == 1


def test_what_it_never_takes_goes_by_mail_in_the_end(case, asha, there):
    there.statuses = [500, 500]
    answered(case, asha)
    told(case)
    told(case, at=timezone.now() + TRIED_FOR)
    event = AppEvent.objects.get()
    assert event.state == State.GIVEN_UP
    [job] = ProcrastinateJob.objects.filter(task_name="carry_app_another_way")
    carry_another_way(*carrying()["app"].another_way(**job.args))
    assert OutboundMail.objects.get().recipient == "leela@school.example"


def test_what_it_refuses_goes_by_mail_at_once(case, asha, there):
    there.statuses = [422]
    answered(case, asha)
    told(case)
    assert AppEvent.objects.get().state == State.BOUNCED
    assert ProcrastinateJob.objects.filter(task_name="carry_app_another_way").count() == 1


@pytest.mark.parametrize("status", [302, 401, 404, 410])
def test_an_address_that_is_not_its_own_is_told_to_leads_and_what_is_for_it_waits(
    case, asha, there, status
):
    there.statuses, there.more = [status], {"Location": "http://127.0.0.1:1/elsewhere"}
    answered(case, asha)
    told(case)
    assert AppEvent.objects.get().state == State.WAITING
    assert str(status) in AppSystem.objects.get().trouble
    assert ProcrastinateJob.objects.filter(task_name="alert_service_trouble").count() == 1
    there.more = {}
    tell_due(at=timezone.now() + timedelta(hours=1))
    assert AppSystem.objects.get().trouble == ""


def test_who_does_not_answer_in_time_is_asked_again(case, asha, there, monkeypatch):
    monkeypatch.setattr("deskbook.delivery.posting.SECONDS", 0.05)
    there.waits_s = 0.3
    answered(case, asha)
    told(case)
    event = AppEvent.objects.get()
    assert event.state == State.WAITING
    assert event.next_try_at > event.tried_at


def test_an_address_inside_the_desks_own_network_is_never_called(case, asha, there, settings):
    settings.DESKBOOK_PRIVATE_HOSTS = ()
    answered(case, asha)
    told(case)
    assert there.headers == []
    assert AppSystem.objects.get().trouble


def test_how_a_case_stands_that_nobody_took_is_left_over_for_a_person(case, asha, there):
    [sort] = SORTS
    there.statuses = [422]
    closed(case)
    told(case)
    event = AppEvent.objects.get()
    assert list(sort.rows(asha)) == [event]
    assert sort.again(event, asha, timezone.now())
    told(case, at=timezone.now() + timedelta(seconds=1))
    assert there.types() == ["case.closed"]
    assert not sort.rows(asha).exists()


def test_an_ended_system_is_told_nothing_and_its_people_get_mail(case, asha, login_page):
    end_connected(login_page, at=NOW)
    answered(case, asha)
    assert not mirrored(case.pk)
    assert not AppEvent.objects.exists()
    assert OutboundMail.objects.get().recipient == "leela@school.example"


def test_an_answer_whose_mail_comes_back_goes_to_the_system_its_person_came_by(opened, asha):
    opened(reference="LP-7", person={"name": "Leela", "mail": "leela@school.example"})
    case = Ticket.objects.get()
    raw = (
        f"From: leela@school.example\nTo: {signer_for(case.desk).reply_address(str(case.pk))}\n"
        "Subject: No access\nMessage-ID: <1@school.example>\n\nIt still does not work."
    )
    receive(ingest(raw.encode()))
    entry = answered(case, asha)
    mail = OutboundMail.objects.get(entry=entry, purpose="answer")
    assert not AppEvent.objects.filter(entry=entry, purpose="answer").exists()
    fail(mail, "550 no such user", hard=True, at=timezone.now())
    do_jobs()
    assert AppEvent.objects.filter(entry=entry, purpose="answer").exists()
    assert not case.log.filter(kind="DeliveryFailed").exists(), "she is told"
