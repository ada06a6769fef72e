"""Whatever people do, in whatever order: the log says it all, once, and for good."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from deskbook.book.load import load_book
from deskbook.engine.apply import apply, replay
from deskbook.engine.clocks import readings
from deskbook.engine.decide_assignment import decide_assign, decide_hand_over
from deskbook.engine.decide_conversation import (
    decide_answer,
    decide_ask,
    decide_note,
    decide_requester_message,
)
from deskbook.engine.decide_open import Case, decide_open
from deskbook.engine.decide_promise import decide_agree_update, decide_keep_promise, decide_promise
from deskbook.engine.decide_severity import decide_verify
from deskbook.engine.decide_stage import decide_close, decide_stage
from deskbook.engine.decide_undo import decide_undo, may_be_undone
from deskbook.engine.events import AimPassed, LimitBreached
from deskbook.engine.ticket import Actor, Entry
from deskbook.engine.wake import decide_wake, next_wake_at
from deskbook.people.access import actor_of
from deskbook.refusals.refusal import Refusal, Refused
from deskbook.tickets.assignment import assign_ticket, hand_over_ticket, take_ticket
from deskbook.tickets.conversation import (
    answer_ticket,
    ask_requester,
    note_on_ticket,
    take_in_message,
)
from deskbook.tickets.log import wake
from deskbook.tickets.messages import Written
from deskbook.tickets.models import LogEntry, Message, Ticket
from deskbook.tickets.opening import NewCase, open_ticket
from deskbook.tickets.promises import make_promise
from deskbook.tickets.stages import close_ticket, move_ticket, verify_severity
from deskbook.tickets.verify import broken_links
from tests.people_factory import MONDAY, make_agent, make_contact, make_desk, make_organisation

DESKS = {
    key: load_book(Path(__file__).parents[2] / "books" / f"{key}.yaml").desk_or_raise()
    for key in ("sparkrock", "mukta")
}
ASHA, CHITRA = Actor("agent", "1", ("support", "egov")), Actor("contact", "2")
ACTS = {
    "answer": lambda d, t, at, n: decide_answer(d, t, "1", at=at, by=ASHA),
    "note": lambda d, t, at, n: decide_note(d, t, "2", at=at, by=ASHA),
    "ask": lambda d, t, at, n: decide_ask(d, t, "3", (), at=at, by=ASHA),
    "write": lambda d, t, at, n: decide_requester_message(d, t, "4", "email", at=at, by=CHITRA),
    "assign": lambda d, t, at, n: decide_assign(d, t, "1" if n % 2 else None, at=at, by=ASHA),
    "hand over": lambda d, t, at, n: decide_hand_over(
        d, t, list(d.teams)[n % len(d.teams)], at=at, by=ASHA
    ),
    "stage": lambda d, t, at, n: decide_stage(
        d,
        t,
        list(d.stages)[n % len(d.stages)],
        stated={"vendor": "x", "reference": "y"},
        at=at,
        by=ASHA,
    ),
    "verify": lambda d, t, at, n: decide_verify(
        d, t, list(d.severities)[n % len(d.severities)], reason="5", at=at, by=ASHA
    ),
    "promise": lambda d, t, at, n: decide_promise(
        d, t, f"p{t.seq}", at + timedelta(hours=1 + n), at=at, by=ASHA
    ),
    "keep": lambda d, t, at, n: decide_keep_promise(d, t, f"p{n}", at=at, by=ASHA),
    "agree": lambda d, t, at, n: decide_agree_update(
        d, t, at + timedelta(hours=1 + n), at=at, by=ASHA
    ),
    "close": lambda d, t, at, n: decide_close(d, t, at=at, by=CHITRA),
    "nothing": lambda d, t, at, n: (),
}
steps = st.lists(
    st.tuples(
        st.sampled_from(sorted(ACTS)),
        st.integers(0, 30),
        st.timedeltas(timedelta(), timedelta(days=6)),
    ),
    max_size=25,
)


def lived(desk, severity, done):
    """Return the log of a case opened on Monday and of these acts, each after the time it waited;
    refusals left out.
    """
    case = Case(requester="2", channel=next(iter(desk.channels)), severity=severity)
    log = [
        Entry(n, MONDAY, CHITRA, event)
        for n, event in enumerate(decide_open(desk, case, at=MONDAY, by=CHITRA), 1)
    ]
    ticket, at = replay(log), MONDAY
    for act, n, waited in done:
        at += waited
        entries = list(decide_wake(desk, ticket, at=at))
        for entry in entries:
            ticket = apply(ticket, entry)
        decision = ACTS[act](desk, ticket, at, n)
        by = CHITRA if act in ("write", "close") else ASHA
        if not isinstance(decision, Refusal):
            fresh = [Entry(ticket.seq + k, at, by, event) for k, event in enumerate(decision, 1)]
            for entry in fresh:
                ticket = apply(ticket, entry)
            entries += fresh
        log += entries
    return ticket, log, at


@given(st.sampled_from(sorted(DESKS)), st.integers(0, 3), steps)
def test_playing_the_log_again_gives_the_ticket_and_its_clocks(book, level, done):
    desk = DESKS[book]
    ticket, log, _ = lived(desk, list(desk.severities)[level], done)
    assert replay(log) == ticket
    assert readings(desk, replay(log)) == readings(desk, ticket)
    assert [entry.seq for entry in log] == list(range(1, len(log) + 1))


@given(
    st.sampled_from(sorted(DESKS)),
    steps,
    st.sampled_from(("assign", "stage", "hand over")),
    st.integers(0, 30),
    st.timedeltas(timedelta(), timedelta(seconds=10)),
)
def test_undoing_within_ten_seconds_leaves_the_clocks_as_they_were(book, done, act, n, waited):
    desk = DESKS[book]
    before, log, at = lived(desk, next(iter(desk.severities)), done)
    ticket, events = before, ACTS[act](desk, before, at, n)
    assume(not isinstance(events, Refusal) and events)
    fresh = [Entry(ticket.seq + k, at, ASHA, event) for k, event in enumerate(events, 1)]
    assume(may_be_undone(fresh))
    # What fell due in between is no reason not to undo, and stays.
    ticket = replay([*log, *fresh])
    facts = [e for e in decide_wake(desk, ticket, at=at + waited) if passed(e.event)]
    log = [*log, *fresh, *facts]
    undone = decide_undo(desk, replay(log), log, fresh[0].seq, at=at + waited, by=ASHA)
    after = replay([*log, Entry(log[-1].seq + 1, at + waited, ASHA, *undone)])
    for entry in decide_wake(desk, before, at=at + waited):
        before = (
            apply(before, replace(entry, seq=before.seq + 1)) if passed(entry.event) else before
        )
    assert readings(desk, after) == readings(desk, before)
    assert replace(after, seq=0, last_at=None, passed=frozenset()) == replace(
        before, seq=0, last_at=None, passed=frozenset()
    )


def passed(event):
    return isinstance(event, AimPassed | LimitBreached)


@given(st.sampled_from(sorted(DESKS)), st.integers(0, 3), steps)
def test_a_breach_is_recorded_once_however_often_time_is_asked(book, level, done):
    desk = DESKS[book]
    ticket, log, at = lived(desk, list(desk.severities)[level], done)
    later = at + timedelta(days=90)
    overdue = decide_wake(desk, ticket, at=later)
    for entry in overdue:
        ticket = apply(ticket, entry)
    assert decide_wake(desk, ticket, at=later) == ()
    breaches = [
        entry.event.clock for entry in [*log, *overdue] if isinstance(entry.event, LimitBreached)
    ]
    assert len(breaches) == len(set(breaches))


@given(st.sampled_from(sorted(DESKS)), st.integers(0, 3), steps)
def test_waking_at_the_time_named_always_finds_something_to_do_and_waking_before_it_nothing(
    book, level, done
):
    desk = DESKS[book]
    ticket, _, _ = lived(desk, list(desk.severities)[level], done)
    wake_at = next_wake_at(desk, ticket)
    if wake_at is None:  # nothing comes of time alone, however long
        assert decide_wake(desk, ticket, at=ticket.last_at + timedelta(days=1000)) == ()
        return
    assert decide_wake(desk, ticket, at=wake_at) != ()
    assert decide_wake(desk, ticket, at=wake_at - timedelta(microseconds=1)) == ()


def verbs(asha, chitra):
    written = Written("text")
    return {
        "answer": lambda t, at, key: answer_ticket(t, written, at=at, by=asha, key=key),
        "note": lambda t, at, key: note_on_ticket(t, written, at=at, by=asha, key=key),
        "ask": lambda t, at, key: ask_requester(t, written, (), at=at, by=asha, key=key),
        "write": lambda t, at, key: take_in_message(
            t, written, channel="email", at=at, by=chitra, key=key
        ),
        "take": lambda t, at, key: take_ticket(t, at=at, by=asha, key=key),
        "release": lambda t, at, key: assign_ticket(t, None, at=at, by=asha, key=key),
        "hand over": lambda t, at, key: hand_over_ticket(
            t, "technical", reason="why", at=at, by=asha, key=key
        ),
        "solve": lambda t, at, key: move_ticket(t, "complete", at=at, by=asha, key=key),
        "verify": lambda t, at, key: verify_severity(
            t, "s1", reason="all users", at=at, by=asha, key=key
        ),
        "promise": lambda t, at, key: make_promise(
            t, "a call", at + timedelta(hours=3), at=at, by=asha, key=key
        ),
        "close": lambda t, at, key: close_ticket(t, at=at, by=chitra, key=key),
        "wake": lambda t, at, key: wake(t.pk, at=at),
    }


done_in_the_database = st.lists(
    st.tuples(
        st.sampled_from(sorted(verbs(None, None))), st.timedeltas(timedelta(), timedelta(days=4))
    ),
    max_size=8,
)


@pytest.fixture
def people(db):
    desk = make_desk()
    return make_agent(desk, teams=("support",)), make_contact(
        desk, organisation=make_organisation(desk, plan="standard")
    )


@pytest.fixture
def case(people):
    _, chitra = people
    return open_ticket(
        chitra, NewCase("Empty report", Written("text"), "portal"), at=MONDAY, by=chitra
    ).ticket


class Undone(Exception):
    """Takes one example's work back, so that the next begins where the first did."""


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(done=done_in_the_database)
def test_in_the_database_too_the_row_is_what_its_log_says_and_every_command_counts_once(
    people, case, done
):
    try:
        with transaction.atomic():
            known = verbs(*people)
            at = MONDAY
            for number, (verb, waited) in enumerate(done):
                at += waited
                ticket = Ticket.objects.select_related("desk").get(pk=case.pk)
                try:
                    with transaction.atomic():
                        first = known[verb](ticket, at, f"key {number}")
                except Refused:
                    continue
                entries, messages = LogEntry.objects.count(), Message.objects.count()
                if verb != "wake":
                    again = known[verb](ticket, at + timedelta(minutes=1), f"key {number}")
                    assert {entry.pk for entry in again.entries} <= {
                        entry.pk for entry in first.entries
                    }
                assert (LogEntry.objects.count(), Message.objects.count()) == (entries, messages)
            assert list(broken_links([Ticket.objects.select_related("desk").get(pk=case.pk)])) == []
            raise Undone
    except Undone:
        pass


