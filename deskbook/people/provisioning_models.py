"""People and groups as a directory keeps them here (SCIM 2, RFC 7643)."""

from uuid import uuid4

from django.db import models

from deskbook.people.models import User


class Provisioned(models.Model):
    """A person or group of the directory, in its own words."""

    class Kind(models.TextChoices):
        USER = "User"
        GROUP = "Group"

    key = models.UUIDField(primary_key=True, default=uuid4)
    kind = models.CharField(max_length=5, choices=Kind.choices)
    name = models.CharField(max_length=254)
    """The user name, or the group's: of its kind no other has it, however written."""
    document = models.JSONField()
    """What the directory says, without passwords."""
    user = models.OneToOneField(
        User, null=True, on_delete=models.SET_NULL, related_name="provisioned"
    )
    """Who this is here, where it is a person."""
    members = models.ManyToManyField("self", symmetrical=False, related_name="groups")
    """Of a group: its people."""
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint("kind", models.functions.Lower("name"), name="one_of_a_name")
        ]
        indexes = [models.Index(fields=["kind", "created_at", "key"], name="provisioned_in_order")]
