"""Salama's field app and Odisha's citizens, by the payloads of DIGIT's contract."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from deskbook.channels.digit.doors import Told, make_door
from deskbook.channels.digit.taking import take_complaint
from deskbook.tickets.conversation import answer_ticket
from deskbook.tickets.messages import Written
from deskbook.tickets.models import Ticket
from deskbook.tickets.stages import close_ticket
from tests.channels.digit.field_app import payload
from tests.people_factory import BOOKS, make_agent, make_desk

A_YEAR = "\nreopening: { within: 30d }\nkeep:\n  - { what: cases, for: 1y }\n"
CELIA = {"mobileNumber": "843334445", "userName": "843334445", "type": "CITIZEN"}
CODES = {
    "SyncNotWorking": {"category": "technical query", "type": "incident"},
    "UserAccountIssue": {"category": "user account", "severity": "critical"},
}


@pytest.fixture
def salama(db):
    return make_desk("salama", (BOOKS / "salama.yaml").read_text() + A_YEAR)


@pytest.fixture
def omar(salama):
    return make_agent(salama, "Omar", "owner", ("help desk",))


@pytest.fixture
def asha(salama):
    return make_agent(salama, "Asha", "agent", ("help desk",))


@pytest.fixture
def made(omar, asha):
    told = Told("Field app", "complaints module", "campaign", "mz")
    door, token = make_door(omar, told, at=timezone.now())
    door.services = CODES
    door.people = {"asha.n": asha.pk}
    door.save()
    return door, token


@pytest.fixture
def door(made):
    return made[0]


@pytest.fixture
def ask(client, made):
    """Return a function that asks the door as a gateway does, and returns what it answers."""
    door, token = made

    def ask(what, said, *, token=token, query="", status=200):
        answer = client.post(
            f"/hooks/digit/{door.desk.key}/{door.key}/pgr-services/v2/request/{what}{query}",
            said if isinstance(said, str | bytes) else json.dumps(said),
            content_type="application/json",
            headers={"Authorization": f"Bearer {token}"} if token else {},
        )
        assert answer.status_code == status, answer.content
        return answer.json()

    return ask


@pytest.fixture
def send(ask):
    """Return a function that sends a complaint and returns its service."""

    def send(flavour="campaign", **changed):
        answer = ask("_create", payload(flavour, **changed))
        [wrapped] = answer["ServiceWrappers"]
        return wrapped["service"]

    return send


@pytest.fixture
def act(ask):
    """Return a function that does something to a complaint as a user of DIGIT."""

    def act(service, action, user=None, *, status=200, rating=None, **workflow):
        said = {
            "RequestInfo": {"userInfo": user or {"userName": "asha.n", "type": "EMPLOYEE"}},
            "service": {**service, **({"rating": rating} if rating else {})},
            "workflow": {"action": action, "assignes": [], **workflow},
        }
        answer = ask("_update", said, status=status)
        return answer if status != 200 else answer["ServiceWrappers"][0]["service"]

    return act


@pytest.fixture
def search(ask):
    """Return a function that searches and returns the services found."""

    def search(query, user=None):
        said = {"RequestInfo": {"userInfo": user or {"type": "EMPLOYEE"}}}
        answer = ask("_search", said, query=f"?{query}")
        return [wrapped["service"] for wrapped in answer["ServiceWrappers"]]

    return search


@pytest.fixture
def followed(asha, door, act):
    """A complaint of two years ago, closed for good and followed by a case of today."""
    said, day = payload(serviceCode="Other"), timedelta(days=1)
    came_at = timezone.now() - 730 * day
    complaint = take_complaint(door, said, json.dumps(said).encode(), at=came_at)
    ticket = complaint.ticket
    done = Written("Done.")
    answer_ticket(ticket, done, then_stage="resolved", at=came_at + day, by=asha)
    close_ticket(Ticket.objects.get(), at=came_at + 2 * day, by=asha)
    return act({**said["service"], "id": str(complaint.uuid)}, "REOPEN", CELIA, comments="Again")
