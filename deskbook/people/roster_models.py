"""Rosters: who is at work when, who is away, who changes with whom, and what was announced
ahead.
"""

from django.db import models

from deskbook.people.models import Agent, HelpDesk


class Shift(models.Model):
    """A time at work for a team, half open. Without a person it is still to be filled."""

    desk = models.ForeignKey(HelpDesk, on_delete=models.CASCADE, related_name="shifts")
    agent = models.ForeignKey(
        Agent, null=True, blank=True, on_delete=models.CASCADE, related_name="shifts"
    )
    team = models.CharField(max_length=64)
    place = models.CharField(max_length=64, blank=True)
    """Narrows it to one site; empty is everywhere."""
    from_at = models.DateTimeField()
    until_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until_at__gt=models.F("from_at")), name="shift_has_a_length"
            ),
            models.UniqueConstraint(
                fields=["agent", "team", "from_at"], name="one_shift_per_start"
            ),
        ]
        indexes = [models.Index(fields=["desk", "team", "until_at"], name="shifts_by_end")]


class Leave(models.Model):
    """A time a person asks to be away; it counts once a lead has accepted it."""

    class State(models.TextChoices):
        ASKED = "asked"
        ACCEPTED = "accepted"
        DECLINED = "declined"

    desk = models.ForeignKey(HelpDesk, on_delete=models.CASCADE, related_name="+")
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="leave")
    from_at = models.DateTimeField()
    until_at = models.DateTimeField()
    reason = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.ASKED)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until_at__gt=models.F("from_at")), name="leave_has_a_length"
            )
        ]
        indexes = [models.Index(fields=["desk", "state", "until_at"], name="leave_by_end")]


class Swap(models.Model):
    """An offer: `shift` of one person for `other` of another, or for nothing: then it is taken
    over.
    """

    class State(models.TextChoices):
        ASKED = "asked"
        AGREED = "agreed"
        DECLINED = "declined"
        WITHDRAWN = "withdrawn"

    desk = models.ForeignKey(HelpDesk, on_delete=models.CASCADE, related_name="+")
    shift = models.ForeignKey(Shift, on_delete=models.CASCADE, related_name="offers")
    other = models.ForeignKey(
        Shift, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    by = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="swaps_asked")
    to = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="swaps_offered")
    state = models.CharField(max_length=9, choices=State.choices, default=State.ASKED)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["desk", "state"], name="swaps_by_state")]


class RosterNotice(models.Model):
    """A gap or an unfilled shift the leads were told of: once, until it grows."""

    desk = models.ForeignKey(HelpDesk, on_delete=models.CASCADE, related_name="+")
    what = models.CharField(max_length=8)
    """"gap" or "shift"."""
    team = models.CharField(max_length=64)
    place = models.CharField(max_length=64, blank=True)
    from_at = models.DateTimeField()
    until_at = models.DateTimeField()
    announced_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["desk", "what", "team", "place", "from_at", "until_at"],
                name="announced_once",
            )
        ]
