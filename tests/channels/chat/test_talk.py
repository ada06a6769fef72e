"""What the two at a chat do, and what the ticket has of it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, connections
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from deskbook.channels.chat import queue, talk, transcript
from deskbook.channels.chat.carrier import carry
from deskbook.channels.chat.models import ChatSession
from deskbook.channels.chat.talk import Device
from deskbook.channels.chat.transcript import busy_at, lines_after, states_of
from deskbook.channels.contract import Outgoing
from deskbook.people.books import apply_book, desk_in_force
from deskbook.refusals.refusal import Refused
from deskbook.tickets.messages import File, Written
from deskbook.tickets.models import LogEntry, Message
from deskbook.tickets.stages import close_ticket
from tests.channels.chat.desk import BOOK, SECRET
from tests.people_factory import make_agent, make_contact


@pytest.fixture
def begun(desk, chitra):
    """Begin a chat as Chitra, or another, as of now or earlier."""

    def begin(text="My DA arrears are missing.", contact=None, secret=SECRET, ago=timedelta()):
        channel = desk_in_force(desk).channel_of("chat")
        at = timezone.now() - ago
        session = talk.begin(contact or chitra, channel, Written(text), Device(secret), at=at)
        return talk.chat_of(desk.pk, secret, at=timezone.now()) or session

    return begin


@pytest.fixture
def session(begun):
    return begun()


def fresh(session):
    return talk.chat_of(session.desk_id, SECRET, at=timezone.now())


def taken(session, agent):
    queue.take(session, at=timezone.now(), by=agent)
    return fresh(session)


def say(session, text="And the bonus?", key="1" * 32, files=()):
    return talk.say(session, Written(text, files=files), at=timezone.now(), key=key)


def answer(session, agent, text="We look.", key="2" * 32):
    return talk.answer(session, Written(text), at=timezone.now(), by=agent, key=key)


def jobs():
    return ProcrastinateJob.objects.count()


def test_the_first_message_opens_a_ticket_of_the_chat_channel(session, chitra):
    assert session.ticket.channel == "live chat"
    assert session.ticket.requester == chitra
    assert session.ticket.subject == "My DA arrears are missing."
    assert session.state == "waiting"


def test_beginning_twice_with_the_same_secret_is_one_chat_and_one_ticket(begun):
    assert begun() == begun()
    assert ChatSession.objects.count() == 1


def test_the_secret_itself_is_stored_nowhere(session):
    with connection.cursor() as cursor:
        cursor.execute("select row_to_json(s)::text from deskbook_chatsession s")
        assert SECRET not in cursor.fetchone()[0]


def test_each_line_is_a_message_on_the_ticket_and_the_answer_is_public(session, asha):
    session = taken(session, asha)
    say(session)
    answer(session, asha)
    kinds = list(
        Message.objects.filter(ticket=session.ticket)
        .order_by("pk")
        .values_list("kind", "channel", "text")
    )
    assert kinds == [
        ("request", "live chat", "My DA arrears are missing."),
        ("request", "live chat", "And the bonus?"),
        ("answer", "live chat", "We look."),
    ]


def test_the_same_key_again_is_the_same_line(session, asha):
    session = taken(session, asha)
    assert say(session) == say(session)
    assert answer(session, asha) == answer(session, asha)
    assert Message.objects.filter(ticket=session.ticket).count() == 3


def test_a_line_queues_no_job_while_the_two_are_there(session, asha):
    session = taken(session, asha)
    say(session, key="0" * 32)
    answer(session, asha, key="9" * 32)
    before = jobs()
    say(session)
    answer(session, asha)
    assert jobs() == before


def test_an_answer_still_goes_by_mail_to_a_colleague_who_follows(session, asha, desk):
    session = taken(session, asha)
    session.ticket.participants.create(contact=make_contact(desk, "Evan"))
    before = jobs()
    answer(session, asha)
    assert jobs() == before + 1


def test_what_came_after_the_last_line_one_has_is_exactly_the_rest(session, asha):
    session = taken(session, asha)
    first = say(session)
    second = answer(session, asha)
    assert [line.id for line in lines_after({session.ticket_id: first})] == [second]
    assert [line.text for line in lines_after({session.ticket_id: 0})] == [
        "My DA arrears are missing.",
        "And the bonus?",
        "We look.",
    ]
    assert lines_after({session.ticket_id: second}) == []


def test_the_whole_of_a_long_chat_is_more_than_one_reading(session, monkeypatch):
    monkeypatch.setattr(transcript, "MOST_LINES", 2)
    for n in range(4):
        say(session, f"line {n}", key=f"{n:032x}")
    assert [line.text for line in transcript.lines_for(session)][1:] == [
        f"line {n}" for n in range(4)
    ]


def test_an_internal_note_is_no_line_of_the_chat(session, asha):
    from deskbook.tickets.conversation import note_on_ticket

    note_on_ticket(session.ticket, Written("He called twice."), at=timezone.now(), by=asha)
    assert "He called twice." not in [line.text for line in lines_after({session.ticket_id: 0})]


def test_a_file_is_part_of_its_line(session):
    say(session, "", files=[File("slip.pdf", "application/pdf", b"%PDF-1.4")])
    [*_, last] = lines_after({session.ticket_id: 0})
    assert [name for _id, name, _size, _type in last.files] == ["slip.pdf"]


def test_a_stranger_to_the_chat_may_not_answer_in_it(session, asha, bala):
    session = taken(session, asha)
    with pytest.raises(Refused, match="not yours"):
        answer(session, bala)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_a_chat_at_once_one_gets_it(session, asha, bala):
    def take(agent):
        try:
            return queue.take(session, at=timezone.now(), by=agent).operator_id
        except Refused as refused:
            return refused.rule
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as both:
        got = list(both.map(take, [asha, bala]))
    assert sorted(map(str, got))[1] == "taken"
    assert fresh(session).operator_id in got


@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_the_next_at_once_each_gets_another(begun, asha, bala):
    begun(ago=timedelta(minutes=2))
    begun(secret="cd" * 32)

    def take(agent):
        try:
            return queue.take_next(at=timezone.now(), by=agent).pk
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as both:
        assert len(set(both.map(take, [asha, bala]))) == 2


def test_the_next_is_who_waits_longest(begun, asha):
    later, earlier = begun(), begun(secret="cd" * 32, ago=timedelta(minutes=5))
    assert queue.take_next(at=timezone.now(), by=asha) == earlier
    assert queue.take_next(at=timezone.now(), by=asha) == later
    assert queue.take_next(at=timezone.now(), by=asha) is None


def test_the_next_is_never_another_teams(session, desk):
    assert (
        queue.take_next(at=timezone.now(), by=make_agent(desk, "Dev", teams=("treasury",))) is None
    )


def test_the_place_in_the_queue_counts_those_who_came_before(begun, asha):
    first, second = begun(ago=timedelta(minutes=3)), begun(secret="cd" * 32)
    assert {s.id: s.place for s in states_of(first.desk_id)} == {first.pk: 1, second.pk: 2}
    queue.take(first, at=timezone.now(), by=asha)
    assert {s.id: s.place for s in states_of(first.desk_id)} == {first.pk: None, second.pk: 1}


def test_of_waiting_nothing_is_said_before_enough_were_taken(begun, asha, desk):
    for n in range(4):
        queue.take(
            begun(secret=f"{n:x}" * 64, ago=timedelta(minutes=3)), at=timezone.now(), by=asha
        )
    assert busy_at([desk.pk])[desk.pk].waits is None
    queue.take(begun(secret="e" * 64, ago=timedelta(minutes=3)), at=timezone.now(), by=asha)
    short, long = busy_at([desk.pk])[desk.pk].waits
    assert 170 <= short <= long <= 190


def test_who_takes_a_chat_owns_its_ticket(session, asha):
    session = taken(session, asha)
    assert session.ticket.owner == asha


def test_a_chat_passed_to_a_team_goes_the_books_way_and_waits_at_its_old_place(session, asha):
    session = taken(session, asha)
    queue.pass_to_team(session, "treasury", "They pay it.", at=timezone.now(), by=asha)
    passed = fresh(session)
    assert (passed.state, passed.ticket.team, passed.queued_at) == (
        "waiting",
        "treasury",
        session.queued_at,
    )


def test_a_chat_is_passed_only_to_who_is_there(session, asha, bala):
    session = taken(session, asha)
    with pytest.raises(Refused, match="not at the chats"):
        queue.pass_to_person(session, bala, "", at=timezone.now(), by=asha)
    queue.be_there(bala, at=timezone.now())
    queue.pass_to_person(session, bala, "You know this one.", at=timezone.now(), by=asha)
    assert queue.take_next(at=timezone.now(), by=asha) is None
    assert queue.take_next(at=timezone.now(), by=bala) == session


def test_what_is_written_after_the_operator_ended_is_kept_and_waits_again(session, asha):
    session = taken(session, asha)
    talk.end(session, ChatSession.Ended.OPERATOR, at=timezone.now())
    say(fresh(session), "One thing more")
    again = fresh(session)
    assert (again.state, again.meant_for, again.operator) == ("waiting", asha, None)
    assert "One thing more" in [line.text for line in lines_after({again.ticket_id: 0})]


def test_a_line_sent_again_after_the_end_brings_nobody_back_into_the_queue(session, asha):
    session = taken(session, asha)
    first = say(session, "Thank you, bye")
    talk.end(session, ChatSession.Ended.OPERATOR, at=timezone.now())
    assert say(fresh(session), "Thank you, bye") == first
    assert fresh(session).state == "ended"


def test_an_answer_that_meets_the_end_of_the_chat_is_mailed(session, asha):
    seen_open = taken(session, asha)
    talk.end(session, ChatSession.Ended.GONE, at=timezone.now())
    before = jobs()
    answer(seen_open, asha)
    assert jobs() == before + 1


def test_a_case_closed_for_good_goes_on_in_a_new_one_and_the_chat_with_it(desk, begun, chitra):
    apply_book("pay", BOOK + "reopening: { within: 1d }\n", at=timezone.now(), by=None)
    desk.refresh_from_db()
    chitra.desk = desk
    session = begun(ago=timedelta(days=3))
    close_ticket(session.ticket, at=timezone.now() - timedelta(days=2), by=chitra)
    say(session, "Still here")
    assert fresh(session).ticket_id != session.ticket_id


def test_a_case_merged_while_they_talk_goes_on_in_the_kept_one_and_the_chat_with_it(session, asha):
    from deskbook.tickets.opening import NewCase, open_ticket
    from deskbook.tickets.relations import merge_ticket

    session = taken(session, asha)
    other = open_ticket(
        session.contact, NewCase("Other", Written("x"), "email"), at=timezone.now(), by=asha
    ).ticket
    merge_ticket(session.ticket, other, at=timezone.now(), by=asha)
    say(session, "Still here")
    assert fresh(session).ticket_id == other.pk


def test_sixty_lines_a_minute_are_enough(session):
    for n in range(talk.LINES_A_MINUTE):
        say(session, f"line {n}", key=f"{n:032x}")
    with pytest.raises(Refused, match="wait a minute"):
        say(session, "one more", key="f" * 32)


@pytest.fixture
def outgoing(session, asha):
    entry = LogEntry.objects.get(pk=answer(taken(session, asha), asha))
    return lambda purpose="answer": Outgoing(entry, entry.ticket, session.contact, purpose, "text")


def test_while_the_visitor_is_there_an_answer_is_not_sent_another_way(outgoing):
    assert carry(outgoing(), at=timezone.now()) is True


def test_once_the_visitor_is_gone_the_answer_goes_another_way(outgoing):
    assert carry(outgoing(), at=timezone.now() + ChatSession.GONE_AFTER * 2) is False


def test_a_reminder_is_a_letter_even_to_who_is_there(outgoing):
    assert carry(outgoing("reminder"), at=timezone.now()) is False


def test_reading_goes_forward_only(session):
    talk.read_up_to(session, 20, by_visitor=True)
    talk.read_up_to(session, 10, by_visitor=True)
    assert fresh(session).visitor_read == 20


def test_a_forged_secret_opens_no_chat_and_one_of_another_desk_none_either(session):
    assert talk.chat_of(session.desk_id, "ef" * 32, at=timezone.now()) is None
    assert talk.chat_of(session.desk_id + 1, SECRET, at=timezone.now()) is None


def test_a_line_on_a_ticket_a_bridge_follows_queues_its_reactions(session, asha):
    session = taken(session, asha)
    before = jobs()
    talk.say(session, Written("x"), at=timezone.now(), key="3" * 32, watched=True)
    talk.answer(session, Written("y"), at=timezone.now(), by=asha, key="4" * 32, watched=True)
    assert jobs() == before + 2
