"""What a browser was sent to a provider with is good in that browser, once, and for a while."""

import pytest
from django.test import RequestFactory

from deskbook.people.openid import newly_asked
from deskbook.web.shared.there_and_back import GOOD_FOR_S, come_back, remember


def coming(session, **brought):
    """Return the request of a browser with this session."""
    request = RequestFactory().get("/", brought)
    request.session = session
    return request


@pytest.fixture
def sent():
    """Return what a browser was sent with, and its session."""
    session, asked = {}, newly_asked()
    remember(coming(session), "there", asked, way="/console/")
    return asked, session


def test_who_comes_back_is_known_with_what_was_remembered_and_once(sent):
    asked, session = sent
    came = come_back(coming(session, state=asked.state), "there")
    assert (came.asked, came.more, came.is_refused) == (asked, {"way": "/console/"}, False)
    assert come_back(coming(session, state=asked.state), "there") is None


def test_that_the_provider_says_no_counts_where_it_was_asked_alone(sent):
    asked, session = sent
    other = {}
    no = {"state": asked.state, "error": "access_denied"}
    assert come_back(coming(other, **no), "there") is None
    assert come_back(coming(session, **no), "there").is_refused


@pytest.mark.parametrize("state", ["", "guessed", "ü"])
def test_another_state_is_of_another_window(sent, state):
    assert come_back(coming(sent[1], state=state), "there") is None


def test_who_takes_too_long_begins_again(sent):
    asked, session = sent
    session["there"]["since"] -= GOOD_FOR_S + 1
    assert come_back(coming(session, state=asked.state), "there") is None


def test_who_was_sent_by_the_version_before_begins_again(sent):
    asked, _session = sent
    before = {"there": {"state": asked.state, "nonce": "n", "verifier": "v"}}
    assert come_back(coming(before, state=asked.state), "there") is None
