"""Codes people sign in by."""

from django.db import models

from deskbook.people.models import Agent, User


class SignInCode(models.Model):
    """A one-time code for a first sign-in. Only its hash is kept: a lost card is answered by a new
    code.
    """

    agent = models.OneToOneField(Agent, on_delete=models.CASCADE, related_name="sign_in_code")
    code_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    by_operator = models.BooleanField(default=False)
    """Made at the terminal: whoever runs the desk lets in whom they like, the owner of the book
    too.
    """


class CodeAsked(models.Model):
    """Somebody, known or not, asked for a code to be mailed to an address, and types it here."""

    mark = models.CharField(max_length=64)
    """Keyed hash of the address: what one person typed is found by it, and stays unread."""
    address = models.CharField(max_length=254, blank=True)
    """Until the mail has left, or never will."""
    language = models.CharField(max_length=8)
    asked_at = models.DateTimeField()
    user = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="+")
    """Who signs in by the code; known only to the job that mails it."""
    code_hash = models.CharField(max_length=64, blank=True)
    sent_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    """When the mail server last did not take it."""
    used_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    """Wrong codes typed here."""

    class Meta:
        indexes = [
            models.Index(fields=["mark", "-asked_at"], name="codes_by_address"),
            models.Index(fields=["asked_at"], name="codes_by_time"),
        ]
