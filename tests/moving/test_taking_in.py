"""What a desk had elsewhere comes along: once, silently, and with nothing lost."""

from datetime import UTC, datetime, timedelta

import pytest

from deskbook.engine.clocks import readings
from deskbook.moving import taking_in
from deskbook.moving.models import CameFrom
from deskbook.moving.parts import MovingRefused
from deskbook.moving.taking_in import look_at, take_in
from deskbook.people.books import desk_in_force, read_book
from deskbook.people.contacts import add_way, find_or_make_contact
from deskbook.people.merging import merge_contacts
from deskbook.people.models import Contact
from deskbook.refusals.refusal import Refused
from deskbook.tickets.conversation import take_in_message
from deskbook.tickets.messages import Written
from deskbook.tickets.models import LogEntry, Message, Ticket
from deskbook.tickets.queues import find, listed
from deskbook.tickets.replaying import replay_since
from deskbook.tickets.state import state_of
from deskbook.tickets.verify import broken_links
from tests.moving.elsewhere import BOOK, agents_of, brought, in_file, move_of, small_desk
from tests.people_factory import make_agent

pytestmark = pytest.mark.django_db
LONG_AGO = "2024-03-04 10:00"
OPEN = f"71,Printer,chitra@school.example,{LONG_AGO},,Open,Urgent,Front,question,asha@small.example,,,,It hums."
ANSWER = "71,,,,,,,,,,answer,asha@small.example,2024-03-05 11:00,We look."
NOTE = "71,,,,,,,,,,note,zoe@old.example,2024-03-05 12:00,The fuser again."
WROTE = "71,,,,,,,,,,,chitra@school.example,2024-03-06 09:00,It still hums."
ENDED = "72,Ghost,dev@school.example,2024-01-02 09:00,2024-01-09 16:00,Closed,Low,,,,,,,Gone."


@pytest.fixture
def desk(db):
    return small_desk()


@pytest.fixture
def asha(desk):
    return make_agent(desk)


@pytest.fixture
def came(desk, asha, tmp_path):
    """Return how the coming of an open case and of one that had ended went."""
    return brought(desk, in_file(tmp_path, OPEN, ANSWER, NOTE, WROTE, ENDED))


def case(number):
    return CameFrom.objects.get(number=str(number)).ticket


def test_all_tickets_and_all_that_was_said_on_them_comes_along(came):
    assert (came.came, came.messages, came.left_out.count()) == (2, 5, 0)
    said = case(71).messages.order_by("pk").values_list("kind", "text", "author_user__email")
    assert [one for one in said if "csv 71" not in one[1]] == [
        ("request", "It hums.", None),
        ("answer", "We look.", "asha@small.example"),
        ("note", "The fuser again.", "zoe@old.example"),
        ("request", "It still hums.", None),
    ]


def test_each_keeps_the_instants_it_had(came):
    row = case(71)
    assert row.opened_at == datetime(2024, 3, 4, 15, tzinfo=UTC)  # 10:00 in Toronto
    assert row.messages.get(kind="answer").at == datetime(2024, 3, 5, 16, tzinfo=UTC)
    assert case(72).closed_at == datetime(2024, 1, 9, 21, tzinfo=UTC)


def test_its_log_begins_with_where_it_came_from_and_its_chain_is_whole(came):
    first = LogEntry.objects.get(ticket=case(71), seq=1)
    assert (first.kind, first.data["source"], first.data["number"]) == ("Imported", "csv", "71")
    assert list(broken_links(Ticket.objects.all())) == []


def test_what_else_the_other_system_said_of_it_is_kept_for_the_desk(came):
    kept = case(71).messages.filter(kind="note").order_by("pk").first()
    assert "severity: Urgent" in kept.text
    assert "type: question" in kept.text


def test_a_case_that_goes_on_is_timed_from_when_it_came(came):
    row = case(71)
    state, desk = state_of(row), desk_in_force(row.desk)
    clocks = {one.kind: one for one in readings(desk, state)}
    assert clocks["update"].started_at == clocks["resolve"].started_at == state.imported_at
    assert "response" not in clocks  # it was answered there
    assert row.is_open and not row.breached
    assert row.next_due_at > state.imported_at


def test_a_case_that_had_ended_comes_ended_and_nothing_of_it_is_timed(came):
    row = case(72)
    assert (row.stage, row.outcome, row.wake_at, row.breached) == ("closed", "solved", None, False)
    assert readings(desk_in_force(row.desk), state_of(row)) == ()


def test_nobody_is_told_and_nothing_waits_to_be_done(came):
    from procrastinate.contrib.django.models import ProcrastinateJob

    assert not ProcrastinateJob.objects.exists()
    assert set(LogEntry.objects.values_list("kind", flat=True)) == {
        "Imported",
        "Answered",
        "Noted",
        "CustomerWrote",
    }


