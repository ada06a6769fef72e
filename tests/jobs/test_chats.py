"""What follows when somebody at a chat is gone."""

from datetime import timedelta

import pytest
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from deskbook.channels.chat import queue, talk
from deskbook.channels.chat.models import ChatSession
from deskbook.channels.chat.talk import Device
from deskbook.channels.email.deliver import fail
from deskbook.channels.email.models import OutboundMail
from deskbook.jobs.chats import tend
from deskbook.jobs.deliveries import deliveries_on
from deskbook.jobs.letters import carry_answer
from deskbook.jobs.rosters import return_cases
from deskbook.people.books import desk_in_force
from deskbook.people.models import ContactIdentity
from deskbook.tickets.conversation import answer_ticket, note_on_ticket
from deskbook.tickets.messages import File, Written
from tests.channels.chat.desk import BOOK
from tests.channels.whatsapp.conftest import do_jobs
from tests.people_factory import make_agent, make_contact, make_desk

SECRET = "ab" * 32


@pytest.fixture
def desk(db):
    return make_desk("pay", BOOK)


@pytest.fixture
def asha(desk):
    agent = make_agent(desk, "Asha", teams=("office",))
    queue.be_there(agent, at=timezone.now())
    return agent


@pytest.fixture
def waiting(desk):
    channel = desk_in_force(desk).channel_of("chat")
    return talk.begin(
        make_contact(desk), channel, Written("Help"), Device(SECRET), at=timezone.now()
    )


@pytest.fixture
def session(waiting, asha):
    queue.take(waiting, at=timezone.now(), by=asha)
    return fresh(waiting)


def fresh(session):
    return talk.chat_of(session.desk_id, SECRET, at=timezone.now())


def answer(session, agent, text, files=()):
    key = f"{hash(text) & 0xFFFFFFFF:032x}"
    return talk.answer(session, Written(text, files=files), at=timezone.now(), by=agent, key=key)


def gone(session, ago=timedelta(minutes=2)):
    ChatSession.objects.filter(pk=session.pk).update(seen_at=timezone.now() - ago)


def letters():
    """What was mailed as an answer, decoded."""
    from email import message_from_bytes, policy

    mails = OutboundMail.objects.filter(purpose="answer").order_by("pk")
    return [message_from_bytes(bytes(mail.raw), policy=policy.default) for mail in mails]


def words(mail):
    return mail.get_body(("plain",)).get_content()


def states(entry):
    return [one.state for one in deliveries_on(entry.ticket_id, [entry.seq]).get(entry.seq, [])]


def test_what_the_visitor_has_not_got_goes_after_them_in_one_letter(session, asha):
    got = answer(session, asha, "This one arrived.")
    talk.heard_of(session, at=timezone.now(), got=got)
    answer(session, asha, "This one did not.")
    answer(session, asha, "Nor did this.")
    gone(session)
    tend()
    [letter] = letters()
    assert "This one did not." in words(letter)
    assert "Nor did this." in words(letter)
    assert "This one arrived." not in words(letter)


def test_it_goes_after_them_once(session, asha):
    answer(session, asha, "Only once.")
    gone(session)
    tend()
    tend()
    assert len(letters()) == 1


def test_nothing_is_mailed_to_who_is_there_or_has_everything(session, asha):
    answer(session, asha, "You read this.")
    tend()
    got = answer(session, asha, "And this.")
    talk.heard_of(fresh(session), at=timezone.now(), got=got)
    gone(session)
    tend()
    assert letters() == []


def test_who_has_no_address_and_whose_line_is_cut_for_a_minute_is_not_said_to_be_out_of_reach(
    session, asha
):
    ContactIdentity.objects.all().delete()
    gone(session, timedelta(minutes=2))
    answer_ticket(session.ticket, Written("It is paid."), at=timezone.now(), by=asha)
    entry = session.ticket.log.filter(kind="Answered").latest("seq")
    carry_answer(entry.pk)
    tend()
    assert "no way" not in states(entry)
    talk.heard_of(fresh(session), at=timezone.now(), got=entry.pk)
    tend()
    assert "no way" not in states(entry)


def test_who_has_no_address_and_does_not_come_back_is_said_not_to_have_got_it(session, asha):
    ContactIdentity.objects.all().delete()
    answer(session, asha, "It is paid.")
    entry = session.ticket.log.filter(kind="Answered").latest("seq")
    gone(session, timedelta(minutes=20))
    tend()
    tend()
    assert states(entry) == ["no way"]
    assert session.ticket.log.filter(kind="DeliveryFailed").count() == 1


def test_a_file_the_visitor_missed_goes_with_its_letter(session, asha):
    answer(session, asha, "First.")
    answer(session, asha, "The form.", files=[File("form6.pdf", "application/pdf", b"%PDF-1.4")])
    gone(session)
    tend()
    assert [[part.get_filename() for part in mail.iter_attachments()] for mail in letters()] == [
        [],
        ["form6.pdf"],
    ]


def test_what_was_missed_before_the_end_is_sent_after_it(session, asha):
    answer(session, asha, "Goodbye, the form is on its way.")
    talk.end(session, ChatSession.Ended.OPERATOR, at=timezone.now())
    gone(session)
    tend()
    assert len(letters()) == 1


def test_who_waits_and_is_gone_is_waited_for_no_more(waiting):
    gone(waiting, timedelta(minutes=4))
    tend()
    assert (fresh(waiting).state, fresh(waiting).ended_by) == ("ended", "gone")
    assert fresh(waiting).ticket.is_open


def test_an_operator_whose_screen_is_gone_gives_the_chat_back_to_its_old_place(session, asha):
    ChatSession.objects.update(taken_at=timezone.now() - timedelta(minutes=5))
    asha.chat_seat.seen_at = timezone.now() - timedelta(minutes=4)
    asha.chat_seat.save()
    tend()
    assert (fresh(session).state, fresh(session).queued_at) == ("waiting", session.queued_at)


def test_an_operator_who_is_switched_off_gives_the_chat_back_at_once(session, asha):
    asha.chat_seat.seen_at = timezone.now()
    asha.chat_seat.save()
    asha.is_active = False
    asha.save()
    return_cases()
    assert (fresh(session).state, fresh(session).queued_at) == ("waiting", session.queued_at)


def test_an_act_from_which_nothing_follows_queues_no_job(session, asha):
    before = ProcrastinateJob.objects.filter(task_name="react").count()
    note_on_ticket(session.ticket, Written("Called twice."), at=timezone.now(), by=asha)
    assert ProcrastinateJob.objects.filter(task_name="react").count() == before


@pytest.mark.parametrize("is_back", [True, False])
def test_an_answer_whose_mail_comes_back_is_read_in_the_chat_its_person_came_by(
    session, asha, is_back
):
    now, case = timezone.now(), session.ticket
    ChatSession.objects.update(seen_at=now - timedelta(minutes=5))
    answer_ticket(case, Written("Try this."), at=now, by=asha)
    entry = case.log.filter(kind="Answered").latest("seq")
    carry_answer(entry.pk)
    mail = OutboundMail.objects.get(entry=entry, purpose="answer")
    is_so = {"seen_at": now} if is_back else {"state": ChatSession.State.ENDED, "ended_at": now}
    ChatSession.objects.update(**is_so)
    fail(mail, "550 no such user", hard=True, at=now)
    do_jobs()
    assert case.log.filter(kind="DeliveryFailed").exists() is not is_back
