"""Phones that were without a line all day send over real connections, at once, twice and in any
order.
"""

import random
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from django.utils import timezone

from deskbook.channels.digit.doors import Told, make_door
from deskbook.channels.digit.models import DigitComplaint
from deskbook.tickets.models import Ticket
from tests.channels.digit.field_app import payload
from tests.people_factory import make_agent, make_desk

PHONES = 12


@pytest.fixture
def gateway(live_desk):
    """A client that sends as DIGIT's gateway does."""
    omar = make_agent(make_desk("salama"), "Omar", "owner")
    told = Told("Field app", "complaints module", "campaign", "mz")
    door, token = make_door(omar, told, at=timezone.now())
    address = f"{live_desk}/hooks/digit/salama/{door.key}/pgr-services/v2/request/"
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=address, headers=headers, timeout=60) as client:
        yield client


def test_each_complaint_is_one_case(gateway):
    sent = [payload(number=number) for number in range(PHONES)] * 2
    random.Random(7).shuffle(sent)
    with ThreadPoolExecutor(6) as phones:
        answers = list(phones.map(lambda said: gateway.post("_create", json=said), sent))
    assert {answer.status_code for answer in answers} == {200}
    told = {}
    for said, answer in zip(sent, answers, strict=True):
        [wrapped] = answer.json()["ServiceWrappers"]
        mark, service = said["service"]["clientReferenceId"], wrapped["service"]
        told.setdefault(mark, set()).add((service["serviceRequestId"], service["id"]))
    assert {len(numbers) for numbers in told.values()} == {1}
    assert len(told) == Ticket.objects.count() == DigitComplaint.objects.count() == PHONES
    found = gateway.post(
        "_search", params={"tenantId": "mz", "limit": 200}, json={"RequestInfo": {}}
    )
    assert len(found.json()["ServiceWrappers"]) == PHONES
