"""Two desks with everything, made once for all who try to get in; what a request changes is taken
back after it.
"""

from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookies import SimpleCookie

import pytest
from django.db import connection, transaction
from django.test import Client

from tests.web.outsiders.table import ROLES
from tests.web.outsiders.whole_desk import Whole, ids_far_away, whole_desk


@dataclass
class Answer:
    """What came back, and what was written meanwhile."""

    status: int
    leads_to: str
    body: bytes
    writes: list = field(default_factory=list)
    """Statements with their parameters, without those of sessions and of counts of tries."""

    @property
    def letter(self):
        to_sign_in = b'href="/account/login/?next=/'  # below the words that were typed
        if self.status == 302 and self.leads_to.startswith("/account/login/"):
            return "i"
        if self.status == 403 and to_sign_in in self.body:
            return "i"
        return {401: "f", 403: "f", 404: "n", 405: "m"}.get(
            self.status, "o" if self.status < 500 else str(self.status)
        )


@dataclass
class Desks:
    home: Whole
    """The desk that is tried; its words hold "Quokka", its ids are unlike all others."""
    away: Whole
    """The desk of the stranger, who is its owner: of what an outsider may be, the most."""

    def person(self, role):
        return self.away.people["owner"] if role == "stranger" else self.home.people.get(role)

    def client(self, role):
        client = Client(raise_request_exception=False)
        if role != "nobody":
            client.force_login(self.person(role), "django.contrib.auth.backends.ModelBackend")
        return client


@pytest.fixture(scope="package")
def desks(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        away = whole_desk("away", "Wombat", "annex")
        with ids_far_away():
            home = whole_desk("home", "Quokka", "hall")
        yield Desks(home, away)
        transaction.set_rollback(True)


@pytest.fixture(scope="package")
def clients(desks):
    return {role: desks.client(role) for role in ROLES}


def ask(client, method, address, said=""):
    """Return the answer to one request; nothing of it stays."""
    kept, writes = SimpleCookie(client.cookies.output(header="", sep=";")), []
    with transaction.atomic(), _watching(writes):
        response = client.generic(
            method, address, said, content_type="application/x-www-form-urlencoded"
        )
        stream = "event-stream" in response.headers.get("Content-Type", "")
        body = b"" if stream else b"".join(response) + repr(response.headers).encode()
        transaction.set_rollback(True)
    client.cookies = kept
    return Answer(response.status_code, response.headers.get("Location", ""), body, writes)


@contextmanager
def _watching(writes):
    """Note each statement that writes; those of sessions and tries say nothing of anybody's
    things.
    """

    def note(execute, sql, params, many, context):
        begins, target = sql.split(None, 1)[0].lower(), sql.split("(", 1)[0]
        if begins in ("insert", "update", "delete") and not any(
            table in target for table in ("session", "tries")
        ):
            writes.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield
