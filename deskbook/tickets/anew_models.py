"""Which version of the program counted last."""

from django.db import models


class CountedBy(models.Model):
    """One row: by which version the due times of open tickets were worked out last, to the end."""

    version = models.CharField(max_length=255)
    """Name of its newest migration: an engine that counts otherwise comes with one."""
    at = models.DateTimeField()
