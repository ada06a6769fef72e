"""Telephone systems send the same thing twice at once, and callers ring twice at once."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from deskbook.channels.phone.models import Call, CallEvent
from deskbook.channels.phone.taking_in import take_in_event
from deskbook.channels.phone.told import Told
from deskbook.tickets.call_back_models import CallBack
from deskbook.tickets.models import Ticket
from tests.channels.phone.test_what_calls_become import NIGHT
from tests.people_factory import make_desk


@pytest.mark.parametrize("calls", [("c1",) * 6, ("c1", "c2", "c3", "c1", "c2", "c3")])
def test_missed_calls_of_one_caller_at_once_are_one_case_with_one_call_back(
    transactional_db, calls
):
    desk = make_desk("spark")

    def told(call_id):
        try:
            take_in_event(
                desk, Told("pbx", call_id, "missed", NIGHT, caller="9447012345"), at=NIGHT
            )
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        list(pool.map(told, calls))
    assert Call.objects.count() == CallEvent.objects.count() == len(set(calls))
    assert (Ticket.objects.count(), CallBack.objects.count()) == (1, 1)
    assert Ticket.objects.get().log.filter(kind="CustomerWrote").count() == len(set(calls)) - 1
