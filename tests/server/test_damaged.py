"""What no column can hold is answered with a page, never with a broken one; what fills a disk is
not even read.
"""

import asyncio

import pytest
from django.test import Client

from deskbook.people.models import Contact
from deskbook.server import asgi
from tests.people_factory import make_agent, make_desk

pytestmark = pytest.mark.django_db


def at_work(user):
    client = Client(raise_request_exception=False)
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client


@pytest.mark.parametrize("query", ["queue=open&severity=%00", "queue=team:%00"])
def test_a_list_asked_for_with_what_no_column_holds_says_so(query):
    answer = at_work(make_agent(make_desk()).user).get(f"/console/?{query}")
    assert answer.status_code == 400
    assert "what you typed is still there" in answer.content.decode()


def test_a_requester_called_by_more_than_an_address_holds_is_no_broken_page():
    given = {"requester": f"{'a' * 300}@far.example", "text": "It rings", "channel": "phone"}
    answer = at_work(make_agent(make_desk()).user).post("/console/tickets/new", given)
    assert answer.status_code == 422
    assert "give an address or a number" in answer.content.decode()
    assert not Contact.objects.exists()  # the last letters of an address are somebody else's


@pytest.mark.parametrize(
    ("path", "length"),
    [
        ("/account/login/code/", asgi.LARGEST_REQUEST + 1),
        ("/live/tickets/SPR-1/presence", asgi.LARGEST_TO_STREAMS + 1),
    ],
)
def test_a_request_that_would_fill_the_disk_is_refused_unread(path, length):
    said = []

    async def read():
        raise AssertionError("it was read")

    async def send(part):
        said.append(part)

    headers = [(b"content-length", b"%d" % length)]
    asyncio.run(
        asgi.application(
            {"type": "http", "method": "POST", "path": path, "headers": headers}, read, send
        )
    )
    assert said[0]["status"] == 413
