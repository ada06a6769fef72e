"""What no column can hold is answered with a page, never with a broken one."""

import pytest
from django.test import Client

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
    assert answer.status_code == 400
