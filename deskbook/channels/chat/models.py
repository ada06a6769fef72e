"""Chats, who helps in them, and tries to be somebody."""

from datetime import timedelta

from django.db import models

from deskbook.people.models import Agent, Contact, HelpDesk
from deskbook.tickets.models import Ticket


class ChatSession(models.Model):
    """One chat of one visitor. What is said is on its ticket; here is only where the two are."""

    GONE_AFTER = timedelta(seconds=45)
    """Who was not heard of for so long is not at the other end."""

    class State(models.TextChoices):
        WAITING = "waiting"
        OPEN = "open"
        ENDED = "ended"

    class Ended(models.TextChoices):
        """By whom."""

        VISITOR = "visitor"
        OPERATOR = "operator"
        PARTED = "parted"
        """Nobody: the visitor takes no part in the case any more."""
        GONE = "gone"
        """Nobody: the line was cut and nobody came back."""

    desk = models.ForeignKey(HelpDesk, on_delete=models.CASCADE, related_name="chats")
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="chats")
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="chats")
    came_as = models.CharField(max_length=254, blank=True, default="")
    """The PEN, number or address by which the visitor proved who they are; empty for a name alone.
    """
    channel = models.CharField(max_length=64)
    """The book's key of the channel."""
    token_hash = models.CharField(max_length=64, unique=True)
    """SHA-256 of the secret the visitor's device chose."""
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    operator = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="chats")
    meant_for = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="+")
    """Whom it was passed on to, while it waits for them."""
    passed_at = models.DateTimeField(null=True)
    language = models.CharField(max_length=8, default="en")
    zone = models.CharField(max_length=64, blank=True)
    """IANA zone of the visitor's device."""
    began_at = models.DateTimeField()
    queued_at = models.DateTimeField()
    """Its place in the queue: a chat that comes back keeps the place it had."""
    taken_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=8, choices=Ended.choices, blank=True, default="")
    seen_at = models.DateTimeField()
    """When the visitor's device was last heard of."""
    got = models.BigIntegerField(default=0)
    """Id of the last log entry the visitor's device has said it has."""
    visitor_read = models.BigIntegerField(default=0)
    operator_read = models.BigIntegerField(default=0)
    pace_from_at = models.DateTimeField()
    paced = models.PositiveIntegerField(default=0)
    """Lines since `pace_from_at`: nobody types hundreds a minute."""

    class Meta:
        indexes = [
            models.Index(
                fields=["desk", "queued_at"],
                condition=~models.Q(state="ended"),
                name="chats_going_on",
            ),
            models.Index(
                fields=["ticket"], condition=~models.Q(state="ended"), name="chat_of_ticket"
            ),
            models.Index(fields=["desk", "taken_at"], name="chats_taken"),
            models.Index(fields=["desk", "ended_at"], name="chats_ended"),
            models.Index(fields=["seen_at"], name="chats_by_seen"),
        ]


class ChatSeat(models.Model):
    """An agent at the chat screen."""

    LASTS = timedelta(seconds=60)
    agent = models.OneToOneField(Agent, on_delete=models.CASCADE, related_name="chat_seat")
    seen_at = models.DateTimeField()


class ChatTry(models.Model):
    """Wrong statements of who one is: by device, by address, and by who was claimed. Only a keyed
    hash of either.
    """

    desk = models.ForeignKey(HelpDesk, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=64)
    wrong = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField()
    locked_until = models.DateTimeField(null=True)
    was_right = models.BooleanField(default=False, db_default=False)
    """No count: from this address somebody proved to be this person."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["desk", "key"], name="one_count_of_tries")]
