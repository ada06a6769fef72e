"""Tickets of one desk do not wait for each other."""

from threading import Thread

import pytest
from django.db import connection, transaction

from deskbook.tickets.conversation import note_on_ticket
from deskbook.tickets.messages import Written
from deskbook.tickets.opening import NewCase, open_ticket
from tests.people_factory import MONDAY, make_agent, make_contact, make_desk


@pytest.mark.django_db(transaction=True)
def test_two_tickets_of_a_desk_are_worked_on_at_the_same_time():
    desk = make_desk()
    asha, bala, chitra = make_agent(desk), make_agent(desk, "Bala"), make_contact(desk)
    case = NewCase("Empty report", Written("text"), "portal")
    one, other = (open_ticket(chitra, case, at=MONDAY, by=chitra).ticket for _ in range(2))
    done = []

    def bala_notes():
        with connection.cursor() as cursor:
            cursor.execute("set lock_timeout = '3s'")
        done.append(note_on_ticket(other, Written("seen"), at=MONDAY, by=bala))
        connection.close()

    with transaction.atomic():
        note_on_ticket(one, Written("seen"), at=MONDAY, by=asha)
        thread = Thread(target=bala_notes)
        thread.start()
        thread.join(10)
        assert len(done) == 1
