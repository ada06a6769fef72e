"""What concerns somebody who works at the desk, and which cases they follow without owning them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from deskbook.people.models import Agent
from deskbook.tickets.models import LogEntry, Ticket


class Following(models.Model):
    """An agent who is told of a case as if it were theirs. It is their own matter: the case does
    not change by it, and its log does not say so.
    """

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="+")
    ticket = models.ForeignKey(
        Ticket, on_delete=models.CASCADE, related_name="followings", db_index=False
    )
    since = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ticket", "agent"], name="an_agent_follows_once")
        ]


class Notification(models.Model):
    """That an entry concerns somebody; once for each of them."""

    class Why(models.TextChoices):
        MENTIONED = "mentioned", _("%(who)s mentioned you on %(number)s")
        ASSIGNED = "assigned", _("%(number)s is yours now")
        WROTE = "wrote", _("%(who)s wrote on %(number)s")
        ANSWERED = "answered", _("%(who)s answered %(number)s")
        BACK = "back", _("%(number)s is back")

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="+", db_index=False)
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="+")
    entry = models.ForeignKey(LogEntry, on_delete=models.CASCADE, related_name="+", db_index=False)
    why = models.CharField(max_length=12, choices=Why.choices)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)
    """When it was told on their screens: at once, or as their next shift began."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry", "agent"], name="one_notification_per_entry")
        ]
        indexes = [
            models.Index(fields=["agent", "at"], name="notifications_of"),
            models.Index(
                fields=["agent"],
                condition=models.Q(read_at=None),
                name="notifications_unread",
            ),
        ]
