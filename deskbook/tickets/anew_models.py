"""Which version of the program counted last."""

from django.db import models


class CountedBy(models.Model):
    """One row: by which engine the due times of open tickets were worked out last, to the end."""

    version = models.CharField(max_length=255)
    """The mark of its code and calendars; of older versions the name of their newest migration."""
    at = models.DateTimeField()
