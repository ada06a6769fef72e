"""A desk's link to a Jira project: what is mirrored, what waits to go there, what came from
there.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from deskbook.delivery.models import Arrival, Departure
from deskbook.people.models import HelpDesk
from deskbook.tickets.models import Attachment, LogEntry, Message, Ticket


class JiraLink(models.Model):
    """One account at one project, for all the people of a desk. Secrets are sealed
    (people.sealing).
    """

    desk = models.OneToOneField(HelpDesk, on_delete=models.CASCADE, related_name="jira")
    active = models.BooleanField(default=True)
    base_url = models.CharField(max_length=300)
    project = models.CharField(max_length=64)
    issue_type = models.CharField(max_length=64, default="Task")
    cloud = models.BooleanField(default=True)
    """Jira Cloud: Basic with a mail address and an API token. Otherwise Data Center: a personal
    access token.
    """
    account = models.CharField(max_length=254, blank=True)
    token = models.TextField(blank=True)
    webhook_secret = models.TextField(blank=True)
    account_id = models.CharField(max_length=128, blank=True)
    """Who we are there, as Jira said: what this account does is not told back to us."""
    teams = ArrayField(models.CharField(max_length=64), default=list)
    """Cases that reach one of these become issues."""
    share_answers = models.BooleanField(default=True)
    """What the desk answers and the requester writes becomes a comment; notes only when they are
    written for Jira.
    """
    stages = models.JSONField(default=dict)
    """Stage → status there."""
    statuses = models.JSONField(default=dict)
    """Status there → stage."""
    priorities = models.JSONField(default=dict)
    """Severity → priority there."""
    trouble = models.TextField(blank=True)
    """Why nothing works at all (a token that ended); empty once something did."""
    heard_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()


class JiraIssue(models.Model):
    """A case that is an issue there, or is about to be."""

    link = models.ForeignKey(JiraLink, on_delete=models.CASCADE, related_name="issues")
    ticket = models.OneToOneField(Ticket, on_delete=models.PROTECT, related_name="jira_issue")
    key = models.CharField(max_length=64, blank=True, db_index=True)
    status = models.CharField(max_length=120, blank=True)
    synced_at = models.DateTimeField(null=True)
    gone = models.BooleanField(default=False)
    """Deleted there."""


class JiraAct(Departure):
    """One thing to do there. The acts of an issue are done one after the other, in the order of
    their ids.
    """

    class Kind(models.TextChoices):
        CREATE = "create"
        COMMENT = "comment"
        ATTACH = "attach"
        MOVE = "move"

    issue = models.ForeignKey(JiraIssue, on_delete=models.CASCADE, related_name="acts")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    key = models.CharField(max_length=80, unique=True)
    """What it follows from: asked for twice it is one."""
    entry = models.ForeignKey(LogEntry, null=True, on_delete=models.PROTECT, related_name="+")
    message = models.ForeignKey(Message, null=True, on_delete=models.SET_NULL, related_name="+")
    attachment = models.ForeignKey(
        Attachment, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    stage = models.CharField(max_length=64, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["next_try_at"],
                condition=models.Q(state__in=["queued", "sending"]),
                name="jira_acts_due",
            ),
            models.Index(
                fields=["issue", "id"], condition=~models.Q(state="sent"), name="jira_acts_not_done"
            ),
        ]


class JiraEvent(Arrival):
    """Something Jira told us, stored before it is understood. The same event again is the
    same row.
    """

    link = models.ForeignKey(JiraLink, on_delete=models.CASCADE, related_name="events")
    mark = models.CharField(max_length=128)
    """X-Atlassian-Webhook-Identifier, else the digest."""
    digest = models.CharField(max_length=64)
    """SHA-256 of the body: the identifier is not signed, so the same body under another one is the
    same event.
    """
    payload = models.JSONField()
    ticket = models.ForeignKey(Ticket, null=True, on_delete=models.SET_NULL, related_name="+")
    what = models.CharField(max_length=300, blank=True)
    """What happened there, as a sentence."""
    came_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["link", "mark"], name="one_row_per_jira_event"),
            models.UniqueConstraint(fields=["link", "digest"], name="one_row_per_jira_event_body"),
        ]
        indexes = [
            models.Index(
                fields=["link", "-came_at"],
                condition=models.Q(state="held"),
                name="jira_events_held",
            )
        ]
