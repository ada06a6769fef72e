"""What leads ask of another roster, and what came of it."""

from django.db import models

from deskbook.people.models import Agent, HelpDesk


class WhatIf(models.Model):
    """The last four weeks of a desk, lived again by other people: the newest of a desk is kept."""

    class State(models.TextChoices):
        WAITING = "waiting"
        DONE = "done"
        FAILED = "failed"
        """`problem` says why, in its written form (refusals/kept.py)."""

    desk = models.OneToOneField(HelpDesk, on_delete=models.CASCADE, related_name="what_if")
    by = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="+")
    asked_at = models.DateTimeField()
    more = models.JSONField(default=dict)
    """Team → how many more of it, or fewer."""
    roster = models.TextField(blank=True)
    """Shifts as CSV, in place of those of its teams."""
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    run = models.PositiveSmallIntegerField(default=0)
    """How many runs are done, of `runs`."""
    runs = models.PositiveSmallIntegerField(default=0)
    problem = models.TextField(blank=True)
    first = models.DateField(null=True)
    last = models.DateField(null=True)
    numbers = models.JSONField(default=list)
    """Of each: what, of, and as it was and would have been: the mean and its two ends."""
