"""Mails of the sign-in that a demo keeps instead of sending."""

from django.db import models


class DemoMail(models.Model):
    """A mail that belongs to no ticket: a sign-in code. One row per recipient."""

    recipient = models.EmailField(max_length=320)
    subject = models.CharField(max_length=998)
    raw = models.BinaryField()
    kept_at = models.DateTimeField(db_index=True)
