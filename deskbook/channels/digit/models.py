"""Doors by which DIGIT's apps and gateways bring complaints, and the complaints that came by
them.
"""

from uuid import uuid4

from django.db import models

from deskbook.delivery.models import Connected
from deskbook.people.models import HelpDesk
from deskbook.tickets.models import Ticket


class DigitDoor(Connected):
    """Where the complaints of one tenant of DIGIT come in, and what its codes are here."""

    class Flavour(models.TextChoices):
        CAMPAIGN = "campaign"
        """Health campaigns (HCM): who complains is `user`, two states are open."""
        MUNICIPAL = "municipal"

    desk = models.ForeignKey(HelpDesk, on_delete=models.CASCADE, related_name="+")
    key = models.SlugField(max_length=40)
    """Stands in its address; never changed."""
    channel = models.CharField(max_length=60)
    """The book's key of the channel its complaints come by."""
    flavour = models.CharField(max_length=10, choices=Flavour.choices)
    tenant = models.CharField(max_length=64)
    services = models.JSONField(default=dict)
    """Service code → what a case of it is sorted by: facet, "severity" or "team" → value."""
    places = models.JSONField(default=dict)
    """The same of localities."""
    statuses = models.JSONField(default=dict)
    """Stage → applicationStatus, where the usual one is not meant."""
    people = models.JSONField(default=dict)
    """User name or uuid there → the id of who it is at this desk."""
    unsorted = models.JSONField(default=list)
    """Service codes that came and stand for nothing here."""
    token_hash = models.CharField(max_length=64)
    old_hash = models.CharField(max_length=64, blank=True, default="")
    """Of the token before, valid beside the new one until `old_until`."""
    old_until = models.DateTimeField(null=True)
    heard_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["desk", "key"], name="one_digit_door_of_a_key")
        ]


class DigitComplaint(models.Model):
    """A complaint as DIGIT knows it, and the case it is here. Unique by its mark: sent again it is
    one.
    """

    door = models.ForeignKey(DigitDoor, on_delete=models.PROTECT, related_name="complaints")
    ticket = models.OneToOneField(Ticket, on_delete=models.PROTECT, related_name="+")
    """The case it was opened as, for good: when that is erased, what stands here goes with it."""
    goes_on = models.ForeignKey(Ticket, null=True, on_delete=models.PROTECT, related_name="+")
    """The case that followed, once the one before was closed for good."""
    uuid = models.UUIDField(default=uuid4, unique=True)
    """DIGIT's `id`."""
    mark = models.CharField(max_length=100)
    """clientReferenceId, or SHA-256 of the request where it has none."""
    request_id = models.CharField(max_length=64)
    """serviceRequestId: the number the case was opened with, for good."""
    service_code = models.CharField(max_length=64)
    locality = models.CharField(max_length=100, blank=True)
    created_by = models.CharField(max_length=64, blank=True)
    """uuid there of who sent it."""
    service = models.JSONField()
    """As it came: it is given back whole."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["door", "mark"], name="one_row_per_digit_complaint")
        ]
        indexes = [models.Index(fields=["door", "request_id"], name="digit_complaints_by_number")]

    @property
    def case(self) -> Ticket:
        """The case by which it stands; that may have been merged into another."""
        return self.goes_on or self.ticket
