"""A case of Sparkrock from opening to closing, through the verbs, on a real database."""

import json
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection

from deskbook.engine.apply import replay
from deskbook.engine.clocks import readings
from deskbook.people.books import desk_at
from deskbook.refusals.refusal import Refused
from deskbook.tickets.assignment import assign_ticket, take_ticket
from deskbook.tickets.conversation import (
    answer_ticket,
    ask_requester,
    note_on_ticket,
    take_in_message,
)
from deskbook.tickets.log import wake
from deskbook.tickets.messages import File, Written
from deskbook.tickets.models import LogEntry, Message, Ticket
from deskbook.tickets.numbered import named
from deskbook.tickets.opening import NewCase, open_ticket
from deskbook.tickets.queues import Wanted, counts, find, fold_counts, listed, queue
from deskbook.tickets.relations import link_tickets, merge_ticket, unmerge_ticket
from deskbook.tickets.reminders import record_left
from deskbook.tickets.stages import close_ticket, move_ticket, verify_severity
from deskbook.tickets.state import entry_of, state_as_json, state_of
from deskbook.tickets.verify import broken_links
from tests.people_factory import MONDAY, make_agent, make_contact, make_desk, make_organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(db):
    return make_desk("sparkrock")


@pytest.fixture
def asha(desk):
    return make_agent(desk)


@pytest.fixture
def chitra(desk):
    return make_contact(desk, organisation=make_organisation(desk, plan="standard"))


@pytest.fixture
def case(chitra):
    return opened(chitra)


def opened(contact, subject="The payroll report is empty", at=MONDAY, severity="s2", key=None):
    new = NewCase(
        subject, Written("Since this morning nothing is in it."), "portal", severity=severity
    )
    return open_ticket(contact, new, at=at, by=contact, key=key).ticket


def clock(ticket, name):
    ticket.refresh_from_db()
    found = readings(desk_at(ticket.desk_id, ticket.book_version), state_of(ticket))
    return next(reading for reading in found if reading.clock == name)


def test_a_new_case_has_a_number_a_stage_and_a_response_time(case):
    assert str(case) == "SPR-1"
    assert case.stage == "new"
    assert case.next_due_at == MONDAY + timedelta(hours=6)  # half a 12-hour business day
    assert case.wake_at == case.next_due_at


def test_the_same_form_sent_twice_opens_one_case(chitra):
    first, second = (opened(chitra, key="form-1") for _ in range(2))
    assert first.pk == second.pk
    assert Message.objects.filter(ticket=first).count() == 1


def test_a_refused_case_leaves_nothing_behind(chitra):
    with pytest.raises(Refused, match="no severity “s9”"):
        opened(chitra, severity="s9")
    assert not Message.objects.exists()


def test_assigning_starts_the_investigation(case, asha):
    take_ticket(case, at=MONDAY + timedelta(minutes=5), by=asha)
    case.refresh_from_db()
    assert (case.stage, case.owner) == ("investigation", asha)


def test_the_second_who_takes_a_case_is_told(case, asha, desk):
    take_ticket(case, at=MONDAY, by=asha)
    with pytest.raises(Refused, match="Somebody else"):
        take_ticket(case, at=MONDAY, by=make_agent(desk, "Bala"))


def test_an_answer_meets_the_response_clock_and_starts_the_update_clock(case, asha):
    at = MONDAY + timedelta(hours=1)
    answer_ticket(case, Written("We are looking."), at=at, by=asha)
    assert clock(case, "response").met_at == at
    assert clock(case, "update:1").started_at == at


def test_asking_stops_the_clock_and_says_what_is_awaited(case, asha):
    ask_requester(
        case,
        Written("Please send the log."),
        ["logs"],
        at=MONDAY + timedelta(hours=1),
        by=asha,
    )
    case.refresh_from_db()
    assert case.stage == "waiting for customer"
    assert state_of(case).awaited == ("logs",)
    assert clock(case, "update:1").paused_since == MONDAY + timedelta(hours=1)


