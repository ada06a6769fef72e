"""Numbers whose people asked for nothing more by a way."""

from django.db import models

from deskbook.people.models import HelpDesk


class StoppedNumber(models.Model):
    """A number nobody is written to by a way, until its people ask for it again."""

    desk = models.ForeignKey(HelpDesk, on_delete=models.CASCADE, related_name="+")
    number = models.CharField(max_length=32)
    """As E.164; what else the way knows its people by, where they hide theirs."""
    way = models.CharField(max_length=16, default="sms", db_default="sms")
    """The channel's word."""
    stopped_at = models.DateTimeField()
    word = models.CharField(max_length=32, blank=True, default="", db_default="")
    """By which they asked, as they wrote it; empty where nobody kept it."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["desk", "way", "number"], name="one_row_per_stopped_number"
            )
        ]
