"""Tables of what requesters thought of a case, and of what the desk makes better because of it."""

from django.db import models
from django.db.models.functions import Lower

from deskbook.people.models import Agent, Contact, HelpDesk
from deskbook.tickets.models import LogEntry, Ticket


class Rating(models.Model):
    """What a contact thought of one closing of a ticket. Their words stay out of the log: they may
    change them.
    """

    class Value(models.TextChoices):
        GOOD = "good"
        SO_SO = "so-so"
        BAD = "bad"

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="ratings")
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="ratings")
    closing = models.ForeignKey(LogEntry, on_delete=models.PROTECT, related_name="+")
    value = models.CharField(max_length=5, choices=Value.choices)
    comment = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contact", "closing"], name="one_rating_per_closing")
        ]
        indexes = [
            models.Index(fields=["ticket", "-at"], name="ratings_of_ticket"),
            models.Index(fields=["-at", "-id"], name="ratings_latest"),
        ]


class Finding(models.Model):
    """Something to make better, found in tickets. Its title is how agents find it again."""

    class State(models.TextChoices):
        OPEN = "open"
        DOING = "doing"
        DONE = "done"
        DECLINED = "declined"

    desk = models.ForeignKey(HelpDesk, on_delete=models.PROTECT, related_name="findings")
    title = models.CharField(max_length=200)
    theme = models.CharField(max_length=100, blank=True)
    text = models.TextField(blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    made_by = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint("desk", Lower("title"), name="one_finding_per_title")
        ]

    def __str__(self) -> str:
        return self.title


class FindingTicket(models.Model):
    """A ticket that shows a finding."""

    finding = models.ForeignKey(Finding, on_delete=models.CASCADE, related_name="links")
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="findings")
    made_by = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    text = models.TextField(blank=True, default="", db_default="")
    """What its ticket says of a finding that was there already."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["finding", "ticket"], name="found_once_in_a_ticket")
        ]
