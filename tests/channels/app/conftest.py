"""Kerala's treasuries: SPARK's login page opens cases for who signed in there."""

import json

import pytest
from django.utils import timezone

from deskbook.channels.app.systems import Told, make_system
from tests.channels.app.other_system import running_system, signed
from tests.people_factory import BOOKS, make_agent, make_desk

BOOK = (BOOKS / "sparkrock.yaml").read_text()
CHANNELS = "channels:\n"
LEELA = {"id": "512345", "name": "Leela", "mail": "leela@school.example"}


@pytest.fixture
def desk(db):
    assert BOOK.count(CHANNELS) == 1
    return make_desk(
        "sparkrock", BOOK.replace(CHANNELS, f"{CHANNELS}  login page: {{ by: app }}\n")
    )


@pytest.fixture
def asha(desk):
    return make_agent(desk, "Asha", "owner")


@pytest.fixture
def there(settings):
    settings.DESKBOOK_PRIVATE_HOSTS = ("127.0.0.0/8",)
    with running_system() as running:
        yield running


@pytest.fixture
def made(asha, there):
    """The system, and its secret."""
    told = Told("SPARK login page", "login page", there.address)
    return make_system(asha, told, at=timezone.now())


@pytest.fixture
def login_page(made):
    return made[0]


@pytest.fixture
def secret(made):
    return made[1]


@pytest.fixture
def post(client, secret):
    """Return a function that sends a signed request and returns the answer."""

    def send(type_, data, *, key=None, body=None, headers=None, **more):
        body = json.dumps({"type": type_, "data": data}) if body is None else body
        given = headers if headers is not None else signed(key or secret, body, **more)
        return client.post(
            "/hooks/app/sparkrock/spark-login-page/",
            body,
            content_type="application/json",
            headers=given,
        )

    return send


@pytest.fixture
def opened(post):
    """Return a function that opens a case for Leela and returns what was answered."""

    def open_(**more):
        data = {"person": LEELA, "subject": "No access", "text": "I cannot sign in.", **more}
        answer = post("case.open", data)
        assert answer.status_code == 200, answer.content
        return answer.json()

    return open_
