"""The calls that ring at somebody's telephone."""

from datetime import timedelta

from django.utils import timezone

from deskbook.channels.phone.models import Call
from deskbook.people.access import agents_of
from deskbook.people.models import User

LASTS = timedelta(minutes=30)
"""How long a call that nobody logged stays on the screen."""


MOST = 2


def calls_of(user: User) -> list[Call]:
    """Returns the calls on a person's telephone now, at whichever desk, and those just ended and
    not logged yet.
    """
    since = timezone.now() - LASTS
    calls = Call.objects.filter(agent__in=agents_of(user), settled_at=None, started_at__gt=since)
    calls = calls.exclude(state=Call.State.MISSED).select_related("contact", "desk")
    return list(calls.order_by("-started_at", "-pk")[:MOST])


def rings_for(user: User) -> bool:
    """Whether there is a call to show to somebody who opens a screen."""
    return bool(calls_of(user))
