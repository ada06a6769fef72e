"""Lives loaded by COPY are what the verbs would have written, and a change after the fact is
found.
"""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from deskbook.book.shelf import book_text
from deskbook.demo.desk_files import phrases_of
from deskbook.demo.loading import load_lives
from deskbook.demo.past.campaign import running_today
from deskbook.lives.course import Scene
from deskbook.lives.life import Period, lives
from deskbook.lives.population import Population, Requester, Worker
from deskbook.people.access import actor_of
from deskbook.people.books import desk_in_force
from deskbook.tickets.conversation import note_on_ticket
from deskbook.tickets.log import wake
from deskbook.tickets.messages import Written
from deskbook.tickets.models import Attachment, LogEntry, Message, Participant, Ticket
from deskbook.tickets.opening import NewCase, open_ticket
from deskbook.tickets.queues import counts, find, listed, queue
from deskbook.tickets.verify import broken_links
from tests.people_factory import make_agent, make_contact, make_desk, make_organisation

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 19, 0, tzinfo=UTC)


@pytest.fixture
def desk(db):
    return make_desk()


@pytest.fixture
def asha(desk):
    return make_agent(desk, teams=("support",))


@pytest.fixture
def chitra(desk):
    return make_contact(desk, organisation=make_organisation(desk, plan="standard"))


@pytest.fixture
def loaded(desk, asha, chitra):
    requester = Requester(str(chitra.pk), str(chitra.organisation_id), "standard")
    people = Population((requester,), (Worker(str(asha.pk), actor_of(asha).teams),))
    fortnight = Period(NOW - timedelta(days=14), NOW, 8, NOW)
    load_lives(
        desk,
        list(lives(Scene(desk_in_force(desk), people, phrases_of("sparkrock")), fortnight, seed=4)),
    )
    return list(Ticket.objects.select_related("desk").order_by("pk"))


def test_every_row_follows_from_its_log_and_every_chain_holds(loaded):
    assert len(loaded) > 50
    assert list(broken_links(loaded)) == []


def test_numbers_go_on_where_the_loaded_ones_end(loaded, chitra):
    case = NewCase("One more", Written("text"), "portal")
    later = open_ticket(chitra, case, at=NOW, by=chitra).ticket
    assert later.number == max(ticket.number for ticket in loaded) + 1


def test_loaded_tickets_go_on_like_any_other(loaded, asha):
    ticket = next(t for t in loaded if t.is_open and t.wake_at)
    note_on_ticket(ticket, Written("Seen."), at=NOW, by=asha)
    wake(ticket.pk, at=ticket.wake_at + timedelta(days=1))
    ticket.refresh_from_db()
    assert list(broken_links([ticket])) == []


def test_the_console_counts_finds_and_lists_them(loaded, asha):
    open_ones = [ticket for ticket in loaded if ticket.is_open]
    assert counts(asha)["open"] == len(open_ones)
    shown = listed(queue(asha, "open"), most=len(loaded))
    assert {ticket.id for ticket in shown} == {ticket.pk for ticket in open_ones}
    wanted = loaded[3]
    assert wanted.pk in {ticket.id for ticket in listed(find(asha, wanted.subject))}


def test_the_messages_named_in_the_log_are_those_of_the_ticket(loaded):
    for ticket in loaded:
        log = LogEntry.objects.filter(ticket=ticket)
        named = {
            int(line.data[k]) for line in log for k in ("message", "reason") if line.data.get(k)
        }
        assert named == set(Message.objects.filter(ticket=ticket).values_list("pk", flat=True))
        assert Participant.objects.filter(ticket=ticket, contact=ticket.requester_id).exists()


@pytest.mark.parametrize("key", ["spark", "salama"])
def test_lives_of_the_other_desks_follow_from_their_logs_with_the_files_they_name(key):
    helpdesk = make_desk(key, running_today(book_text(key), NOW))
    desk, contact = desk_in_force(helpdesk), make_contact(helpdesk)
    workers = [make_agent(helpdesk, f"Asha{n}", teams=(team,)) for n, team in enumerate(desk.teams)]
    people = Population(
        (Requester(str(contact.pk), language=desk.languages[0]),),
        tuple(Worker(str(worker.pk), actor_of(worker).teams) for worker in workers),
    )
    load_lives(
        helpdesk,
        list(
            lives(
                Scene(desk, people, phrases_of(key)),
                Period(NOW - timedelta(days=12), NOW, 9, NOW),
                seed=4,
            )
        ),
    )
    tickets = list(Ticket.objects.filter(desk=helpdesk).select_related("desk"))
    assert len(tickets) > 60
    assert list(broken_links(tickets)) == []
    papers = LogEntry.objects.filter(ticket__desk=helpdesk, kind="PaperReceived")
    files = {
        str(pk): str(message) for pk, message in Attachment.objects.values_list("pk", "message_id")
    }
    assert papers.exists()
    assert all(files[line.data["file"]] == line.data["message"] for line in papers)


def tampered(sql):
    with connection.cursor() as cursor:
        # What only a superuser of the database may do.
        cursor.execute("set local session_replication_role = replica")
        cursor.execute(sql)
        cursor.execute("set local session_replication_role = default")


def test_an_entry_changed_after_the_fact_is_found(loaded):
    victim = loaded[5]
    tampered(
        f"update deskbook_logentry set at = at - interval '1 hour' where ticket_id = {victim.pk}"
        " and seq = 3"
    )
    assert [(link.ticket, link.seq) for link in broken_links(loaded)] == [(str(victim), 3)]


def test_an_entry_taken_out_after_the_fact_is_found(loaded):
    victim = loaded[5]
    tampered(f"delete from deskbook_logentry where ticket_id = {victim.pk} and seq = 2")
    assert [str(link) for link in broken_links(loaded)] == [
        f"{victim}, entry 2: the entry is missing"
    ]


def test_a_row_that_says_something_else_than_its_log_is_found(loaded):
    victim = loaded[5]
    with connection.cursor() as cursor:
        cursor.execute(
            "update deskbook_ticket set breached = not breached where id = %s", [victim.pk]
        )
    victim.refresh_from_db()
    assert [link.what for link in broken_links([victim])] == [
        "its row does not follow from its log: breached"
    ]
