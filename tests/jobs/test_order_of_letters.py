"""The letters of a case leave in the order in which things happened on it."""

import asyncio
from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import connection, connections
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from deskbook.channels.email.deliver import deliver_in_turn
from deskbook.channels.email.models import MailTrouble, OutboundMail
from deskbook.channels.email.parse import parse
from deskbook.delivery.outbox import TryAgain
from deskbook.jobs import letters
from deskbook.tickets.conversation import answer_ticket
from deskbook.tickets.messages import Written
from deskbook.tickets.relations import merge_ticket
from deskbook.tickets.stages import close_ticket
from tests.jobs.test_worker import worked_on
from tests.people_factory import make_agent, make_contact, make_desk
from tests.tickets.merged_cases import case_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def connections_end_with_their_job(monkeypatch):
    monkeypatch.setitem(connections.settings["default"], "CONN_MAX_AGE", 0)


@pytest.fixture
def desk():
    return make_desk("small")


@pytest.fixture
def asha(desk):
    return make_agent(desk)


@pytest.fixture
def case(desk):
    return case_of(make_contact(desk), at=timezone.now() - timedelta(minutes=3))


def forget_jobs():
    with connection.cursor() as cursor:
        cursor.execute("delete from procrastinate_jobs")


def all_is_done():
    waiting = ProcrastinateJob.objects.filter(status__in=("todo", "doing"))
    return not waiting.filter(queue_name__in=("reactions", "mail")).exists()


def got_by(sink, name):
    """Return the purposes of the mails somebody got, in the order in which they got them; of the
    receipt, which is recorded when it is sent, none.
    """
    purposes = dict(OutboundMail.objects.values_list("mail_id", "purpose"))
    mails = [parse(content) for _, (to,), content in sink.got if to.startswith(name)]
    found = [purposes[mail.message_id.strip("<>")] for mail in mails]
    return [purpose for purpose in found if purpose != "acknowledgement"]


def answered(case, asha):
    answer_ticket(case, Written("Try this."), at=timezone.now(), by=asha)


def closed(case, asha):
    close_ticket(case, at=timezone.now(), by=asha)


def written(case, job, kind):
    entry = case.log.filter(kind=kind).latest("seq")
    job(entry.pk)
    return OutboundMail.objects.get(entry=entry)


def test_after_a_backlog_the_answer_is_read_before_the_closing_that_followed_it(case, asha, sink):
    answered(case, asha)
    closed(case, asha)
    asyncio.run(worked_on(until=all_is_done, then=lambda: None))
    assert got_by(sink, "chitra") == ["answer", "closing"]


def test_after_a_backlog_the_answer_is_read_before_where_the_case_goes_on(case, desk, asha, sink):
    other = case_of(make_contact(desk, "Joan"), at=timezone.now() - timedelta(minutes=3))
    answered(case, asha)
    merge_ticket(case, other, at=timezone.now(), by=asha)
    asyncio.run(worked_on(until=all_is_done, then=lambda: None))
    assert got_by(sink, "chitra") == ["answer", "merged"]


def test_a_closing_waits_for_an_answer_that_is_still_being_written(case, asha, sink):
    forget_jobs()
    answered(case, asha)
    closed(case, asha)
    with pytest.raises(TryAgain, match="goes first"):
        deliver_in_turn(written(case, letters.tell_of_closing, "Closed").pk)
    assert sink.got == []


def test_nothing_is_taken_along_past_an_answer_that_is_still_being_written(case, asha, sink):
    forget_jobs()
    answered(case, asha)
    closed(case, asha)
    closing = written(case, letters.tell_of_closing, "Closed")
    letters.acknowledge(case.log.get(kind="Opened").pk)
    last = OutboundMail.objects.get(purpose="acknowledgement")
    with pytest.raises(TryAgain, match="goes first"):
        deliver_in_turn(last.pk)
    assert OutboundMail.objects.get(pk=closing.pk).state == "queued"


def test_a_closing_takes_along_the_answer_that_waited_for_the_mail_server(
    case, asha, sink, settings
):
    forget_jobs()
    answered(case, asha)
    answer = written(case, letters.carry_answer, "Answered")
    here, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    with suppress(TryAgain):
        deliver_in_turn(answer.pk)
    closed(case, asha)
    closing = written(case, letters.tell_of_closing, "Closed")
    forget_jobs()
    settings.EMAIL_PORT = here
    MailTrouble.objects.update(last_at=timezone.now() - timedelta(hours=1))
    deliver_in_turn(closing.pk)
    assert got_by(sink, "chitra") == ["answer", "closing"]


def test_an_answer_that_is_put_off_for_its_own_sake_holds_up_no_closing(case, asha, sink):
    forget_jobs()
    answered(case, asha)
    answer = written(case, letters.carry_answer, "Answered")
    sink.reply["data"] = "451 4.7.1 Greylisted"
    with pytest.raises(TryAgain, match="Greylisted"):
        deliver_in_turn(answer.pk)
    sink.reply["data"] = "250 OK"
    closed(case, asha)
    forget_jobs()
    deliver_in_turn(written(case, letters.tell_of_closing, "Closed").pk)
    assert got_by(sink, "chitra") == ["closing"]


def test_a_closing_does_not_wait_for_ever_for_an_answer_that_cannot_be_written(case, asha, sink):
    forget_jobs()
    answered(case, asha)
    closed(case, asha)
    closing = written(case, letters.tell_of_closing, "Closed")
    OutboundMail.objects.update(queued_at=timezone.now() - timedelta(minutes=3))
    deliver_in_turn(closing.pk)
    assert got_by(sink, "chitra") == ["closing"]