def test_silence_reminds_twice_and_closes(case, asha):
    ask_requester(
        case,
        Written("Please send the log."),
        ["log files"],
        at=MONDAY + timedelta(hours=1),
        by=asha,
    )
    kinds = []
    while True:
        case.refresh_from_db()
        if case.wake_at is None:
            break
        due_at = case.wake_at
        entries = wake(case.pk, at=due_at).entries
        kinds += [entry.kind for entry in entries]
        for entry in entries:
            record_left(entry, "reminder", at=due_at)
    assert [kind for kind in kinds if kind in ("ReminderDue", "Closed")] == [
        "ReminderDue",
        "ReminderDue",
        "Closed",
    ]
    assert case.stage == "closed" and not case.is_open
    # Six business days, a clock change between.
    assert case.closed_at.isoformat() == "2026-03-10T15:00:00+00:00"


def test_after_an_outage_the_steps_come_in_order_and_one_message_is_sent(case, asha):
    ask_requester(case, Written("Please send the log."), [], at=MONDAY, by=asha)
    entries = wake(case.pk, at=MONDAY + timedelta(days=30)).entries
    told = [entry.data.get("told", True) for entry in entries if entry.kind == "ReminderDue"]
    assert told == [False, True]
    assert "Closed" not in [
        entry.kind for entry in wake(case.pk, at=MONDAY + timedelta(days=60)).entries
    ]


def test_the_requester_writing_cancels_the_ladder(case, asha, chitra):
    ask_requester(case, Written("Please send the log."), [], at=MONDAY, by=asha)
    take_in_message(
        case, Written("Here it is."), channel="email", at=MONDAY + timedelta(hours=2), by=chitra
    )
    case.refresh_from_db()
    assert case.stage == "updated by customer"
    assert not any(r.kind == "quiet" for r in readings(desk_at(case.desk_id, 1), state_of(case)))


def test_a_move_the_book_does_not_allow_is_refused_by_name(case, asha):
    with pytest.raises(Refused, match="the book does not allow"):
        move_ticket(case, "updated by customer", at=MONDAY, by=asha)


def test_a_vendor_must_be_named(case, asha):
    with pytest.raises(Refused, match="vendor and reference"):
        move_ticket(case, "waiting for vendor", at=MONDAY, by=asha)


def test_verifying_another_severity_needs_a_reason_and_moves_the_clock_from_its_start(case, asha):
    with pytest.raises(Refused, match="why"):
        verify_severity(case, "s3", at=MONDAY + timedelta(hours=1), by=asha)
    verify_severity(
        case, "s3", reason="There is a workaround.", at=MONDAY + timedelta(hours=1), by=asha
    )
    case.refresh_from_db()
    assert (case.claimed, case.severity) == ("s2", "s3")
    assert case.next_due_at == MONDAY + timedelta(days=2)


def test_only_named_contacts_close(case, desk, chitra):
    reader = make_contact(desk, "Reader", organisation=chitra.organisation, named=False)
    with pytest.raises(Refused, match="named contacts"):
        close_ticket(case, at=MONDAY, by=reader)
    close_ticket(case, at=MONDAY, by=chitra)
    case.refresh_from_db()
    assert not case.is_open


def test_a_closed_case_comes_back_when_the_requester_writes(case, chitra):
    close_ticket(case, at=MONDAY, by=chitra)
    take_in_message(
        case, Written("Not yet!"), channel="email", at=MONDAY + timedelta(hours=1), by=chitra
    )
    case.refresh_from_db()
    assert case.is_open


def test_a_wrong_merge_can_be_taken_back(case, chitra, asha):
    other = opened(chitra, "The same again")
    merge_ticket(other, case, at=MONDAY, by=asha)
    other.refresh_from_db()
    assert not other.is_open and other.wake_at is None
    unmerge_ticket(other, at=MONDAY + timedelta(hours=1), by=asha)
    other.refresh_from_db()
    assert other.is_open and other.next_due_at == MONDAY + timedelta(hours=6)


def test_a_merge_is_taken_back_on_both_sides_by_somebody_whose_page_is_old(case, chitra, asha):
    other = opened(chitra, "The same again")
    merge_ticket(other, case, at=MONDAY, by=asha)  # `other` is now what a page loaded before shows
    unmerge_ticket(other, at=MONDAY + timedelta(hours=1), by=asha)
    case.refresh_from_db()
    assert state_of(case).absorbed == frozenset()


