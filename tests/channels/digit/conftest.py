"""Salama's field app and Odisha's citizens, by the payloads of DIGIT's contract."""

import json

import pytest
from django.utils import timezone

from deskbook.channels.digit.doors import Told, make_door
from tests.channels.digit.field_app import payload
from tests.people_factory import make_agent, make_desk

CODES = {
    "SyncNotWorking": {"category": "technical query", "type": "incident"},
    "UserAccountIssue": {"category": "user account", "severity": "critical"},
}


@pytest.fixture
def salama(db):
    return make_desk("salama")


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
