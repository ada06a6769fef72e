"""What is counted so that it can be limited."""

from django.db import models


class Tries(models.Model):
    """How often somebody tried something since an instant; web processes are several, so it is
    counted here.
    """

    key = models.CharField(max_length=120, unique=True)
    since_at = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)