def test_a_link_is_seen_from_both_sides(case, chitra, asha):
    other = opened(chitra, "Alike")
    link_tickets(case, other, at=MONDAY, by=asha)
    for ticket, name in ((case, "SPR-2"), (other, "SPR-1")):
        ticket.refresh_from_db()
        assert state_of(ticket).linked == {name}


def test_replaying_the_log_gives_the_row(case, asha, chitra):
    take_ticket(case, at=MONDAY, by=asha)
    note_on_ticket(case, Written("Seen before."), at=MONDAY, by=asha)
    ask_requester(case, Written("Which?"), ["steps"], at=MONDAY + timedelta(hours=2), by=asha)
    take_in_message(
        case, Written("This."), channel="email", at=MONDAY + timedelta(hours=3), by=chitra
    )
    case.refresh_from_db()
    assert state_as_json(replay(entry_of(row) for row in case.log.order_by("seq"))) == case.state


def test_the_log_refuses_to_be_changed(case):
    with pytest.raises(DatabaseError, match="append-only"), connection.cursor() as cursor:
        cursor.execute("update deskbook_logentry set kind = 'Closed'")


def test_an_act_between_reading_the_row_and_the_log_is_no_change_after_the_fact(case, asha):
    read_before = Ticket.objects.select_related("desk").get(pk=case.pk)
    note_on_ticket(case, Written("Meanwhile."), at=MONDAY + timedelta(hours=1), by=asha)
    assert list(broken_links([read_before])) == []


def test_counts_follow_the_queues_and_folding_keeps_them(case, asha, chitra):
    opened(chitra, "Another")
    assign_ticket(case, asha, at=MONDAY, by=asha)
    for _ in range(2):
        assert counts(asha)["open"] == 2
        assert (counts(asha)["mine"], counts(asha)["unassigned"]) == (1, 1)
        assert ids(queue(asha, "mine")) == [case.pk]
        fold_counts()


def test_a_case_is_found_by_its_number_and_by_the_beginning_of_a_word(case, asha):
    assert named(asha, "spr-1").tickets[0].id == case.pk
    assert ids(find(asha, "payr MORN")) == [case.pk]
    assert ids(find(asha, "zebra")) == []


def test_a_file_is_kept_once_however_often_it_is_sent(case, chitra):
    for hour in (1, 2):
        written = Written("See.", files=[File("log.txt", "text/plain", b"the same bytes")])
        take_in_message(
            case, written, channel="email", at=MONDAY + timedelta(hours=hour), by=chitra
        )
    blobs = {a.blob_id for m in case.messages.all() for a in m.attachments.all()}
    assert len(blobs) == 1


def test_a_breach_bears_the_instant_it_happened(case):
    entries = wake(case.pk, at=MONDAY + timedelta(days=1)).entries
    assert [(e.kind, e.at) for e in entries] == [("LimitBreached", MONDAY + timedelta(hours=6))]
    assert Ticket.objects.get(pk=case.pk).breached
    assert not wake(case.pk, at=MONDAY + timedelta(days=1)).entries
    assert LogEntry.objects.filter(kind="LimitBreached").count() == 1


def test_a_row_an_older_version_wrote_is_no_change_after_the_fact_and_another_state_is(case):
    """What a later version adds to the state is missing there; replayed from the log it has its
    default.
    """
    for name in ("site_visits", "redirected_to", "held_by"):
        case.state.pop(name, None)
    write_state(case)
    assert list(broken_links([case])) == []
    case.state["owner"] = "77"
    write_state(case)
    assert [str(link) for link in broken_links([case])] == [
        f"{case}: its row does not follow from its log: state"
    ]


def write_state(ticket):
    with connection.cursor() as cursor:
        cursor.execute(
            "update deskbook_ticket set state = %s where id = %s",
            [json.dumps(ticket.state), ticket.pk],
        )


def ids(wanted: Wanted) -> list[int]:
    return [ticket.id for ticket in listed(wanted)]
