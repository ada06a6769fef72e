"""A few cases of bench.states: thirty days with a mail server that fails, is slow and refuses."""

import sys
from datetime import timedelta

import pytest

from bench.states import Run, live
from bench.states_count import states_by_title
from deskbook.delivery.states import LEAVES_BY_ITSELF, State
from deskbook.web.console.shared.deliveries import STATE_TITLES

pytestmark = pytest.mark.django_db(transaction=True)


def test_each_message_has_on_its_ticket_the_state_that_the_mail_server_saw_and_nobody_is_closed_untold(
    monkeypatch,
):
    monkeypatch.setattr("deskbook.delivery.patience.LONGEST_PAUSE", timedelta(hours=12))
    found = live(Run(per_day=0.5, slow_s=(0.01, 0.02)))
    sys.stdout.write(f"\n{found}\n")
    assert not found.wrong, str(found)
    assert found.closed
    assert len(found.messages) > 3  # not all of them went well
    assert found.messages.keys().isdisjoint(LEAVES_BY_ITSELF)  # the desk had done all of it


def test_what_a_timeline_says_of_a_message_that_waits_is_not_taken_for_one_in_hand():
    read = states_by_title()
    titles = {state: title for state, title in STATE_TITLES.items() if state != State.IN_HAND}
    assert {state: read[title] for state, title in titles.items()} == {one: one for one in titles}
