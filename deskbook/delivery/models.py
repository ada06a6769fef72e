"""The columns that all that leaves, and all that came, has in common; each channel adds its own.

Tables of their own and not one for all: docs/decisions/0022.
"""

from django.db import models

from deskbook.delivery.states import State, Taken
from deskbook.people.models import Agent, HelpDesk


class Departure(models.Model):
    """Something that is to leave the desk, once, to one address."""

    state = models.CharField(max_length=10, default=State.WAITING)
    reason = models.TextField(blank=True)
    """Why it waits, is held or did not leave, as it is kept (refusals/kept.py)."""
    attempts = models.PositiveSmallIntegerField(default=0)
    queued_at = models.DateTimeField()
    """Since when it is to leave: anew when a person sends it again."""
    next_try_at = models.DateTimeField(null=True)
    """Not before then; of one in hand, until when the worker is believed to have it."""
    tried_at = models.DateTimeField(null=True)
    """When a worker took it in hand last."""
    sent_at = models.DateTimeField(null=True)
    """When it was handed over."""
    ended_at = models.DateTimeField(null=True)
    """When it arrived, came back or was given up."""
    dropped_by = models.CharField(max_length=80, blank=True, default="", db_default="")
    """Who decided that it does not leave ("agent:7"); empty where nobody did."""
    may_be_there = models.BooleanField(default=False, db_default=False)
    """Whoever it was given to fell silent over it once, or a worker died that had it in hand."""
    wanted = models.BooleanField(default=False, db_default=False)
    """Somebody who looked at it asked for it to leave, once it was left over."""

    class Meta:
        abstract = True


class Connected(models.Model):
    """Something of others that an owner connected with a desk, until it is ended."""

    name = models.CharField(max_length=60)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True


class Endpoint(Connected):
    """An address of others that a desk tells things by Standard Webhooks, and what proves who
    speaks (delivery/endpoints.py).
    """

    desk = models.ForeignKey(HelpDesk, on_delete=models.CASCADE, related_name="+")
    address = models.CharField(max_length=500, blank=True)
    """Where it is told; empty: it asks."""
    secret = models.TextField()
    """Sealed: see people.sealing. Shown once, when it is made."""
    old_secret = models.TextField(blank=True, default="")
    """The one before, sealed; valid beside the new one until `old_until`."""
    old_until = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=300, blank=True, default="")
    """Why it takes nothing from the desk now; empty when all is well."""

    class Meta:
        abstract = True


class Arrival(models.Model):
    """Something that came, kept before anything is understood of it."""

    state = models.CharField(max_length=12, default=Taken.NEW)
    reason = models.TextField(blank=True)
    """Why it is held, or nothing for the desk, as it is kept."""
    dropped_by = models.CharField(max_length=80, blank=True, default="", db_default="")
    """Who decided that it becomes nothing ("agent:7"), until it is taken back."""
    dropped_why = models.TextField(blank=True, default="", db_default="")
    """What they typed for a reason."""

    class Meta:
        abstract = True
