"""The phone of a demo desk has something to show."""

import pytest
from django.utils import timezone

from deskbook.channels.phone.models import Call
from deskbook.demo.past.calls import make_calls
from deskbook.people.contacts import find_or_make_contact
from deskbook.tickets.call_back_models import CallBack
from deskbook.tickets.messages import Written
from deskbook.tickets.opening import NewCase, open_ticket
from tests.people_factory import make_agent, make_desk


@pytest.mark.parametrize("key", ["spark", "mukta"])
def test_a_desk_with_a_phone_has_people_to_call_back_and_missed_calls(db, key):
    desk = make_desk(key)
    asha = make_agent(desk, "Asha")
    callers = [
        find_or_make_contact(desk, "phone", f"+91000010000{n}", name=f"Caller {n}")
        for n in range(4)
    ]
    for caller in callers:
        open_ticket(caller, NewCase("Help", Written("?"), "phone"), at=timezone.now(), by=caller)
    make_calls(desk, [asha], callers, at=timezone.now())
    assert CallBack.objects.filter(desk=desk, ended_at=None).count() == 4
    assert Call.objects.filter(desk=desk, state="missed", settled_at=None).count() == 2
    asha.refresh_from_db()
    assert asha.extension == "201"


def test_a_desk_without_a_phone_is_left_alone(db):
    desk = make_desk("sparkrock")
    make_calls(desk, [make_agent(desk)], [], at=timezone.now())
    assert not Call.objects.exists()
