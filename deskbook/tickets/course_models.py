"""How each case went, narrow enough that a year of them is counted while somebody waits."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from deskbook.people.models import HelpDesk
from deskbook.tickets.models import Ticket


class Course(models.Model):
    """What reports count of a ticket. A trigger of the database keeps it by the ticket's row
    (migration 0078): nothing else writes it.
    """

    ticket = models.OneToOneField(
        Ticket, primary_key=True, on_delete=models.CASCADE, related_name="course"
    )
    desk = models.ForeignKey(HelpDesk, on_delete=models.CASCADE, related_name="+", db_index=False)
    opened_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    """When it was answered first."""
    solved_at = models.DateTimeField(null=True)
    """Since when it is solved, where it is."""
    ended_at = models.DateTimeField(null=True)
    """When it was closed, redirected or merged, where it is."""
    outcome = models.CharField(max_length=10, blank=True)
    waits_for = models.CharField(max_length=16)
    team = models.CharField(max_length=64, blank=True)
    severity = models.CharField(max_length=32, blank=True)
    category = models.CharField(max_length=64, blank=True)
    kind = models.CharField(max_length=64, blank=True)
    place = models.CharField(max_length=64, blank=True)
    channel = models.CharField(max_length=64)
    plan = models.CharField(max_length=64, blank=True)
    """The case's own."""
    owner_id = models.BigIntegerField(null=True)
    """Id of the agent."""
    facets = models.JSONField(default=dict)
    """What the book's targets may ask about it."""
    missed = ArrayField(models.CharField(max_length=48), default=list)
    """Clocks whose limit it passed: "response", "resolve", "team:1"."""
    imported = models.BooleanField(default=False)
    """It came from another system: no time of the book was set for what was before."""
    visits = models.JSONField(default=list)
    """Its times with teams, in order: [team, seconds until it left or ended; null while there]."""

    class Meta:
        indexes = [
            models.Index(fields=["desk", "opened_at"], name="courses_by_opening"),
            models.Index(
                fields=["desk", "solved_at"],
                condition=models.Q(solved_at__isnull=False),
                name="courses_by_solving",
            ),
        ]
