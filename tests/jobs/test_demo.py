"""The demo desk: made once, whole, and as alive as a real one."""

from datetime import UTC, datetime, timedelta

import pytest

from deskbook.channels.email.models import InboundMail, OutboundMail
from deskbook.jobs.demo import make_demo
from deskbook.people.models import Agent, Contact, HelpDesk, User
from deskbook.tickets.models import LogEntry, Ticket
from deskbook.tickets.queues import counts
from deskbook.tickets.verify import broken_links

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 19, 16, 0, tzinfo=UTC)  # a Thursday


def test_the_demo_is_made_once_and_looks_like_a_real_week():
    shown = []
    assert make_demo(NOW, lambda share, what: shown.append(share))
    assert shown == sorted(shown)
    assert shown[-1] == 1
    for desk in HelpDesk.objects.all():
        tickets = Ticket.objects.filter(desk=desk)
        still_open = tickets.filter(is_open=True)
        assert tickets.count() > 300
        assert still_open.filter(next_due_at__gt=NOW, next_due_at__lt=NOW + timedelta(days=2)).exists()
        assert still_open.filter(breached=True).exists()
        assert still_open.exclude(waits_for="desk").exists()
        assert not tickets.filter(wake_at__lte=NOW).exists()
        lead = Agent.objects.get(desk=desk, user__email="bala@example.org")
        assert counts(lead)["open"] == still_open.count()
        assert list(broken_links(tickets.order_by("-pk")[:40])) == []
    assert Contact.objects.filter(user__email="chitra@example.org", tickets__isnull=False).exists()
    assert InboundMail.objects.filter(state="quarantined").count() == 2
    assert OutboundMail.objects.filter(state="kept").exists()

    before = LogEntry.objects.count(), User.objects.count()
    assert not make_demo(NOW + timedelta(days=1), lambda share, what: None)
    assert (LogEntry.objects.count(), User.objects.count()) == before
