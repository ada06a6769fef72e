"""Why jobs failed."""

from django.db import models


class JobFailure(models.Model):
    """What a job said when it failed last; gone when it was done after all, or is no more."""

    job = models.BigIntegerField(primary_key=True)
    """Id of the job in its queue."""
    words = models.TextField()
    at = models.DateTimeField()
