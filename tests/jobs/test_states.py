"""A few cases of bench.states: thirty days with a mail server that fails, is slow and refuses."""

import sys
from datetime import timedelta

import pytest

from bench.states import Run, live

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
