"""Accounts of a sign-in provider, and whose they are here."""

from django.db import models

from deskbook.people.models import User


class ProviderAccount(models.Model):
    """By the provider's own name for it, which it gives to nobody else: addresses change hands."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    issuer = models.CharField(max_length=500)
    subject = models.CharField(max_length=255)
    """OpenID Connect Core 1.0, 2: at most 255 characters."""
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["issuer", "subject"], name="one_person_per_account"),
            models.UniqueConstraint(fields=["user", "issuer"], name="one_account_per_person"),
        ]
