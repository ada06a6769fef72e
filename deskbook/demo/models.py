"""What is shown on the phones and in the mailbox of a demo, and left the desk for nowhere."""

from django.db import models


class KeptMail(models.Model):
    """A mail that belongs to no desk: a sign-in code. One row per recipient."""

    recipient = models.EmailField(max_length=320)
    subject = models.CharField(max_length=998)
    raw = models.BinaryField()
    kept_at = models.DateTimeField(db_index=True)


class PhoneMessage(models.Model):
    """One WhatsApp message on a phone: what the service was given, or what somebody typed there."""

    wamid = models.CharField(max_length=255, unique=True)
    desk = models.CharField(max_length=50)
    """Key of the desk at the other end."""
    number = models.CharField(max_length=32)
    """Whose phone: digits only, as the service writes numbers."""
    from_desk = models.BooleanField(default=False)
    text = models.TextField(blank=True)
    form = models.CharField(max_length=12, default="text")
    data = models.BinaryField(null=True)
    content_type = models.CharField(max_length=255, blank=True)
    name = models.CharField(max_length=255, blank=True)
    media = models.CharField(max_length=64, blank=True, db_index=True)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["number", "at"], name="demo_phone_messages")]