def test_the_same_command_key_gives_the_same_entries_and_one_event(people, case):
    asha, _ = people
    first = answer_ticket(case, Written("Hello"), at=MONDAY, by=asha, key="browser 7")
    again = answer_ticket(
        case, Written("Hello"), at=MONDAY + timedelta(seconds=3), by=asha, key="browser 7"
    )
    assert [entry.pk for entry in again.entries] == [entry.pk for entry in first.entries]
    assert LogEntry.objects.filter(ticket=case, kind="Answered").count() == 1


@pytest.mark.parametrize(
    "change", ["update deskbook_logentry set kind = 'Noted'", "delete from deskbook_logentry"]
)
def test_the_database_refuses_to_change_or_delete_an_entry(case, change):
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(change)
    assert LogEntry.objects.filter(ticket=case).count() == case.seq


def test_no_name_address_or_text_of_a_person_stands_in_the_log(people, case):
    asha, chitra = people
    answer_ticket(case, Written("My number is 555-0100"), at=MONDAY, by=asha)
    log = " ".join(str(entry.data) + entry.actor for entry in LogEntry.objects.filter(ticket=case))
    assert not [word for word in ("555", chitra.name, asha.user.email, case.subject) if word in log]
    assert str(actor_of(asha)) in log
    assert str(actor_of(chitra)) in log
