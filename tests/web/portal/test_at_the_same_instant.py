"""A slow line, an impatient thumb: the same form arrives twice at once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from deskbook.tickets.models import Message, Ticket
from tests.web.portal.conftest import make_cast, signed_in

GOOD = {
    "subject": "The bank run",
    "text": "Totals differ.",
    "severity": "s2",
    "client_key": "a" * 32,
}


@pytest.fixture
def cast(transactional_db):
    return make_cast()


def sent_at_once(cast, address, typed, times=4):
    clients, together = [signed_in(cast.chitra) for _ in range(times)], Barrier(times)

    def send(client):
        together.wait()
        try:
            return client.post(address, typed).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(send, clients))


def test_a_case_sent_four_times_at_once_is_one_case(cast):
    assert sent_at_once(cast, "/desk/sparkrock/cases/new/", GOOD) == [302] * 4
    assert (Ticket.objects.count(), Message.objects.count()) == (1, 1)


def test_an_answer_sent_four_times_at_once_is_one_message(cast):
    address = f"/desk/sparkrock/cases/{cast.case()}/answer/"
    assert sent_at_once(cast, address, {"text": "Batch 12.", "client_key": "b" * 32}) == [302] * 4
    assert Message.objects.filter(text="Batch 12.").count() == 1
