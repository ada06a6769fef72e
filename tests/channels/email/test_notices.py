"""Mail to people that belongs to no ticket."""

from datetime import UTC, datetime

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from deskbook.channels.email.deliver import deliver
from deskbook.channels.email.held import held_mail
from deskbook.channels.email.models import OutboundMail
from deskbook.channels.email.notices import Notice, queue_notice
from tests.people_factory import MONDAY, make_agent, make_desk

pytestmark = pytest.mark.django_db


def test_a_notice_is_mailed_once_to_each_recipient_and_asks_machines_for_silence(sink):
    desk = make_desk("sparkrock")
    for name in ("asha", "bala", "asha"):
        queue_notice(
            desk, Notice("gap 1", f"{name}@sparkrock.example", "Gap", "Nobody is on."), at=MONDAY
        )
    mails = OutboundMail.objects.order_by("pk")
    assert [m.recipient for m in mails] == ["asha@sparkrock.example", "bala@sparkrock.example"]
    assert b"Auto-Submitted: auto-generated" in bytes(mails[0].raw)
    assert ProcrastinateJob.objects.filter(task_name="deliver_mail").count() == 2
    assert deliver(mails[0].pk, at=MONDAY).state == "sent"


def test_many_notices_at_once_are_not_taken_for_a_loop_of_one_ticket(sink):
    desk = make_desk("sparkrock")
    rows = [
        queue_notice(desk, Notice("your code", f"a{n}@sparkrock.example", "Code", "x"), at=MONDAY)
        for n in range(70)
    ]
    assert {deliver(row.pk, at=MONDAY).state for row in rows} == {"sent"}


def test_a_notice_that_was_held_is_its_own_desks_however_many_desks_its_reader_works_at():
    own, other = make_desk("sparkrock"), make_desk("mukta")
    at_both = [make_agent(own, "Asha"), make_agent(other, "Asha")]
    row = queue_notice(
        own, Notice("gap 1", at_both[0].user.email, "Gap", "Nobody is on."), at=datetime.now(UTC)
    )
    OutboundMail.objects.update(state="held")
    assert [list(held_mail(seat)) for seat in at_both] == [[row], []]
