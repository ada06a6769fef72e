"""A field worker of the campaign complains in her app, the help desk in Nampula helps, and the app
sees it.
"""

from datetime import timedelta

import pytest
from django.utils import timezone

from deskbook.engine.procedures import open_steps
from deskbook.people.books import desk_in_force
from deskbook.people.roster_models import Shift
from deskbook.tickets.assignment import take_ticket
from deskbook.tickets.conversation import answer_ticket
from deskbook.tickets.messages import Written
from deskbook.tickets.models import Ticket
from deskbook.tickets.procedure import tick_step
from deskbook.tickets.state import state_of
from tests.people_factory import BOOKS, make_desk

pytestmark = pytest.mark.django_db
PROMISE = "targets:\n  - { team: help desk, answer: 4h, from: arrival }\n\n"


@pytest.fixture
def salama(db):
    """Salama's book with the campaign of today, hours round the clock and a promise of four
    hours.
    """
    today = timezone.now()
    text = (BOOKS / "salama.yaml").read_text()
    swaps = (
        ("start: 2023-08-07", f"start: {today - timedelta(days=2):%Y-%m-%d}"),
        ("distribution: 2023-08-14", f"distribution: {today + timedelta(days=6):%Y-%m-%d}"),
        ("every day: 06:00-24:00", "every day: 00:00-24:00"),
        ("stages:\n", f"{PROMISE}stages:\n"),
    )
    for old, new in swaps:
        assert old in text
        text = text.replace(old, new, 1)
    return make_desk("salama", text)


def test_her_complaint_has_its_clock_is_resolved_and_her_app_sees_it(asha, send, search):
    service = send()
    ticket = Ticket.objects.get()
    assert ticket.team == "help desk"
    assert ticket.next_due_at - ticket.opened_at == timedelta(hours=4)
    [waiting] = search(f"tenantId=mz&serviceRequestId={service['serviceRequestId']}")
    assert waiting["applicationStatus"] == "PENDING_ASSIGNMENT"

    helps(ticket, by=asha)
    [resolved] = search("tenantId=mz&applicationStatus=RESOLVED")
    assert resolved["serviceRequestId"] == service["serviceRequestId"] == str(ticket)
    assert resolved["auditDetails"]["lastModifiedTime"] >= waiting["auditDetails"]["createdTime"]
    assert search("tenantId=mz&applicationStatus=PENDING_ASSIGNMENT") == []


def helps(ticket, *, by):
    """On her shift she takes the case, does what the book prescribes, answers and resolves it."""
    now = timezone.now()
    hour = timedelta(hours=1)
    Shift.objects.create(
        desk=by.desk, agent=by, team="help desk", from_at=now - hour, until_at=now + hour
    )
    take_ticket(ticket, at=now, by=by)
    for step in open_steps(desk_in_force(by.desk), state_of(Ticket.objects.get())):
        tick_step(ticket, step.key, at=now, by=by)
    words = Written("Try it on the other network.")
    answer_ticket(ticket, words, then_stage="resolved", at=now, by=by)