def test_an_export_that_comes_again_brings_nothing_twice(came, desk, tmp_path):
    again = brought(desk, in_file(tmp_path, OPEN, ANSWER, ENDED, ENDED.replace("72,", "73,")))
    assert (again.came, again.came_before) == (1, 2)
    assert Ticket.objects.count() == 3


def test_what_was_stopped_goes_on_where_it_stopped(desk, tmp_path, monkeypatch):
    monkeypatch.setattr(taking_in, "BATCH", 2)
    path = in_file(tmp_path, *(ENDED.replace("72,", f"{n},") for n in range(100, 107)))

    def pull_the_plug(_what, done, _of):
        if done >= 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        take_in(move_of(desk, path), path, pull_the_plug, at=datetime.now(UTC))
    assert Ticket.objects.count() == 4
    rest = brought(desk, path)
    assert (rest.came, rest.came_before) == (3, 4)
    assert list(broken_links(Ticket.objects.all())) == []


def test_who_worked_there_and_does_not_work_here_comes_as_somebody_who_has_left(came, desk):
    assert agents_of(desk) == {"asha@small.example": True, "zoe@old.example": False}
    assert case(71).owner.user.email == "asha@small.example"


def test_people_are_known_by_their_address_whatever_they_are_called_there(desk, tmp_path):
    chitra = find_or_make_contact(desk, "email", "Chitra@school.example", name="Chitra Nair")
    brought(desk, in_file(tmp_path, OPEN))
    assert case(71).requester == chitra
    assert Contact.objects.filter(desk=desk).count() == 1


def test_what_somebody_wrote_who_was_found_to_be_another_is_the_others(desk, tmp_path):
    old = find_or_make_contact(desk, "email", "dev@school.example", name="Dev")
    kept = find_or_make_contact(desk, "email", "devan@school.example", name="Devan")
    merge_contacts(old, kept, at=datetime.now(UTC), by=make_agent(desk, "Bala", "lead"))
    brought(desk, in_file(tmp_path, ENDED))
    assert case(72).requester.person_id == kept.pk


def test_the_old_number_is_found_by_the_search(came, asha):
    assert [row.subject for row in listed(find(asha, "71"))] == ["Printer"]
    assert [row.subject for row in listed(find(asha, "fuser"))] == ["Printer"]


def test_writing_on_a_case_that_ended_long_ago_there_opens_a_new_one(came):
    row = case(72)
    with pytest.raises(Refused):
        take_in_message(
            row, Written("Again."), channel="email", at=datetime.now(UTC), by=row.requester
        )


def test_a_case_that_ended_lately_comes_back_with_its_clocks_at_nothing(desk, tmp_path):
    now = datetime.now(UTC)
    ended = f"{now - timedelta(days=2):%Y-%m-%d %H:%M}"
    brought(desk, in_file(tmp_path, ENDED.replace("2024-01-09 16:00", ended)))
    row = case(72)
    take_in_message(row, Written("Again."), channel="email", at=now, by=row.requester)
    row.refresh_from_db()
    clocks = {one.kind: one for one in readings(desk_in_force(desk), state_of(row))}
    assert clocks["response"].started_at == state_of(row).imported_at
    assert not row.breached and row.next_due_at > now


def test_words_the_book_does_not_know_are_named_and_nothing_comes(desk, tmp_path):
    path = in_file(tmp_path, OPEN.replace(",Open,Urgent,", ",Parked,P1,"))
    with pytest.raises(MovingRefused, match="severity “P1”, stage “Parked”"):
        brought(desk, path)
    assert Ticket.objects.count() == 0


def test_its_owner_says_what_words_become_and_what_all_others_do(desk, tmp_path):
    path = in_file(tmp_path, OPEN.replace(",Open,Urgent,", ",Parked,P1,"), ENDED)
    words = {"stage": {"parked": "waiting"}, "severity": {"*": "low"}}
    brought(desk, path, words=words)
    row = case(71)
    assert (row.stage, row.severity, row.team, row.kind) == ("waiting", "low", "front", "question")


def test_looking_at_it_says_what_would_come_and_writes_no_ticket(desk, tmp_path):
    path = in_file(tmp_path, OPEN, ANSWER, ENDED)
    move = move_of(desk, path)
    look_at(move, path)
    assert (move.found["tickets"], move.found["messages"]) == (2, 3)
    assert ["stage", "Open", 1, "open"] in move.met
    assert (Ticket.objects.count(), Message.objects.count()) == (0, 0)


def test_what_came_is_no_case_that_another_book_is_tried_on(came, desk):
    since = datetime(2020, 1, 1, tzinfo=UTC)
    book = read_book("small", BOOK.replace("respond: 2h", "respond: 1h"))
    assert replay_since(desk, book, since, until_at=datetime.now(UTC)).cases == 0


def test_a_second_address_of_somebody_finds_them_as_well(desk, tmp_path):
    chitra = find_or_make_contact(desk, "email", "c.nair@home.example", name="Chitra")
    add_way(chitra, "email", "chitra@school.example")
    brought(desk, in_file(tmp_path, OPEN))
    assert case(71).requester == chitra
