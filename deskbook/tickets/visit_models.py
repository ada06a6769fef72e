"""Dated visits as calendars and the search for free days read them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from deskbook.people.models import HelpDesk
from deskbook.tickets.models import Ticket


class DatedVisit(models.Model):
    """A dated visit, as the state of its ticket says. Only `visit_rows.py` writes it, in the act's
    transaction.
    """

    class State(models.TextChoices):
        DATED = "dated"
        CALLED_OFF = "called off"
        CARRIED_OUT = "carried out"
        REPORTED = "reported"

    desk = models.ForeignKey(HelpDesk, on_delete=models.CASCADE, related_name="+")
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="dated_visits")
    visit = models.CharField(max_length=16)
    """Its id in the log of the ticket."""
    from_at = models.DateTimeField()
    until_at = models.DateTimeField()
    people = ArrayField(models.BigIntegerField(), default=list)
    """Ids of the agents who go."""
    left_out = ArrayField(models.BigIntegerField(), default=list, blank=True)
    """Ids of those who were to go before it was moved."""
    place = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.DATED)
    suits = models.BooleanField(null=True)
    """What the office said of the date; None: nothing yet."""
    expected = models.PositiveIntegerField(null=True)
    attended = models.PositiveIntegerField(null=True)
    sequence = models.PositiveIntegerField(default=0)
    """Of its entry in calendars (RFC 5545, 3.8.7.4)."""
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ticket", "visit"], name="one_row_per_visit"),
            models.CheckConstraint(
                condition=models.Q(until_at__gt=models.F("from_at")), name="visit_has_a_length"
            ),
        ]
        indexes = [models.Index(fields=["desk", "until_at"], name="visits_by_end")]

    @property
    def is_on(self) -> bool:
        """Whether those who go are away then: everything but a visit that was called off."""
        return self.state != self.State.CALLED_OFF
