"""What the API says of itself is what it does: tried with what nobody thought of."""

import time
from collections import Counter
from itertools import cycle

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from deskbook.server.wsgi import application
from deskbook.web.api.acts import DOABLE
from deskbook.web.api.urls import written
from tests.openapi_page import PAGE

SECONDS = 0.4
"""For an address and a method, what is meant and what is not each; at least one is asked."""
EXAMPLES = {"/book/": 1, "/acts/": 60}
"""A book is asked of in a process of its own; acts are many behind one address."""
LONGER = {"/acts/": 10}
CHECKED = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
]


def test_what_stands_in_the_docs_is_what_is_served(client, db):
    served = client.get("/api/v1/openapi.json")
    assert served["Content-Type"] == "application/json"
    assert served.content.decode() == written() == PAGE.read_text(), (
        "python -m tests.openapi_page writes it"
    )


@pytest.fixture
def one_connection():
    """Requests of a test are asked on its connection, which is not to be closed after each."""
    ends = (request_started, request_finished)
    for end in ends:
        end.disconnect(close_old_connections)
    yield
    for end in ends:
        end.connect(close_old_connections)


@pytest.mark.usefixtures("one_connection")
def test_whatever_is_sent_is_answered_as_the_description_says(script, case):
    described = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
    statuses, acts = Counter(), cycle(DOABLE)

    def sent(asked, mode):
        if mode is GenerationMode.POSITIVE:  # else hardly one would be there
            known = {"number": str(case), "key": next(acts)}
            parts = asked.path_parameters or {}
            asked.path_parameters.update({name: known[name] for name in parts if name in known})
        with transaction.atomic():  # what it did is taken back: an error ends nothing else
            answer = asked.call(headers=headers)
            transaction.set_rollback(True)
        asked.validate_response(answer, checks=CHECKED, headers=headers)
        statuses[answer.status_code] += 1

    headers = {"Authorization": f"Bearer {script.secret}", "Accept-Encoding": "identity"}
    for found in described.get_all_operations():
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            tried(found.ok(), mode, sent)
    assert statuses.total() > 100, statuses
    assert {200, 404, 422} <= set(statuses), statuses


def tried(operation, mode, sent):
    """Have one operation sent what hypothesis makes of its description, as long as it may take."""
    examples, longer = (
        _of(operation, table, usual) for table, usual in ((EXAMPLES, 8), (LONGER, 1))
    )
    begun, until = [], time.monotonic() + SECONDS * longer

    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(asked=operation.as_strategy(generation_mode=mode))
    def ask(asked):
        if not begun or time.monotonic() < until:
            begun.append(asked)
            sent(asked, mode)

    ask()


def _of(operation, table, usual):
    return next((n for part, n in table.items() if part in operation.path), usual)
