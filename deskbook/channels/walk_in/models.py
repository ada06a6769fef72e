"""Tables of the walk-in queue: days of a site, its counters and devices, tokens and every step they
made.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from deskbook.people.models import Agent, Contact, HelpDesk
from deskbook.tickets.models import Ticket


class SiteDay(models.Model):
    """One day of one site. Every step of its queue locks this row, so that the day has one order of
    events.
    """

    desk = models.ForeignKey(HelpDesk, on_delete=models.PROTECT, related_name="+")
    site = models.CharField(max_length=64)
    """The book's key."""
    on = models.DateField()
    numbers = models.JSONField(default=dict)
    """Letter → the last number given; each day begins again."""
    last_at = models.DateTimeField(null=True)
    """Of the newest step: no step is before the one it follows, whatever a machine's clock says."""
    ended_at = models.DateTimeField(null=True)
    """When somebody sent home who was still waiting."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["desk", "site", "on"], name="one_day_per_site")
        ]


class Kiosk(models.Model):
    """A device at a site that an agent let in: one that gives tokens, or one that shows whose turn
    it is.
    """

    class Kind(models.TextChoices):
        KIOSK = "kiosk"
        DISPLAY = "display"

    desk = models.ForeignKey(HelpDesk, on_delete=models.PROTECT, related_name="+")
    site = models.CharField(max_length=64)
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.KIOSK)
    number = models.PositiveSmallIntegerField()
    """Stands in the names of tokens it gives by itself: A2-05 is the fifth of kiosk 2."""
    name = models.CharField(max_length=80)
    prints = models.BooleanField(default=False)
    """There is a printer for paper of 80 mm at it."""
    added_by = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="+")
    pairing_hash = models.CharField(max_length=64, blank=True)
    pairing_until_at = models.DateTimeField(null=True)
    token_hash = models.CharField(max_length=64, blank=True)
    """Only the hash of what its cookie holds is kept."""
    revoked_at = models.DateTimeField(null=True)
    last_contact_at = models.DateTimeField(null=True)
    ahead = models.DurationField(null=True)
    """How far its clock was ahead of ours at the last contact."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["desk", "site", "number"], name="one_kiosk_per_number")
        ]

    def __str__(self) -> str:
        return self.name


class CounterSeat(models.Model):
    """An agent at a counter, and the services they call people for."""

    day = models.ForeignKey(SiteDay, on_delete=models.PROTECT, related_name="seats")
    counter = models.CharField(max_length=80)
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="+")
    services = ArrayField(models.CharField(max_length=64))
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["day", "counter"],
                condition=models.Q(until_at=None),
                name="one_agent_per_counter",
            )
        ]


class Token(models.Model):
    """Somebody's place in the queue for one service at one site on one day."""

    class State(models.TextChoices):
        WAITING = "waiting"
        CALLED = "called"
        ASIDE = "aside"
        """Called three times and not there; or, with no `called_at`, given by a kiosk that was cut
        off when none were given any more.
        """
        SERVED = "served"
        GIVEN_BACK = "given back"
        MOVED = "moved"
        """Goes on at another site."""
        UNSERVED = "unserved"
        """Still waiting when the day was ended."""

    day = models.ForeignKey(SiteDay, on_delete=models.PROTECT, related_name="tokens")
    service = models.CharField(max_length=64)
    code = models.CharField(max_length=16)
    """What the visitor reads: A007, or A2-05 when kiosk 2 gave it while the line was down."""
    key = models.CharField(max_length=64, unique=True)
    """Made by who asks: the same key again is the same token. Whoever knows it may follow the
    token.
    """
    taken_at = models.DateTimeField()
    """The place in the order: the smallest is next."""
    known_at = models.DateTimeField()
    """When the desk learnt of it; later than `taken_at` where a kiosk was cut off."""
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    counter = models.CharField(max_length=80, blank=True)
    """Where it was called to."""
    only_counter = models.CharField(max_length=80, blank=True)
    """Passed on to this counter: no other calls it."""
    calls = models.PositiveSmallIntegerField(default=0)
    called_at = models.DateTimeField(null=True)
    """First called."""
    last_called_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    language = models.CharField(max_length=8, default="en")
    kiosk = models.ForeignKey(Kiosk, null=True, on_delete=models.PROTECT, related_name="+")
    kiosk_seq = models.PositiveIntegerField(null=True)
    """The kiosk's own count of what it gave while it was cut off."""
    device = models.CharField(max_length=64, blank=True)
    """Hash of what the phone's cookie holds."""
    origin = models.CharField(max_length=64, blank=True)
    """Keyed hash of the address a phone took it from, until the token is done."""
    phone = models.CharField(max_length=32, blank=True)
    pen = models.CharField(max_length=32, blank=True)
    contact = models.ForeignKey(Contact, null=True, on_delete=models.SET_NULL, related_name="+")
    ticket = models.ForeignKey(Ticket, null=True, on_delete=models.PROTECT, related_name="+")
    follows = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    """The token of another site that this one goes on from."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["day", "code"], name="one_token_per_code"),
            models.UniqueConstraint(
                fields=["day", "counter"],
                condition=models.Q(state="called"),
                name="one_visitor_per_counter",
            ),
        ]
        indexes = [
            models.Index(
                fields=["day", "taken_at", "id"],
                condition=models.Q(state="waiting"),
                name="tokens_waiting",
            ),
            models.Index(
                fields=["origin"], condition=~models.Q(origin=""), name="tokens_by_origin"
            ),
            models.Index(fields=["day", "-last_called_at"], name="tokens_by_call"),
        ]

    def __str__(self) -> str:
        return self.code


class TokenStep(models.Model):
    """One step of a token. Append-only: a trigger refuses update and delete. Its ids are the order
    of the day.
    """

    token = models.ForeignKey(Token, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=16)
    at = models.DateTimeField()
    counter = models.CharField(max_length=80, blank=True)
    by = models.ForeignKey(Agent, null=True, on_delete=models.PROTECT, related_name="+")
    data = models.JSONField(default=dict)
